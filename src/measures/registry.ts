import { authenticity } from './against/authenticity.ts';
import { cellCoverage } from './against/cell-coverage.ts';
import { coveringRadius } from './against/covering-radius.ts';
import { energyDistance } from './against/energy-distance.ts';
import { facilityLocation } from './against/facility-location.ts';
import { frechet } from './against/frechet.ts';
import { kid } from './against/kid.ts';
import { mauve } from './against/mauve.ts';
import { novelty } from './against/novelty.ts';
import { prdc } from './against/prdc.ts';
import { slicedWasserstein } from './against/sliced-wasserstein.ts';
import { QUADRATIC } from './artefacts.ts';
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
import { vendi } from './diversity/vendi.ts';
import { vendiRbf } from './diversity/vendi-rbf.ts';
import type { About, Axis, Measure, Section } from './measure.ts';

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
  prdc,
  cellCoverage,
  mauve,
  coveringRadius,
  facilityLocation,
  frechet,
  kid,
  energyDistance,
  slicedWasserstein,
  novelty,
  authenticity,
];

export interface Listed extends About {
  readonly id: string;
  readonly axis: Axis;
  readonly section: Section | null;
  readonly family: Measure;
  /** Whether `--measures fast` computes it: nothing that is quadratic in the rows. */
  readonly fast: boolean;
}

/** Every measure with what people read about it. */
export const MEASURES: readonly Listed[] = FAMILIES.flatMap((family) =>
  Object.entries(family.measures).map(([id, about]) => ({
    ...about,
    id,
    axis: family.axis,
    section: family.section ?? null,
    family,
    fast: family.quadratic !== true && !family.needs.some((need) => QUADRATIC.has(need)),
  })),
);

export const ABOUT: Readonly<Record<string, Listed>> = Object.fromEntries(
  MEASURES.map((measure) => [measure.id, measure]),
);
