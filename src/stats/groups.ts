import { mix } from '../base/random.ts';

/**
 * Rows are dealt to GROUPS groups by a seeded hash of what they are, never by where they stand: files
 * are sorted by topic, and contiguous groups would differ by topic. Intervals come from leaving out
 * one group at a time.
 */
export const GROUPS = 32;

/** Fewer occupied groups than this say nothing about the spread. */
export const MIN_GROUPS = 8;

export const groupOf = (contentHash: number, occurrence: number, seed: number): number =>
  mix(seed, contentHash, occurrence) % GROUPS;

/** Rows in each group. */
export function groupSizes(groups: Uint8Array): Int32Array {
  const sizes = new Int32Array(GROUPS);
  for (const group of groups) sizes[group]! += 1;
  return sizes;
}

/** How many groups have rows. */
export function occupiedGroups(sizes: ArrayLike<number>): number {
  let occupied = 0;
  for (let g = 0; g < sizes.length; g += 1) if (sizes[g]! > 0) occupied += 1;
  return occupied;
}
