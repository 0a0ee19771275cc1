import { BLOCK_ROWS, type Vectors } from '../vectors.ts';

/**
 * Passes over all pairs of two sets go tile by tile: some queries × many targets a product, which
 * stays inside the runtime. What such a pass holds beside its inputs and results is known beforehand.
 */
export interface Tile {
  /** The row number of its first row. */
  readonly first: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/** Rows of queries in a tile; divides BLOCK_ROWS, so that a tile of queries is never a copy. */
export const QUERY_ROWS = 512;

/** Rows of targets where each query's tile is reduced to one number: 8 MB of products stay in cache. */
export const TARGET_ROWS = 4096;

/**
 * Consecutive rows, `rows` at a time. Where a tile spans blocks that lie apart it is a copy, whose place
 * the next tile takes: memory that is touched for the first time costs more than the copying.
 */
export function* tilesOf(vectors: Vectors, rows: number): Iterable<Tile> {
  let room = new Float32Array(0);
  for (let first = 0; first < vectors.n; first += rows) {
    const count = Math.min(rows, vectors.n - first);
    yield { first, rows: count, data: rowsFrom(first, count) };
  }

  function rowsFrom(first: number, count: number): Float32Array {
    const { blocks, dims } = vectors;
    const b = Math.floor(first / BLOCK_ROWS);
    const start = (first % BLOCK_ROWS) * dims;
    const length = count * dims;
    const block = blocks[b]!;
    if (start + length <= block.length) return block.subarray(start, start + length);
    if (room.length < length) room = new Float32Array(length);
    const joined = room.subarray(0, length);
    joined.set(block.subarray(start));
    for (let at = block.length - start, next = b + 1; at < length; next += 1) {
      const part = blocks[next]!.subarray(0, length - at);
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}

/** −½‖y‖² of every row: added to x·y it orders rows by euclidean distance, nearest first. */
export function negativeHalfNorms(rows: Float32Array, dims: number): Float32Array {
  const norms = new Float32Array(dims === 0 ? 0 : rows.length / dims);
  const whole = dims - (dims % 4);
  for (let i = 0; i < norms.length; i += 1) {
    const start = i * dims;
    // Four sums at a time, so that none has to wait for the addition before it.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let j = start; j < start + whole; j += 4) {
      a += rows[j]! * rows[j]!;
      b += rows[j + 1]! * rows[j + 1]!;
      c += rows[j + 2]! * rows[j + 2]!;
      d += rows[j + 3]! * rows[j + 3]!;
    }
    for (let j = start + whole; j < start + dims; j += 1) a += rows[j]! * rows[j]!;
    norms[i] = -(a + b + (c + d)) / 2;
  }
  return norms;
}

/** The same of all rows of a set. */
export function allNegativeHalfNorms({ blocks, n, dims }: Vectors): Float32Array {
  const norms = new Float32Array(n);
  for (const [b, block] of blocks.entries()) {
    norms.set(negativeHalfNorms(block, dims), b * BLOCK_ROWS);
  }
  return norms;
}

/** The two sides of a pass over all pairs. */
export interface PairShape {
  readonly queries: number;
  readonly targets: number;
  readonly dims: number;
}

/**
 * Bytes of one tile of a pass: the products `copies` times over (once, and once more for every
 * operator that cannot work in place), the targets where they are joined, and both sides' norms.
 */
export function tileBytes(
  { queries, targets, dims }: PairShape,
  copies: number,
  targetRows = TARGET_ROWS,
): number {
  const q = Math.min(queries, QUERY_ROWS);
  const t = Math.min(targets, targetRows);
  const joined = t > BLOCK_ROWS ? t * dims : 0;
  return 4 * (copies * q * t + joined + q + t);
}
