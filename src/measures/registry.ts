import { attributeCoverage } from './against/attribute-coverage.ts';
import { authenticity } from './against/authenticity.ts';
import { cellCoverage } from './against/cell-coverage.ts';
import { contamination } from './against/contamination.ts';
import { coveringRadius } from './against/covering-radius.ts';
import { energyDistance } from './against/energy-distance.ts';
import { facilityLocation } from './against/facility-location.ts';
import { frechet } from './against/frechet.ts';
import { kid } from './against/kid.ts';
import { mauve } from './against/mauve.ts';
import { novelty } from './against/novelty.ts';
import { prdc } from './against/prdc.ts';
import { slicedWasserstein } from './against/sliced-wasserstein.ts';
import { unseenCells } from './against/unseen-cells.ts';
import { QUADRATIC } from './artefacts.ts';
import { ifd } from './complexity/ifd.ts';
import { perplexity } from './complexity/perplexity.ts';
import { surprisal } from './complexity/surprisal.ts';
import { tokens } from './complexity/tokens.ts';
import { attributes } from './diversity/attributes.ts';
import { clusterEntropy } from './diversity/cluster-entropy.ts';
import { clusterShape } from './diversity/cluster-shape.ts';
import { compression } from './diversity/compression.ts';
import { covariance } from './diversity/covariance.ts';
import { dcscore } from './diversity/dcscore.ts';
import { distinct } from './diversity/distinct.ts';
import { diversityCoefficient } from './diversity/diversity-coefficient.ts';
import { extremes } from './diversity/extremes.ts';
import { hdD } from './diversity/hd-d.ts';
import { kCentre } from './diversity/k-centre.ts';
import { magnitude } from './diversity/magnitude.ts';
import { meanDistance } from './diversity/mean-distance.ts';
import { mtld } from './diversity/mtld.ts';
import { nearDuplicates } from './diversity/near-duplicates.ts';
import { nnDistance } from './diversity/nn-distance.ts';
import { novelsum } from './diversity/novelsum.ts';
import { pairwiseJaccard } from './diversity/pairwise-jaccard.ts';
import { rke, rkeRbf } from './diversity/rke.ts';
import { rougeL } from './diversity/rouge-l.ts';
import { selfBleu } from './diversity/self-bleu.ts';
import { selfRepetition } from './diversity/self-repetition.ts';
import { span } from './diversity/span.ts';
import { templateRate } from './diversity/template-rate.ts';
import { tokenEntropy } from './diversity/token-entropy.ts';
import { unseenLabels } from './diversity/unseen-labels.ts';
import { unseenRows } from './diversity/unseen-rows.ts';
import { unseenWords } from './diversity/unseen-words.ts';
import { vendi } from './diversity/vendi.ts';
import { vendiRbf } from './diversity/vendi-rbf.ts';
import type { About, Axis, Measure, Plainest, Section } from './measure.ts';
import { agreement } from './quality/agreement.ts';
import { qualityColumn } from './quality/column.ts';
import { correct } from './quality/correct.ts';
import { qualityModel } from './quality/model.ts';
import { passAtK } from './quality/pass-at-k.ts';
import { rulesLanguage } from './quality/rules-language.ts';
import { archiveCoverage } from './tradeoff/archive-coverage.ts';
import { pareto } from './tradeoff/pareto.ts';
import { qdScore } from './tradeoff/qd-score.ts';
import { TRAIT_FAMILIES } from './trait-list.ts';

/** Every family, in the order of tables. A new measure is one file and one line here. */
export const FAMILIES: readonly Measure[] = [
  vendi,
  vendiRbf,
  rke,
  rkeRbf,
  dcscore,
  magnitude,
  covariance,
  meanDistance,
  span,
  kCentre,
  diversityCoefficient,
  nnDistance,
  nearDuplicates,
  extremes,
  novelsum,
  clusterEntropy,
  clusterShape,
  unseenRows,
  unseenLabels,
  distinct,
  tokenEntropy,
  hdD,
  mtld,
  selfBleu,
  selfRepetition,
  rougeL,
  pairwiseJaccard,
  compression,
  templateRate,
  unseenWords,
  prdc,
  cellCoverage,
  mauve,
  unseenCells,
  coveringRadius,
  facilityLocation,
  frechet,
  kid,
  energyDistance,
  slicedWasserstein,
  novelty,
  authenticity,
  contamination,
  ...TRAIT_FAMILIES,
  correct,
  agreement,
  passAtK,
  rulesLanguage,
  tokens,
  surprisal,
  perplexity,
  ifd,
  qdScore,
  archiveCoverage,
  pareto,
];

/** Families of a column, which their ids name after a colon. One line for a new one. */
export const FAMILIES_OF_COLUMN: readonly ((column: string) => Measure)[] = [
  attributes,
  attributeCoverage,
  qualityColumn,
];

/** Families of a model that reads the rows, which their ids name after a colon. */
export const FAMILIES_OF_MODEL: Readonly<Record<string, (name: string) => Measure>> = {
  'quality.model': qualityModel,
};

export interface Listed extends About {
  readonly id: string;
  readonly at: Plainest;
  readonly axis: Axis;
  readonly section: Section | null;
  readonly family: Measure;
  /** The column that the id names; null for all others. */
  readonly column: string | null;
  /** The model that the id names; null for all others. */
  readonly model: string | null;
  /** Whether `--measures fast` computes it: nothing that is quadratic in the rows. */
  readonly fast: boolean;
}

const listed = (
  families: readonly Measure[],
  column: string | null = null,
  model: string | null = null,
): Listed[] =>
  families.flatMap((family) =>
    Object.entries(family.measures).map(([id, about]) => ({
      ...about,
      at: { ...family.at, ...about.at },
      id,
      axis: family.axis,
      section: family.section ?? null,
      family,
      column,
      model,
      fast: family.quadratic !== true && !family.needs.some((need) => QUADRATIC.has(need)),
    })),
  );

/** Every measure with what people read about it, but for those of a column. */
export const MEASURES: readonly Listed[] = listed(FAMILIES);

/** The measures of a column, with COLUMN in place of its name. */
export const COLUMN_MEASURES: readonly Listed[] = listed(
  FAMILIES_OF_COLUMN.map((make) => make('COLUMN')),
  'COLUMN',
);

/** The measures of a model, with NAME in place of its name. */
export const MODEL_MEASURES: readonly Listed[] = measuresOfModel('NAME');

/** The measures that a model of that name gives. */
export function measuresOfModel(name: string): Listed[] {
  return listed(
    Object.values(FAMILIES_OF_MODEL).map((make) => make(name)),
    null,
    name,
  );
}

export const ABOUT: Readonly<Record<string, Listed>> = Object.fromEntries(
  MEASURES.map((measure) => [measure.id, measure]),
);

const ofModels = new Map<string, Listed>();
const ofColumns = new Map<string, readonly Listed[]>();

/** The measure of that id, also where it names a column; undefined when there is none. */
export function findMeasure(id: string): Listed | undefined {
  if (Object.hasOwn(ABOUT, id)) return ABOUT[id];
  const colon = id.indexOf(':');
  const column = id.slice(colon + 1);
  if (colon < 0 || column === '') return undefined;
  if (Object.hasOwn(FAMILIES_OF_MODEL, id.slice(0, colon))) {
    const found = ofModels.get(id) ?? measuresOfModel(column).find((one) => one.id === id)!;
    ofModels.set(id, found);
    return found;
  }
  const known =
    ofColumns.get(column) ??
    listed(
      FAMILIES_OF_COLUMN.map((make) => make(column)),
      column,
    );
  ofColumns.set(column, known);
  return known.find((measure) => measure.id === id);
}

/** What people read about some measures, for rendering a report. */
export const aboutOf = (ids: readonly string[]): Readonly<Record<string, Listed>> =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const found = findMeasure(id);
      return found === undefined ? [] : [[id, found]];
    }),
  );
