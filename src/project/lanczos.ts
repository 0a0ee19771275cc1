import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { gaussian, type Random, random } from '../base/random.ts';
import { openPool, type Pool, type PooledExports } from '../compute/pool.ts';
import { allocateIn } from '../compute/wasm.ts';
import type { SparseGraph } from './fuzzy.ts';

/**
 * The eigenvectors of D^-½ A D^-½ with the largest eigenvalues below the trivial one, D^½·1: those of the
 * normalised Laplacian with the smallest. Lanczos with full orthogonalisation and thick restarts (Wu &
 * Simon 2000, SIAM J. Matrix Anal. Appl. 22): what converges is kept, and the small problem is solved
 * densely. The same graph and seed give the same bytes on any number of threads.
 */
export interface LeadingVectors {
  readonly values: Float64Array;
  /** Row-major: `wanted` unit vectors of n; largest eigenvalue first. */
  readonly vectors: readonly Float64Array[];
}

export interface LanczosOptions extends RunOptions {
  readonly seed: number;
  readonly threads?: number | undefined;
}

interface Exports extends PooledExports {
  allocate(bytes: number): number;
  chunkRows(): number;
  multiply(...args: readonly number[]): void;
  reduce(...args: readonly number[]): void;
  combine(...args: readonly number[]): void;
}

/** Vectors of the basis, and those kept at a restart beside the wanted ones. */
const BASIS = 40;
const KEPT_BESIDE = 12;
/** Length of A v − λ v at which a vector is good enough to start a map from, as in umap-learn. */
const TOLERANCE = 1e-4;
const MOST_RESTARTS = 60;
/** A new vector this short is rounding. */
const BREAKDOWN = 1e-10;
/** Below it telling threads of every step costs more than a second one saves. */
const ROWS_WORTH_THREADS = 10_000;

/** null when it does not converge. The graph must be connected, of more than BASIS rows. */
export async function leadingVectors(
  graph: SparseGraph,
  wanted: number,
  options: LanczosOptions,
): Promise<LeadingVectors | null> {
  const threads = graph.n < ROWS_WORTH_THREADS ? 1 : options.threads;
  const pool = await openPool<Exports>('spectral', { threads });
  try {
    return await iterate(pool, graph, wanted, options);
  } finally {
    await pool.close();
  }
}

/** Fewest rows for which the basis fits. */
export const LANCZOS_ROWS = 4 * BASIS;

async function iterate(
  pool: Pool<Exports>,
  graph: SparseGraph,
  wanted: number,
  { seed, signal, onProgress }: LanczosOptions,
): Promise<LeadingVectors | null> {
  const { n } = graph;
  const space = placed(pool, graph);
  const vector = (v: number): Float64Array =>
    new Float64Array(pool.exports.memory.buffer, space.basis + v * space.stride, n);
  // The first vector of the basis is the trivial one, never mixed into the others.
  space.fillTrivial(vector(0));
  const uniform = random(seed);
  fillRandom(vector(1), uniform);
  await orthogonalise(pool, space, 1);
  let kept = 0;
  const projected = Matrix.zeros(BASIS, BASIS);
  for (let restart = 0; restart < MOST_RESTARTS; restart += 1) {
    let rest = 0;
    for (let j = kept; j < BASIS; j += 1) {
      throwIfAborted(signal);
      const { address, basis, stride } = space;
      const [from, to] = [basis + (1 + j) * stride, basis + (2 + j) * stride];
      await pool.run('multiply', ...address, from, to, n);
      const { along, length } = await orthogonalise(pool, space, 2 + j);
      for (let i = 0; i <= j; i += 1) {
        projected.set(i, j, along[1 + i]!);
        projected.set(j, i, along[1 + i]!);
      }
      rest = length;
      if (length > BREAKDOWN) continue;
      // The basis spans all that a step can reach: go on from somewhere else.
      rest = 0;
      fillRandom(vector(2 + j), uniform);
      await orthogonalise(pool, space, 2 + j);
    }
    const { values, vectors } = descending(projected);
    const settled = (v: number): boolean => Math.abs(rest * vectors.get(BASIS - 1, v)) < TOLERANCE;
    let found = 0;
    while (found < wanted && settled(found)) found += 1;
    onProgress?.({ stage: 'start', done: found, total: wanted, unit: 'axes' });
    await breathe();
    kept = found === wanted ? wanted : wanted + KEPT_BESIDE;
    await restartFrom(pool, space, vectors, kept);
    if (found === wanted) {
      const leading = Array.from({ length: wanted }, (_, v) => vector(1 + v).slice());
      return { values: Float64Array.from(values.slice(0, wanted)), vectors: leading };
    }
    for (let i = 0; i < BASIS; i += 1) {
      for (let j = 0; j < BASIS; j += 1) {
        projected.set(i, j, i === j && i < kept ? values[i]! : 0);
      }
    }
  }
  return null;
}

function fillRandom(vector: Float64Array, uniform: Random): void {
  for (let i = 0; i < vector.length; i += 1) vector[i] = gaussian(uniform);
}

interface Space {
  /** Of the graph: offsets, columns, weights. */
  readonly address: readonly number[];
  readonly n: number;
  readonly basis: number;
  readonly stride: number;
  readonly coefficients: number;
  readonly sums: number;
  readonly chunks: number;
  /** Where restarts put the kept vectors before they take their place. */
  readonly spare: number;
  fillTrivial(vector: Float64Array): void;
}

function placed(pool: Pool<Exports>, { n, offsets, columns, weights }: SparseGraph): Space {
  const place = (bytes: number): number =>
    allocateIn(pool.exports, bytes, `the spectral start of ${n} rows`);
  const address = [place(4 * (n + 1)), place(4 * columns.length), place(4 * columns.length)];
  const stride = 8 * (n + (n % 2)) + 64;
  const chunks = Math.ceil(n / pool.exports.chunkRows());
  const space = {
    basis: place(stride * (BASIS + 2)),
    spare: place(stride * BASIS),
    coefficients: place(8 * BASIS * BASIS),
    sums: place(8 * chunks * (BASIS + 3)),
  };
  const { buffer } = pool.exports.memory;
  const degrees = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) degrees[i]! += weights[e]!;
  }
  new Int32Array(buffer, address[0], n + 1).set(offsets);
  new Int32Array(buffer, address[1], columns.length).set(columns);
  const scaled = new Float32Array(buffer, address[2], columns.length);
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) {
      scaled[e] = weights[e]! / Math.sqrt(degrees[i]! * degrees[columns[e]!]!);
    }
  }
  const total = degrees.reduce((sum, degree) => sum + degree, 0);
  return {
    ...space,
    address,
    n,
    stride,
    chunks,
    fillTrivial(vector) {
      for (let i = 0; i < n; i += 1) vector[i] = Math.sqrt(degrees[i]! / total);
    },
  };
}

/**
 * Makes vector `count` of the basis orthogonal to those before it, and of length one. Gives what it had
 * along each of them, and the length that was left.
 */
async function orthogonalise(
  pool: Pool<Exports>,
  { basis, stride, coefficients, n, sums, chunks }: Space,
  count: number,
): Promise<{ along: Float64Array; length: number }> {
  const { buffer } = pool.exports.memory;
  const to = basis + count * stride;
  const factors = new Float64Array(buffer, coefficients, count);
  const along = new Float64Array(count);
  let length = 0;
  factors.fill(0);
  // Twice is enough (Giraud et al. 2005); the third turn only measures what is left.
  for (let turn = 0; turn < 3; turn += 1) {
    await pool.run('reduce', basis, stride, count, coefficients, to, n, sums);
    const parts = new Float64Array(buffer, sums, chunks * (count + 1));
    factors.fill(0);
    length = 0;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const first = chunk * (count + 1);
      for (let v = 0; v < count; v += 1) factors[v]! += parts[first + v]!;
      length += parts[first + count]!;
    }
    if (turn < 2) for (let v = 0; v < count; v += 1) along[v]! += factors[v]!;
  }
  length = Math.sqrt(length);
  const vector = new Float64Array(buffer, to, n);
  if (length > 0) for (let i = 0; i < n; i += 1) vector[i]! /= length;
  return { along, length };
}

/** Puts the first `kept` Ritz vectors, and the vector that was next, behind the trivial one. */
async function restartFrom(
  pool: Pool<Exports>,
  { basis, stride, spare, coefficients, n }: Space,
  vectors: Matrix,
  kept: number,
): Promise<void> {
  const { buffer } = pool.exports.memory;
  const mix = new Float64Array(buffer, coefficients, kept * BASIS);
  for (let t = 0; t < kept; t += 1) {
    for (let v = 0; v < BASIS; v += 1) mix[t * BASIS + v] = vectors.get(v, t);
  }
  const first = basis + stride;
  await pool.run('combine', first, stride, BASIS, coefficients, spare, kept, n);
  const bytes = new Uint8Array(buffer);
  bytes.copyWithin(first + kept * stride, first + BASIS * stride, first + (BASIS + 1) * stride);
  bytes.copyWithin(first, spare, spare + kept * stride);
}

/** Eigenvalues from the largest down, their vectors as columns. */
function descending(matrix: Matrix): { values: number[]; vectors: Matrix } {
  const solved = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const order = solved.realEigenvalues
    .map((value, i) => ({ value, i }))
    .sort((a, b) => b.value - a.value || a.i - b.i);
  const { rows, columns } = matrix;
  const vectors = Matrix.zeros(rows, columns);
  for (const [to, { i }] of order.entries()) {
    for (let row = 0; row < rows; row += 1) {
      vectors.set(row, to, solved.eigenvectorMatrix.get(row, i));
    }
  }
  return { values: order.map(({ value }) => value), vectors };
}
