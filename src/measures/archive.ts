/** What rows are judged by, and where they stand: what measures of the trade-off are finished from. */

/** A number a row that says how good it is; larger is better. */
export interface Judged {
  /** What it is: 'column score', 'correct', 'minus quality.rules'. */
  readonly of: string;
  /** NaN where a row has none. */
  readonly numbers: Float64Array;
  /** What empty counts for: 0, or the lowest number there is where some are negative. */
  readonly floor: number;
}

/** One side of the grid. */
export interface CellAxis {
  readonly name: string;
  readonly kind: 'clusters' | 'bins' | 'values';
  readonly size: number;
  /** Where bins after the first begin. */
  readonly edges?: readonly number[];
  /** The values, in the order of their numbers. */
  readonly values?: readonly string[];
}

/** Cells of an archive (MAP-Elites; Mouret & Clune 2015), and the one that each row is in. */
export interface Cells {
  readonly axes: readonly CellAxis[];
  /** −1 where a descriptor is missing. */
  readonly labels: Int32Array;
  /** Cells in all, with rows or without. */
  readonly of: number;
}

/** What a front of rows is drawn in; larger is better in every column, NaN where a row has no number. */
export interface Objectives {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** Rows of each cell that has any. */
export function occupiedSizes({ labels }: Cells): readonly number[] {
  const sizes = new Map<number, number>();
  for (const label of labels) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return [...sizes.values()];
}
