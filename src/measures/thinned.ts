import { selectRows, type Vectors } from '../compute/vectors.ts';
import { drawRows } from '../stats/draws.ts';
import { intervalFrom } from '../stats/jackknife.ts';
import { DRAWS, subsampleError } from '../stats/subsampling.ts';
import type { Rows } from './rows.ts';
import { missing, TOO_FEW, type Value } from './value.ts';

/**
 * Numbers that take the cube of the rows: exact up to THINNED_ROWS; above, so many sampled rows stand for
 * the whole, and the value is theirs and labelled with their number.
 */
export const THINNED_ROWS = 2048;

/** Rows of a draw that intervals are made from: the cube of few. */
const DRAW_ROWS = 320;
const DRAW_PART = 0.35;
const LEAST_ROWS = 24;

/**
 * An effective number of rows with its interval. Its logarithm is an entropy, whose spread over draws
 * falls with the root of their size; the number itself grows with n, so its own spread would not compare.
 */
export async function effectiveRows(
  rows: Rows,
  vectors: Vectors,
  seed: number,
  measure: (rows: Vectors) => Promise<number>,
): Promise<Value> {
  if (rows.n === 0) return missing(0, 'no rows');
  const chosen = rows.order.slice(0, THINNED_ROWS).sort();
  const n = chosen.length;
  const method = n === rows.n ? 'exact' : 'sampled';
  const value = await measure(selectRows(vectors, chosen));
  const size = Math.round(Math.min(DRAW_ROWS, DRAW_PART * n));
  if (size < LEAST_ROWS) return { value, interval: null, why: TOO_FEW, n, method };
  const logs: number[] = [];
  for (let d = 0; d < DRAWS; d += 1) {
    const drawn = drawRows(rows.order, size, seed, d);
    logs.push(Math.log(await measure(selectRows(vectors, drawn))));
  }
  const { error, groups } = subsampleError(logs, size, n)!;
  const [low, high] = intervalFrom(Math.log(value), error, groups, [0, Math.log(n)]);
  return { value, interval: [Math.exp(low), Math.exp(high)], n, method };
}
