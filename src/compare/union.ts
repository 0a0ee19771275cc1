import { type ComputeOptions, cpu } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { rowOf } from '../compute/vectors.ts';
import type { Rows } from '../measures/rows.ts';
import { hillNumber } from '../stats/hill.ts';
import type { Side } from './sides.ts';

/** What mixing two datasets brings, in Vendi scores at n rows of each. */
export interface UnionReport {
  readonly n: number;
  /** The Vendi score of each dataset's n rows. */
  readonly alone: readonly number[];
  readonly pairs: readonly {
    readonly a: number;
    readonly b: number;
    /** Of all 2n rows of both. */
    readonly union: number;
    /** Of n rows, half of them from each: what replacing half of one by the other brings, at equal n. */
    readonly mixed: number;
  }[];
  /** Why these numbers have no interval. */
  readonly why: string;
}

/**
 * Grams add up, so every union's spectrum is that of a d × d sum. Each dataset's n rows are halved, and
 * the first half of one is put to the second of the other and the other way round: a dataset mixed with
 * itself is itself.
 */
export async function unionsOf(
  sides: readonly Side[],
  n: number,
  options: ComputeOptions,
): Promise<UnionReport> {
  const { dims } = sides[0]!.rows.unit;
  const halves: (readonly [Float64Array, Float64Array])[] = [];
  for (const { rows } of sides) {
    const middle = Math.floor(n / 2);
    halves.push([
      await gramAt(rows, rows.order.subarray(0, middle), options),
      await gramAt(rows, rows.order.subarray(middle, n), options),
    ]);
  }
  const couples = sides.flatMap((_, a) =>
    sides.slice(a + 1).map((__, i) => [a, a + 1 + i] as const),
  );
  function* matrices(): Iterable<Float64Array> {
    for (const [first, second] of halves) yield plus(first, second);
    for (const [a, b] of couples) {
      yield plus(halves[a]![0], halves[b]![1]);
      yield plus(halves[b]![0], halves[a]![1]);
      yield plus(plus(...halves[a]!), plus(...halves[b]!));
    }
  }
  const spectra = await manyEigenvalues(matrices(), dims, { signal: options.signal });
  const scores = spectra.map(vendiOf);
  const own = sides.length;
  return {
    n,
    alone: scores.slice(0, own),
    pairs: couples.map(([a, b], i) => {
      const [one, other, union] = scores.slice(own + 3 * i, own + 3 * i + 3);
      return { a, b, union: union!, mixed: (one! + other!) / 2 };
    }),
    why: 'one draw of each dataset, halved once; no interval was made',
  };
}

export async function gramAt(
  rows: Rows,
  chosen: Int32Array,
  { device = cpu }: ComputeOptions,
): Promise<Float64Array> {
  const { dims } = rows.unit;
  const total = new Float64Array(dims * dims);
  const TILE = 1024;
  for (let at = 0; at < chosen.length; at += TILE) {
    const part = chosen.subarray(at, at + TILE);
    const data = new Float32Array(part.length * dims);
    for (const [i, row] of part.entries()) data.set(rowOf(rows.unit, row), i * dims);
    const product = await gram(device, data, dims);
    for (let i = 0; i < total.length; i += 1) total[i]! += product.gram[i]!;
  }
  return total;
}

const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]!);

/** exp of the entropy of the eigenvalues' shares; rounding below zero left out. */
export function vendiOf(eigenvalues: Float64Array): number {
  const largest = eigenvalues.at(-1) ?? 0;
  const kept = eigenvalues.filter((value) => value > largest * 1e-13);
  const sum = kept.reduce((a, b) => a + b, 0);
  return hillNumber(
    kept.map((value) => value / sum),
    1,
  );
}
