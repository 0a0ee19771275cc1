import { inputError, throwIfAborted } from '../base/errors.ts';
import { formatRows } from '../base/numbers.ts';
import type { Device } from '../compute/device.ts';
import type { Dataset } from '../data/row.ts';
import { subsetOf } from '../engine/artefacts.ts';
import { nameOf } from '../engine/collect.ts';
import { cutRows } from '../engine/cut.ts';
import type { InputOptions } from '../engine/inputs.ts';
import { traitsOf } from '../engine/traits.ts';
import type { MeasureContext, Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import type { Rows } from '../measures/rows.ts';
import type { Search } from '../neighbours/search-log.ts';
import { afterControl, type Controlled } from '../stats/control.ts';
import { matchLengths } from '../stats/matching.ts';
import { comparableOf, firstRows, measureSet } from './equal-n.ts';

/**
 * Longer rows differ more from each other, whatever they say, so a difference between datasets may be one
 * of length. Every measure again in two ways that take it away: on rows drawn so that all datasets have the same
 * distribution of lengths, and on texts cut to one number of words, rows with fewer left out. Everything is measured on `n` rows
 * of each dataset and without measures of clusters, which depend on the rows they were found in.
 */
export interface LengthReport {
  /** The dataset and the reference, or the datasets of a comparison: lists have an entry each, in this order. */
  readonly sets: readonly {
    readonly name: string;
    /** Words a row. */
    readonly words: { readonly mean: number; readonly median: number };
    /** The share of its rows that are longer than `cut`, and of those that are shorter, which are not cut but left out. */
    readonly longer: number;
    readonly shorter: number;
  }[];
  /** Rows of each that everything is measured on. */
  readonly n: number;
  /** Whether rows of equal lengths were found, and why not. */
  readonly matched: { readonly done: boolean; readonly why?: string };
  /** Words that texts were cut to: the smallest of the sets' lower quartiles. */
  readonly cut: number;
  readonly measures: Readonly<Record<string, LengthMeasure>>;
}

export interface LengthMeasure {
  readonly title: string;
  /** n rows of each, by chance; */
  readonly plain: readonly (number | null)[];
  /** … such that all have the same distribution of lengths; null where there are too few of these; */
  readonly matched: readonly (number | null)[] | null;
  /** … n that have `cut` words at least, by chance, cut to so many; null for what is not about wording or vectors. */
  readonly cut: readonly (number | null)[] | null;
  /** Every two sets that differ under the measure; none of measures of length itself. */
  readonly pairs: readonly LengthPair[];
}

export interface LengthPair {
  readonly a: number;
  readonly b: number;
  readonly matched: Controlled | null;
  readonly cut: Controlled | null;
  /** Whether the difference vanishes or turns round by either control. */
  readonly goesWithLength: boolean;
}

export interface ControlledSet {
  readonly name: string;
  readonly rows: Rows;
  /** Its measures with their intervals, whatever rows these are about; null where they have none. */
  readonly values: Readonly<Record<string, Value>> | null;
}

/** Fewer rows a set than this show nothing. */
const LEAST_ROWS = 24;

export function checkControl(dataset: Dataset): void {
  if (dataset.kind === 'text') return;
  throw inputError(
    `--control length needs texts, and ${nameOf(dataset)} holds vectors; leave it out.`,
  );
}

export async function controlLength(
  sets: readonly ControlledSet[],
  chosen: readonly Listed[],
  how: {
    readonly context: MeasureContext;
    readonly search: Search;
    readonly inputs: InputOptions & { readonly device: Device };
  },
): Promise<LengthReport> {
  const { context, search, inputs } = how;
  const alone = comparableOf(chosen);
  const lengths: Float64Array[] = [];
  for (const { rows } of sets) {
    const [words] = await traitsOf(rows, ['length.words'], context).of(['length.words']);
    lengths.push(words!);
  }
  const sorted = lengths.map((words) => words.toSorted());
  const cut = Math.max(1, Math.min(...sorted.map((words) => quartileOf(words))));
  // Texts with fewer words would stay of different lengths when the others are cut.
  const longEnough = sets.map(({ rows }, s) =>
    rows.order.filter((row) => lengths[s]![row]! >= cut),
  );
  const most = Math.min(...longEnough.map((rows) => rows.length));
  const pools = sets.map(({ rows }, s) => ({ lengths: lengths[s]!, order: rows.order }));
  const pairs = sets.length > 1 ? matchLengths(pools, most) : null;
  const enough = pairs !== null && pairs[0]!.length >= LEAST_ROWS;
  const n = enough ? pairs[0]!.length : most;

  const measure = async (all: readonly Rows[], of: readonly Listed[]): Promise<Values[]> => {
    const found: Values[] = [];
    for (const [s, rows] of all.entries()) {
      throwIfAborted(context.signal);
      inputs.onProgress?.({ stage: 'lengths', done: s, total: all.length, unit: 'sets' });
      found.push(await measureSet(rows, of, context, search));
    }
    return found;
  };
  const plainRows = sets.map(({ rows }) => firstRows(rows, n));
  // What is measured already need not be again.
  const known = (s: number): Values | null => (sets[s]!.rows.n === n ? sets[s]!.values : null);
  const plain: Values[] = [];
  for (const [s, rows] of plainRows.entries()) {
    plain.push(known(s) ?? (await measure([rows], alone))[0]!);
  }
  const matched = enough
    ? await measure(
        sets.map(({ rows }, s) => subsetOf(rows, pairs[s]!)),
        alone,
      )
    : null;
  const worded = alone.filter(isCut);
  const long = sets.map(({ rows }, s) => subsetOf(rows, longEnough[s]!.slice(0, n)));
  const short =
    worded.length === 0 || n === 0 ? null : await measure(await cutRows(long, cut, inputs), worded);

  return {
    sets: sets.map(({ name }, s) => ({
      name,
      words: {
        mean: lengths[s]!.reduce((a, b) => a + b, 0) / lengths[s]!.length,
        median: sorted[s]![Math.floor((sorted[s]!.length - 1) / 2)]!,
      },
      longer: lengths[s]!.filter((words) => words > cut).length / lengths[s]!.length,
      shorter: lengths[s]!.filter((words) => words < cut).length / lengths[s]!.length,
    })),
    n,
    matched: { done: enough, ...(enough ? {} : { why: whyNot(pairs) }) },
    cut,
    measures: Object.fromEntries(
      alone.map((one) => {
        const values = (all: readonly Values[] | null): (number | null)[] | null =>
          all?.map((set) => set[one.id]!.value) ?? null;
        const row = {
          title: one.title,
          plain: values(plain)!,
          matched: values(matched),
          cut: isCut(one) ? values(short) : null,
        };
        return [one.id, { ...row, pairs: isLength(one) ? [] : pairsOf(one.id, row, sets, n) }];
      }),
    ),
  };
}

type Values = Readonly<Record<string, Value>>;

/** Three quarters of the rows, at least, are so long. */
const quartileOf = (sorted: Float64Array): number => sorted[Math.floor((sorted.length - 1) / 4)]!;

function whyNot(pairs: readonly Int32Array[] | null): string {
  if (pairs === null) return 'needs a --reference';
  const { length } = pairs[0]!;
  return `their lengths hardly overlap: ${length === 0 ? 'no rows' : `only ${formatRows(length)}`} of each can be matched`;
}

/** A difference in length goes with length: that says nothing. */
const isLength = ({ id }: Listed): boolean => id.startsWith('length.');

/** Measures of wording and of vectors; columns, and what rules and traits read, are of whole texts. */
const isCut = ({ family }: Listed): boolean =>
  family.axis === 'diversity' && !family.needs.includes('columns');

function pairsOf(
  id: string,
  { plain, matched, cut }: Pick<LengthMeasure, 'plain' | 'matched' | 'cut'>,
  sets: readonly ControlledSet[],
  n: number,
): LengthPair[] {
  const noise = sets.map(({ values }) => noiseAt(values?.[id], n));
  const pairs: LengthPair[] = [];
  for (let a = 0; a < sets.length; a += 1) {
    for (let b = a + 1; b < sets.length; b += 1) {
      const [x, y] = [noise[a] ?? noise[b] ?? 0, noise[b] ?? noise[a] ?? 0];
      const gap = Math.hypot(x, y);
      const outcome = (after: readonly (number | null)[] | null): Controlled | null =>
        after === null ? null : afterControl([plain[a]!, plain[b]!], [after[a]!, after[b]!], gap);
      const found = { matched: outcome(matched), cut: outcome(cut) };
      if (found.matched === null && found.cut === null) continue;
      const goes = [found.matched, found.cut].some((one) => one === 'vanishes' || one === 'turns');
      pairs.push({ a, b, ...found, goesWithLength: goes });
    }
  }
  return pairs;
}

/** Half of a value's interval as it would be at n rows; null where it has none. */
function noiseAt(value: Value | undefined, n: number): number | null {
  if (value?.interval == null) return null;
  const [low, high] = value.interval;
  return ((high - low) / 2) * Math.sqrt(value.n / n);
}
