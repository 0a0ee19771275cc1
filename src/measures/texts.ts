import type { NgramCounts, NgramLengths, NgramShares } from '../compute/ngram-counts.ts';

/**
 * What lexical measures are finished from. Words are what white space parts, as they are written; in
 * scripts without spaces between words each character is a word (see NgramUnit 'terms').
 */

/** A sample of texts, uniform, and the same whatever the order of the rows; all of them where they are few. */
export interface TextSample {
  /** Which rows, in the order of a seeded hash of their content. */
  readonly rows: Int32Array;
  readonly texts: readonly string[];
  /** The group of each, and how many are in each group. */
  readonly groups: Uint8Array;
  readonly sizes: Int32Array;
  /** Words as numbers from 0, text after text: those of text i end where those of text i + 1 start. */
  readonly words: Int32Array;
  readonly starts: Int32Array;
  /** How many different words there are. */
  readonly vocabulary: number;
  /** Rows that the sample is of. */
  readonly of: number;
}

/** Counts of the n-grams of all rows, n = 1 … 4. */
export interface Ngrams {
  readonly n: number;
  /** Rows in each group. */
  readonly sizes: Int32Array;
  /** By size, from 1. */
  readonly counts: readonly NgramCounts[];
  /** Of single words and of runs of four, group by group. */
  readonly shares: { readonly words: NgramShares; readonly fours: NgramShares };
}

/** What each sampled text has in common with all other rows of the dataset: 33 numbers a text. */
export interface Overlaps {
  readonly sample: TextSample;
  /** By size from 1: Σ min(count here, largest count in another row); at g what only group g has. */
  readonly matches: readonly Uint32Array[];
  /** Σ over the different 4-grams of the other rows that have it; at g those of group g. */
  readonly repetitions: Uint32Array;
  /** How long all rows are, in words. */
  readonly lengths: NgramLengths;
}

/** Sums over pairs of sampled texts by their two groups, 32 × 32. */
export interface TextPairs {
  readonly sample: TextSample;
  /** How many pairs were compared, and of how many. */
  readonly compared: number;
  readonly possible: number;
  readonly counts: Float64Array;
  /** ROUGE-L F1 of a pair, and Jaccard similarity of its sets of words. */
  readonly rouge: Float64Array;
  readonly jaccard: Float64Array;
}

/** Rows of the reference, all or a sample, and whether the dataset shares long runs of words with them. */
export interface SharedRuns {
  /** Which rows of the reference. */
  readonly rows: Int32Array;
  /** For each the groups of the dataset's rows that share one, a bit each. */
  readonly groups: Uint32Array;
}

/** How surprising each row is to a model of the reference's words. */
export interface Surprisals {
  /** Bits a word, one number a row; NaN for rows without words. */
  readonly bits: Float64Array;
  /** Rows of the reference that the model was trained on, and how many there are. */
  readonly trained: number;
  readonly of: number;
}
