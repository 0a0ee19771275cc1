import { formatCount, formatNumber, formatRows, formatShare } from '../base/numbers.ts';
import { K } from '../measures/against/prdc.ts';
import type { Description } from './describe.ts';
import type { LengthReport } from './length.ts';
import type { QualityCurve } from './quality-curve.ts';
import type { DatasetReport, Finding, MeasureReport } from './report.ts';
import type { WhyReport } from './why/report.ts';

/**
 * What a colleague would say first, from the finished numbers: a sentence each, most serious first.
 * Thresholds are judgements about what is worth a person's attention, not tests; the sentence always
 * carries the number, so that the reader can judge otherwise. A report says "less diverse than the
 * reference", never "will generalise worse".
 */
export interface Facts {
  readonly dataset: DatasetReport;
  readonly reference: DatasetReport | null;
  readonly space: 'cosine' | 'euclidean';
  readonly measures: Readonly<Record<string, MeasureReport>>;
  readonly description: Description;
  /** Diversity against a rising quality threshold; null without one. */
  readonly curve: QualityCurve | null;
  readonly why: WhyReport;
  /** null or absent unless it was asked for. */
  readonly length?: LengthReport | null;
}

/** A reader wants a few sentences: never so many that none is read, nor fewer than say something. */
const [FEWEST, MOST] = [3, 7];
/** With fewer rows numbers say little, and a sentence would say too much. */
const FEW_ROWS = 50;

type Rule = (facts: Facts) => Finding | null;

export function findingsOf(facts: Facts): Finding[] {
  const said = (rules: readonly Rule[]): Finding[] =>
    rules.map((rule) => rule(facts)).filter((finding) => finding !== null);
  const found = said(RULES);
  if (found.length < FEWEST) found.push(...said(RESERVE).slice(0, FEWEST - found.length));
  const order = { problem: 0, notice: 1, good: 2 };
  return found.sort((a, b) => order[a.level] - order[b.level]).slice(0, MOST);
}

const diversityAgainstReference: Rule = ({ measures }) => {
  const compared = measures.vendi?.compared;
  if (!compared || compared.dataset === null || compared.reference === null) return null;
  const ratio = compared.dataset / compared.reference;
  const numbers = `it is as diverse as ${formatNumber(compared.dataset)} completely different rows, the reference as ${formatNumber(compared.reference)} (Vendi score, both at ${formatCount(compared.n)} rows)`;
  if (ratio >= 0.9) {
    const words = ratio > 1.1 ? 'More diverse than the reference' : 'As diverse as the reference';
    return { level: 'good', text: `${words}: ${numbers}.`, evidence: ['vendi'] };
  }
  return {
    level: ratio < 0.6 ? 'problem' : 'notice',
    text: `${ratio < 0.6 ? 'Much less' : 'Less'} diverse than the reference: ${numbers}.`,
    evidence: ['vendi'],
  };
};

const diversityAlone: Rule = ({ measures, reference }) => {
  const vendi = measures.vendi;
  if (reference !== null || vendi?.value == null || vendi.n < FEW_ROWS) return null;
  return {
    level: 'notice',
    text: `As diverse as ${formatNumber(vendi.value)} completely different rows would be (Vendi score of ${formatRows(vendi.n)}). Give a --reference to see whether that is much.`,
    evidence: ['vendi'],
  };
};

const duplicates: Rule = ({ measures, dataset, space, why }) => {
  const exact = dataset.exactDuplicates;
  // Rows as they are may point the same way and be far apart.
  const near = space === 'euclidean' ? null : measures['near-duplicates']?.value;
  if (near == null) {
    if (exact === 0) return null;
    return {
      level: exact >= 0.2 * dataset.rows ? 'problem' : 'notice',
      text: `${formatRows(exact)} (${formatShare(exact / dataset.rows)}) ${exact === 1 ? 'is' : 'are'} equal to an earlier one${dataset.kind === 'text' ? ' to the letter' : ''}.`,
      evidence: [],
      see: ['duplicates'],
    };
  }
  const copies =
    exact === 0
      ? ''
      : ` ${formatCount(exact)} ${exact === 1 ? 'row is' : 'rows are'} equal to an earlier one${dataset.kind === 'text' ? ' to the letter' : ''}.`;
  if (near < 0.01 && exact === 0) {
    return {
      level: 'good',
      text: 'Hardly any row repeats another.',
      evidence: ['near-duplicates'],
    };
  }
  return {
    level: near >= 0.2 ? 'problem' : 'notice',
    text: `${formatShare(near)} of the rows ${dataset.kind === 'text' ? 'say nearly the same as another row' : 'point nearly where another row does'}.${copies}${kept(why)}`,
    evidence: ['near-duplicates'],
    see: ['duplicates'],
  };
};

/** What keeping one row of each group would take away, and bring, where that is no small thing. */
function kept({ duplicates: { removable, groupCount }, influence }: WhyReport): string {
  if (influence === null || removable < FEW_ROWS) return '';
  const without = influence.without.find(({ what }) => what === 'duplicates');
  if (without === undefined || without.vendi < 1.02 * influence.vendi) return '';
  return ` One row kept of each of ${formatRows(groupCount, 'group')} would be ${formatCount(removable)} fewer, and a Vendi score of ${formatNumber(without.vendi)} instead of ${formatNumber(influence.vendi)}.`;
}

const templates: Rule = ({ description, measures }) => {
  const [first, second] = description.phrases;
  if (first === undefined || first.share < 0.08) return null;
  const more =
    second !== undefined && second.share >= 0.08
      ? `, ${formatShare(second.share)} “${second.phrase}”`
      : '';
  const plenty = first.share >= 0.15;
  const share = formatShare(first.share);
  return {
    level: plenty ? 'problem' : 'notice',
    text: plenty
      ? `Rows are built from templates: ${share} contain the words “${first.phrase}”${more}.`
      : `${share} of the rows share the words “${first.phrase}”${more}.`,
    evidence: measures['template-rate'] === undefined ? [] : ['template-rate'],
    see: ['templates', 'openings'],
  };
};

/** Coverage depends on how many rows there are: it is held against what as many rows of the reference's own kind would reach. */
const coverage: Rule = ({ measures, description, dataset, reference }) => {
  const covered = measures.coverage?.value;
  if (covered == null || reference === null) return null;
  const expected = expectedCoverage(dataset.rows, reference.rows);
  const share = formatShare(covered);
  if (covered >= 0.8 * expected) {
    const enough =
      expected < 0.8 ? `, as much as ${formatRows(dataset.rows)} of its own kind would` : '';
    return {
      level: 'good',
      text: `Covers ${share} of the reference${enough}.`,
      evidence: ['coverage'],
    };
  }
  const missing = description.uncovered.slice(0, 3).map(({ name }) => `“${name}”`);
  const what = missing.length === 0 ? '' : ` Missing above all: ${missing.join('; ')}.`;
  return {
    level: covered < 0.5 * expected ? 'problem' : 'notice',
    text: `Covers only ${share} of the reference, where as many rows of its own kind would cover ${formatShare(expected)}.${what}`,
    evidence: ['coverage', 'cell-coverage'],
    see: ['uncovered'],
  };
};

/**
 * Share of m reference rows that n more draws from their own source would cover. A ball holds the K
 * nearest of the others; that none of n draws comes before the K-th of m has about the chance
 * (1 + n/m)^−K.
 */
const expectedCoverage = (n: number, m: number): number => 1 - (1 + n / m) ** -K;

const outside: Rule = ({ measures }) => {
  const precision = measures.precision?.value;
  if (precision == null || precision >= 0.7) return null;
  return {
    level: 'notice',
    text: `${formatShare(1 - precision)} of the rows lie where the reference has none: new territory, or off the subject.`,
    evidence: ['precision'],
  };
};

const concentration: Rule = ({ measures, description, dataset }) => {
  const largest = description.clusters[0];
  const effective = measures['effective-clusters']?.value;
  const k = description.clusters.length;
  if (largest === undefined || effective == null || k < 3 || dataset.rows < FEW_ROWS) return null;
  if (largest.share < Math.max(0.25, 2 / k) && effective > 0.5 * k) return null;
  return {
    level: largest.share >= 0.5 ? 'problem' : 'notice',
    text: `The rows crowd into few themes: the largest cluster (“${largest.name}”) holds ${formatShare(largest.share)}; ${formatCount(k)} clusters are as even as ${formatNumber(effective)} equal ones.`,
    evidence: ['effective-clusters', 'cluster-entropy'],
    see: ['clusters'],
  };
};

/** Differences from the reference that are gone once rows are equally long. */
const lengths: Rule = ({ length }) => {
  const gone = Object.entries(length?.measures ?? {}).filter(([, { pairs }]) =>
    pairs.some(({ goesWithLength }) => goesWithLength),
  );
  const [here, there] = length?.sets ?? [];
  if (gone.length === 0 || here === undefined || there === undefined) return null;
  const titles = gone.slice(0, 4).map(([, { title }]) => title);
  const more = gone.length > titles.length ? ` and ${gone.length - titles.length} more` : '';
  const one = gone.length === 1;
  return {
    level: 'notice',
    text: `The ${one ? 'difference' : 'differences'} in ${titles.join(', ')}${more} ${one ? 'goes' : 'go'} with length (a row has ${formatNumber(here.words.mean)} words here, ${formatNumber(there.words.mean)} in the reference): ${one ? 'it vanishes or turns' : 'they vanish or turn'} round once rows are equally long.`,
    evidence: gone.slice(0, 4).map(([id]) => id),
  };
};

const longTexts: Rule = ({ dataset }) => {
  const { long, rows } = dataset;
  if (long === null || long.rows === 0) return null;
  const treatment =
    long.treatment === 'mean'
      ? 'a vector is then the mean of those of the parts'
      : 'the rest was not read';
  return {
    level: 'notice',
    text: `${formatRows(long.rows)} (${formatShare(long.rows / rows)}) ${long.rows === 1 ? 'is' : 'are'} longer than the ${long.maxTokens} tokens the model reads at once; ${treatment}.`,
    evidence: [],
    see: ['lengths'],
  };
};

const qualityFilter: Rule = ({ curve }) => {
  if (curve === null) return null;
  const level = curve.verdict === 'costs' ? 'notice' : 'good';
  return { level, text: curve.answer, evidence: ['vendi'], see: ['quality'] };
};

const evenClusters: Rule = ({ measures, description }) => {
  const effective = measures['effective-clusters']?.value;
  const [largest] = description.clusters;
  const k = description.clusters.length;
  if (effective == null || largest === undefined || k < 3) return null;
  return {
    level: effective > 0.7 * k ? 'good' : 'notice',
    text: `${formatCount(k)} clusters are as even as ${formatNumber(effective)} equal ones; the largest (“${largest.name}”) holds ${formatShare(largest.share)}.`,
    evidence: ['effective-clusters'],
    see: ['clusters'],
  };
};

const usualLengths: Rule = ({ dataset: { tokens } }) =>
  tokens === null
    ? null
    : {
        level: 'notice',
        text: `A row has ${formatNumber(tokens.mean)} tokens on average, ${formatNumber(tokens.median)} in the middle, ${formatNumber(tokens.max)} at most.`,
        evidence: [],
        see: ['lengths'],
      };

const keptRules: Rule = ({ measures }) => {
  const kept = measures['quality.rules']?.value;
  if (kept == null) return null;
  return {
    level: kept >= 0.9 ? 'good' : 'notice',
    text: `${formatShare(kept)} of the rows keep all the rules by which others filter such data.`,
    evidence: ['quality.rules'],
  };
};

const usualDistance: Rule = ({ measures }) => {
  const distance = measures['mean-distance']?.value;
  if (distance == null) return null;
  return {
    level: 'notice',
    text: `Two rows drawn at random lie ${formatNumber(distance)} apart in cosine distance, where 0 is the same direction and 1 nothing in common.`,
    evidence: ['mean-distance'],
  };
};

/** What is said where nothing else is. */
const RESERVE: readonly Rule[] = [evenClusters, keptRules, usualDistance, usualLengths];

const RULES: readonly Rule[] = [
  diversityAgainstReference,
  coverage,
  duplicates,
  templates,
  concentration,
  qualityFilter,
  diversityAlone,
  lengths,
  outside,
  longTexts,
];
