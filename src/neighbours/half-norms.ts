import { allNegativeHalfNorms } from '../compute/kernels/tiles.ts';
import type { Vectors } from '../compute/vectors.ts';

/** ½‖y‖² of every target, and what a score must have added to it so that it orders by distance. */
export interface HalfNorms {
  readonly each: Float32Array;
  readonly largest: number;
  /** What all have in common, where they are the same but for rounding, as among unit rows; else 0. */
  readonly shared: number;
  /** −½‖y‖² where they differ; null where they do not, and products alone order by distance. */
  readonly offsets: Float32Array | null;
}

export function halfNorms(vectors: Vectors): HalfNorms {
  const offsets = allNegativeHalfNorms(vectors);
  const each = offsets.map((offset) => -offset);
  let [least, largest] = [Number.POSITIVE_INFINITY, 0];
  for (const norm of each) {
    least = Math.min(least, norm);
    largest = Math.max(largest, norm);
  }
  const same = largest - least <= SAME_NORM * least;
  return { each, largest, shared: same ? largest : 0, offsets: same ? null : offsets };
}

export function halfNorm(row: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j += 1) sum += row[j]! * row[j]!;
  return sum / 2;
}

/** Relative difference of squared lengths that float32 products of unit rows do not see anyway. */
const SAME_NORM = 1e-6;
