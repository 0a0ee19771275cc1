/** Inputs of about the same length that go through a model together. */
export interface Batch {
  /** The length in tokens that every input is padded to. */
  readonly length: number;
  /** Which inputs, by their numbers, rising. */
  readonly inputs: readonly number[];
}

/**
 * Inputs are padded to a multiple of this many tokens. What an input is padded to depends on nothing
 * but the input: sums over padded rows are the same numbers in the same order whatever else is in the
 * batch, so its vector is the same to the last bit.
 */
const PADDING = 2;

/**
 * How many tokens a batch of an embedder holds, padding included. Larger batches leave the processor's cache, smaller
 * ones pay more for each call; padding to longer multiples wastes what it pads.
 */
const BUDGET = 1024;
/** As many where batches run side by side, and each has the cache of one core. */
export const BUDGET_OF_A_THREAD = 512;

/**
 * Groups inputs by padded length, the batches with most tokens first: memory is at its largest from the start, and where
 * batches run side by side those at the end, for which somebody waits, are the smallest. A batch holds `budget` tokens
 * at most, or one input.
 */
export function planBatches(lengths: ArrayLike<number>, budget = BUDGET): Batch[] {
  const buckets = new Map<number, number[]>();
  for (let input = 0; input < lengths.length; input++) {
    const length = PADDING * Math.max(1, Math.ceil(lengths[input]! / PADDING));
    const bucket = buckets.get(length);
    if (bucket) bucket.push(input);
    else buckets.set(length, [input]);
  }
  const batches: Batch[] = [];
  for (const [length, inputs] of [...buckets].sort(([a], [b]) => b - a)) {
    const rows = Math.max(1, Math.floor(budget / length));
    for (let from = 0; from < inputs.length; from += rows) {
      batches.push({ length, inputs: inputs.slice(from, from + rows) });
    }
  }
  const cost = ({ length, inputs }: Batch): number => length * inputs.length;
  return batches.sort((a, b) => cost(b) - cost(a));
}
