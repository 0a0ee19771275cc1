import { type ComputeOptions, cpu } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';
import { drawRows } from '../stats/draws.ts';
import { hillNumber } from '../stats/hill.ts';
import type { Rows } from './rows.ts';

/**
 * Vendi scores (order 1) of sets of rows put together. A set's density matrix is ρ = Σ x xᵀ / n over its
 * unit rows; those of a mixture are Σ w ρ, so what any mixture scores follows from sums of d × d matrices.
 */

/** What mixing two sets brings, in Vendi scores at n rows of each. */
export interface Mixtures {
  readonly n: number;
  /** The Vendi score of each set's n rows. */
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

/** Vendi scores by groups of rows: gamma = alpha × beta (Jost 2007, Ecology 88, at order 1). */
export interface Decomposition {
  /** exp S(Σ w ρ): of all groups together. */
  readonly gamma: number;
  /** exp Σ w S(ρ): the geometric mean of the groups' own. Never above gamma, as entropy is concave. */
  readonly alpha: number;
  /** gamma ÷ alpha: from 1, all groups alike, to exp H(w), groups that share no direction. */
  readonly beta: number;
}

/** gamma is the score of all groups together at these weights, which need not sum to one. */
export function decompose(
  gamma: number,
  groups: readonly { readonly score: number; readonly weight: number }[],
): Decomposition {
  let sum = 0;
  let total = 0;
  for (const { score, weight } of groups) {
    if (weight === 0) continue;
    sum += weight * Math.log(score);
    total += weight;
  }
  if (total === 0 || gamma === 0) return { gamma, alpha: gamma, beta: 1 };
  const mean = Math.exp(sum / total);
  // gamma is no less, rounding aside; where all groups are one it is that one's.
  const alpha = mean > gamma * (1 - ROUNDING) ? gamma : mean;
  return { gamma, alpha, beta: gamma / alpha };
}

const ROUNDING = 1e-12;

/** Some rows of a set. */
export interface RowPart {
  readonly unit: Vectors;
  readonly rows: Int32Array;
}

/**
 * n rows of each set are halved, and the first half of one is put to the second of the other and the other
 * way round: a set mixed with itself is itself. `draws` above one: means over so many draws of the rows of
 * sets that have more; else their first n in hash order.
 */
export async function mixturesOf(
  sets: readonly Pick<Rows, 'unit' | 'order'>[],
  n: number,
  options: ComputeOptions & { readonly draws?: number; readonly seed?: number },
): Promise<Mixtures> {
  const couples = sets.flatMap((_, a) => sets.slice(a + 1).map((__, i) => [a, a + 1 + i] as const));
  const { draws = 1, seed = 0 } = options;
  const several = draws > 1 && sets.some(({ order }) => order.length > n);
  const rounds = several ? draws : 1;
  const sums = new Float64Array(sets.length + 3 * couples.length);
  for (let draw = 0; draw < rounds; draw += 1) {
    const halves = sets.map(({ unit, order }) =>
      halved(unit, several ? drawn(order, n, seed, draw) : order.subarray(0, n)),
    );
    const unions: (readonly RowPart[])[] = [...halves];
    for (const [a, b] of couples) {
      const [x, y] = [halves[a]!, halves[b]!];
      unions.push([x[0], y[1]], [y[0], x[1]], [...x, ...y]);
    }
    for (const [i, score] of (await vendiScores(unions, options)).entries()) {
      sums[i]! += score / rounds;
    }
  }
  const own = sets.length;
  return {
    n,
    alone: Array.from(sums.subarray(0, own)),
    pairs: couples.map(([a, b], i) => {
      const [one, other, union] = sums.subarray(own + 3 * i, own + 3 * i + 3);
      return { a, b, union: union!, mixed: (one! + other!) / 2 };
    }),
    why: several
      ? `means over ${draws} draws of each; no interval was made`
      : 'one draw of each, halved once; no interval was made',
  };
}

const halved = (unit: Vectors, rows: Int32Array): readonly [RowPart, RowPart] => {
  const middle = Math.floor(rows.length / 2);
  return [
    { unit, rows: rows.subarray(0, middle) },
    { unit, rows: rows.subarray(middle) },
  ];
};

/** Drawn rows in hash order, so that halves of them are as random as the draw. */
function drawn(order: Int32Array, n: number, seed: number, draw: number): Int32Array {
  const chosen = new Set(drawRows(order, n, seed, draw));
  return order.filter((row) => chosen.has(row));
}

/** The Vendi score of each union of parts; parts that occur in several are multiplied once. */
export async function vendiScores(
  unions: readonly (readonly RowPart[])[],
  options: ComputeOptions,
): Promise<number[]> {
  const sizes = unions.map((parts) => matrixSize(parts));
  const scores: number[] = unions.map(() => 0);
  const grams = new Map<RowPart, Float64Array>();
  for (const size of new Set(sizes)) {
    const here = unions.flatMap((_, i) => (sizes[i] === size ? [i] : []));
    const matrices = (async function* make(): AsyncGenerator<Float64Array> {
      for (const i of here) yield await matrixOf(unions[i]!, grams, options);
    })();
    const spectra = await manyEigenvalues(matrices, size, { signal: options.signal });
    for (const [at, i] of here.entries()) scores[i] = vendiOf(spectra[at]!).score;
  }
  return scores;
}

const countRows = (parts: readonly RowPart[]): number =>
  parts.reduce((sum, { rows }) => sum + rows.length, 0);

/** Rows, or dimensions: both matrices have the same eigenvalues but for zeros, and the smaller is quicker. */
const matrixSize = (parts: readonly RowPart[]): number =>
  Math.min(countRows(parts), parts[0]?.unit.dims ?? 0);

async function matrixOf(
  parts: readonly RowPart[],
  grams: Map<RowPart, Float64Array>,
  options: ComputeOptions,
): Promise<Float64Array> {
  const { dims } = parts[0]!.unit;
  if (countRows(parts) < dims) return productsOf(parts, options);
  const total = new Float64Array(dims * dims);
  for (const part of parts) {
    const own = grams.get(part) ?? (await gramOf(part, options));
    grams.set(part, own);
    for (let i = 0; i < total.length; i += 1) total[i]! += own[i]!;
  }
  return total;
}

const TILE = 1024;

/** Σ x xᵀ, d × d. */
export async function gramOf(
  { unit, rows }: RowPart,
  { device = cpu }: ComputeOptions,
): Promise<Float64Array> {
  const { dims } = unit;
  const total = new Float64Array(dims * dims);
  for (let at = 0; at < rows.length; at += TILE) {
    const part = rows.subarray(at, at + TILE);
    const data = new Float32Array(part.length * dims);
    for (const [i, row] of part.entries()) data.set(rowOf(unit, row), i * dims);
    const product = await gram(device, data, dims);
    for (let i = 0; i < total.length; i += 1) total[i]! += product.gram[i]!;
  }
  return total;
}

/** x · y for every two of the rows: Σ x xᵀ of the matrix that has the rows as columns. */
export async function productsOf(
  parts: readonly RowPart[],
  { device = cpu }: ComputeOptions,
): Promise<Float64Array> {
  const n = countRows(parts);
  const dims = parts[0]?.unit.dims ?? 0;
  const data = new Float32Array(n * dims);
  let column = 0;
  for (const { unit, rows } of parts) {
    for (const row of rows) {
      const vector = rowOf(unit, row);
      for (let j = 0; j < dims; j += 1) data[j * n + column] = vector[j]!;
      column += 1;
    }
  }
  return (await gram(device, data, n)).gram;
}

/** exp of the entropy of the eigenvalues' shares, and their sum, rounding left out: the rows that point anywhere. */
export function vendiOf(eigenvalues: Float64Array): { score: number; weight: number } {
  const largest = eigenvalues.at(-1) ?? 0;
  const kept = eigenvalues.filter((value) => value > largest * 1e-13);
  const weight = kept.reduce((a, b) => a + b, 0);
  return {
    score: hillNumber(
      kept.map((value) => value / weight),
      1,
    ),
    weight,
  };
}
