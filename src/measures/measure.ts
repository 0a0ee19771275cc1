import type { Device } from '../compute/device.ts';
import type { Artefacts } from './artefacts.ts';
import type { Value } from './value.ts';

export type { Value } from './value.ts';

/**
 * A measure is one number about a dataset. Measures that come out of the same computation form a
 * family; a family is one file that exports one object of this type, and one line in registry.ts.
 */
export type Axis = 'diversity' | 'quality' | 'complexity' | 'against' | 'tradeoff';

/** Part of an axis that tables show apart: what is about wording, about given attributes, about rules. */
export type Section = 'lexical' | 'attributes' | 'rules';

/** Names of the shared artefacts that a family is finished from; each is computed once per audit. */
export type Need = keyof Artefacts;

/** What people read about a measure: `gamut measures`, the report's explanations, the docs page. */
export interface About {
  /** A short name for tables: 'Vendi score'. */
  readonly title: string;
  /** One plain sentence that says what the number reads. */
  readonly reads: string;
  /** Smallest and largest value; 'n' is the number of rows, 'd' the dimensions, 'k' the clusters. */
  readonly range: readonly [number, number | 'n' | 'd' | 'k'];
  /** Whether a larger value means more or less of the axis (for `against`: closer to the reference). */
  readonly more: 'more' | 'less';
  /** Whether the expected value grows with the number of rows, so that only equal n compare. */
  readonly growsWithN: boolean;
  /**
   * Which rows it reads: 'space' those that --space says, of length one or as they are; 'unit' rows of
   * length one whatever the space, as its definition is by cosine. Absent where it reads no vectors.
   */
  readonly rows?: 'space' | 'unit';
  /** The unit, where there is one: 'nats', 'cosine distance'. */
  readonly unit?: string;
  /** The paper or the first use, short enough for a table. */
  readonly cite: string;
  /** Where its values on the plainest data are not its family's. */
  readonly at?: Plainest;
}

/**
 * What a measure says on the plainest data, from which its scale can be read. Measures against a
 * reference hold the rows against themselves.
 *
 *   one         a single row
 *   identical   rows that are all equal
 *   disjoint    rows that share nothing: at right angles, without a word or a value in common
 *   duplicated  such rows, each of them there several times
 *
 * No rows: never a value, for any measure. Vectors that are not finite never reach one.
 */
export type Plainest = { readonly [C in PlainCase]?: Plain };

export type PlainCase = 'one' | 'identical' | 'disjoint' | 'duplicated';

/**
 * A number; 'n', 'kinds' or 'd', the number of rows, of different rows, of dimensions; null, no value; 'same', what
 * one of each of the rows has; 'any', the default: it hangs on more than that.
 */
export type Plain = number | 'n' | 'kinds' | 'd' | 'same' | 'any' | null;

/** A range in numbers, on n rows of d dimensions in k clusters. */
export const rangeAt = (
  [low, high]: About['range'],
  sizes: { readonly n: number; readonly d: number; readonly k: number },
): readonly [number, number] => [low, typeof high === 'number' ? high : sizes[high]];

export interface MeasureContext {
  readonly signal?: AbortSignal | undefined;
  /** Default: the cpu. */
  readonly device?: Device | undefined;
  readonly seed: number;
  readonly settings: MeasureSettings;
}

/** The settings that change what a number means; all of them are in the report. */
export interface MeasureSettings {
  /** Cosine similarity from which two rows are near-duplicates. */
  readonly duplicateAt: number;
  /** σ of Gaussian kernels. */
  readonly bandwidth: number;
  /** Buckets that MAUVE counts rows in; null: a tenth of the rows of the smaller side. */
  readonly buckets: number | null;
}

export const DEFAULT_SETTINGS: MeasureSettings = {
  duplicateAt: 0.95,
  bandwidth: 1,
  buckets: null,
};

export interface Measure<N extends Need = Need> {
  /** The file's name, for people: 'vendi'. */
  readonly family: string;
  readonly axis: Axis;
  /** Absent: the axis's main table. */
  readonly section?: Section;
  readonly needs: readonly N[];
  /** Whether its own work outgrows the rows, though no artefact that it needs does. Default false. */
  readonly quadratic?: true;
  /** Its values on the plainest data; a measure may differ in its own `at`. */
  readonly at?: Plainest;
  /** Every id of the family with what people read about it, in the order of tables. */
  readonly measures: Readonly<Record<string, About>>;
  /**
   * Who makes the intervals. 'own', the default: `finish` gives one with each value, or says why there
   * is none. 'subsample': `finish` gives values as `unsure(…)`, and the audit measures the family again
   * on many draws of the rows (see stats/subsampling.ts); needs that are in INDIVISIBLE rule it out.
   */
  readonly interval?: 'own' | 'subsample';
  /** How the interval is made, for people, where `finish` does more than leave out a group of rows at a time. */
  readonly intervalBy?: string;
  /** Where other programs give another number, or none, and why. */
  readonly peers?: string;
  /** Rows of a draw at most that curves over n measure the family on, where its cost grows with their cube. */
  readonly mostDrawn?: number;
  /** Computes the whole family. Must give a value for every id it declares. */
  finish(
    inputs: Pick<Artefacts, N>,
    context: MeasureContext,
  ): Readonly<Record<string, Value>> | Promise<Readonly<Record<string, Value>>>;
  /**
   * The expected values on `n` of the rows, drawn without replacement, where they follow in closed
   * form; with n above the number of rows the extrapolation, where theory knows one. null, or no entry,
   * for ids that have neither: those are measured on draws. n is 1 at least.
   */
  rarefy?(
    inputs: Pick<Artefacts, N>,
    context: MeasureContext,
    n: number,
  ): Rarefied | Promise<Rarefied>;
}

/** Values of a family at another number of rows. */
export type Rarefied = Readonly<Record<string, number | null>>;

/** Declares a family; exists so that `finish` sees only the artefacts it asked for. */
export const family = <N extends Need>(measure: Measure<N>): Measure<N> => measure;
