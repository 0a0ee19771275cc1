import type { IndexReport, MeasureReport } from '../audit/report.ts';
import {
  decimalsOf,
  fixed,
  formatCount,
  formatNumber,
  formatRows,
  formatShare,
  MISSING,
  THIN,
} from '../base/numbers.ts';
import type { About, Axis, Section } from '../measures/measure.ts';

export { formatCount, formatNumber, formatRows, formatShare } from '../base/numbers.ts';

/** Measures that declare a unit of 'share…' are read in per cent. */
export const isShare = (about: About | undefined): boolean =>
  about?.unit?.startsWith('share') ?? false;

export function formatValue(value: number | null, about?: About): string {
  if (value === null) return MISSING;
  return isShare(about) ? formatShare(value) : formatNumber(value);
}

type Interval = readonly [low: number, high: number];

/** 'lo – hi', both with the decimals that the larger end needs and that tell the ends apart. */
export function formatInterval(interval: Interval, about?: About): string {
  const [low, high] = interval.map(within(interval, about));
  return isShare(about) ? `${low} – ${high}${THIN}%` : `${low} – ${high}`;
}

/** A difference or an effect, with the decimals of its interval: what is finer is noise. */
export function formatEffect(value: number, interval: Interval, about?: About): string {
  const words = within(interval, about)(value);
  return isShare(about) ? `${words}${THIN}%` : words;
}

/** How numbers of the size of an interval's ends are written, shares without their sign. */
function within([low, high]: Interval, about?: About): (value: number) => string {
  if (isShare(about)) {
    const decimals = (high - low) * 100 < 2 || high < 0.1 ? 1 : 0;
    return (value) => fixed(value * 100, decimals);
  }
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest !== 0 && (largest < 1e-4 || largest >= 1e9)) return formatNumber;
  let decimals = decimalsOf(largest);
  while (decimals < 6 && low !== high && low.toFixed(decimals) === high.toFixed(decimals)) {
    decimals += 1;
  }
  return (value) => fixed(value, decimals);
}

const TRENDS = {
  stable: 'Stable at this n.',
  rising: 'Still rising with n: compare only at equal n.',
  falling: 'Still falling with n: compare only at equal n.',
} as const;

/** Whether the value has levelled off, and what it is at other numbers of rows; null when not known. */
export function sizeWords({ size, n }: MeasureReport, about?: About): string | null {
  if (size === undefined) return null;
  const words: string[] = [];
  if (size.trend !== null) words.push(TRENDS[size.trend]);
  if (size.at !== undefined && size.at.n !== n) {
    const extrapolated = size.at.n > n ? ' (extrapolated)' : '';
    words.push(`At ${formatRows(size.at.n)}: ${formatValue(size.at.value, about)}${extrapolated}.`);
  }
  if (size.doubled !== undefined && size.trend !== 'stable') {
    words.push(`About ${formatValue(size.doubled, about)} at twice the rows.`);
  }
  return words.length === 0 ? null : words.join(' ');
}

interface AxisWords {
  readonly title: string;
  /** What more and less of the axis are called. */
  readonly more: string;
  readonly less: string;
  /** 'is … than the reference'. */
  readonly moreThan: string;
  readonly lessThan: string;
  readonly sameAs: string;
}

const WORDS: Readonly<Record<Axis, AxisWords>> = {
  diversity: {
    title: 'Diversity',
    more: 'more diverse',
    less: 'less diverse',
    moreThan: 'More diverse than',
    lessThan: 'Less diverse than',
    sameAs: 'About as diverse as',
  },
  quality: {
    title: 'Quality',
    more: 'better',
    less: 'worse',
    moreThan: 'Better than',
    lessThan: 'Worse than',
    sameAs: 'About as good as',
  },
  complexity: {
    title: 'Complexity',
    more: 'more complex',
    less: 'simpler',
    moreThan: 'More complex than',
    lessThan: 'Simpler than',
    sameAs: 'About as complex as',
  },
  against: {
    title: 'Against the reference',
    more: 'closer to the reference',
    less: 'farther from the reference',
    moreThan: 'Closer than',
    lessThan: 'Farther than',
    sameAs: 'About as close as',
  },
  tradeoff: {
    title: 'Trade-off',
    more: 'a better trade-off',
    less: 'a worse trade-off',
    moreThan: 'A better trade-off than',
    lessThan: 'A worse trade-off than',
    sameAs: 'About the trade-off of',
  },
};

const SECTION_TITLES: Readonly<Record<Section, string>> = {
  lexical: 'wording',
  attributes: 'attributes',
  rules: 'rules',
};

/** 'Diversity', 'Diversity of wording', 'Against the reference: attributes'. */
export const axisTitle = (axis: Axis, section: Section | null = null): string =>
  section === null
    ? WORDS[axis].title
    : `${WORDS[axis].title}${axis === 'diversity' ? ' of' : ':'} ${SECTION_TITLES[section]}`;

/** Which direction is more of the axis: 'higher is more diverse', 'lower is more diverse'. */
export const directionWords = (axis: Axis, more: 'more' | 'less'): string =>
  `${more === 'more' ? 'higher' : 'lower'} is ${WORDS[axis].more}`;

/** 'More diverse than', 'Worse than'. */
export const moreWords = (axis: Axis, more: boolean): string =>
  more ? WORDS[axis].moreThan : WORDS[axis].lessThan;

/** How much two numbers may differ, as a share of the larger, and still be called the same. */
const SAME = 0.02;

/**
 * The dataset beside the reference under one measure, in words: 'Less diverse than the reference at
 * the same 320 rows.', with both numbers where they are not the ones at this very n. null where
 * there is nothing to compare.
 */
export function comparisonWords(measure: MeasureReport, about?: About): string | null {
  const compared = measure.compared;
  if (!compared || compared.dataset === null || compared.reference === null) return null;
  const { dataset, reference, n } = compared;
  const words = WORDS[measure.axis];
  const within =
    n === measure.n &&
    measure.interval !== null &&
    reference >= measure.interval[0] &&
    reference <= measure.interval[1];
  const gap = Math.abs(dataset - reference);
  let relation = words.sameAs;
  if (!within && gap > SAME * Math.max(Math.abs(dataset), Math.abs(reference))) {
    relation = dataset > reference === (measure.more === 'more') ? words.moreThan : words.lessThan;
  }
  if (n === measure.n) return `${relation} the reference at the same ${formatCount(n)} rows.`;
  const numbers = `${formatValue(dataset, about)} to ${formatValue(reference, about)}`;
  return `${relation} the reference (${numbers} at ${formatCount(n)} rows each).`;
}

/** 'exact', or 'ivf, recall 98.5 % on 320 rows'. */
export function indexWords({ kind, recall, queries }: Omit<IndexReport, 'k'>): string {
  if (kind === 'exact') return kind;
  return `${kind}, recall ${formatShare(recall)} on ${formatRows(queries)}`;
}
