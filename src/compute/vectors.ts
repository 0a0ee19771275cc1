/**
 * Many vectors of one length, in blocks of a fixed number of rows, so that growing never copies and
 * kernels get tiles that fit a processor's cache. Row i lies in block ⌊i / BLOCK_ROWS⌋.
 */
export interface Vectors {
  readonly n: number;
  readonly dims: number;
  /** Row-major; every block but the last holds BLOCK_ROWS rows. */
  readonly blocks: readonly Float32Array[];
}

/** Rows in a block: also what embedding commits and kernels tile by. */
export const BLOCK_ROWS = 4096;

/** A view of row i. */
export function rowOf(vectors: Vectors, i: number): Float32Array {
  const start = (i % BLOCK_ROWS) * vectors.dims;
  return vectors.blocks[Math.floor(i / BLOCK_ROWS)]!.subarray(start, start + vectors.dims);
}

/** Row-major data as vectors; the blocks are views of it. */
export function vectorsOf(data: Float32Array, dims: number): Vectors {
  const blocks: Float32Array[] = [];
  for (let at = 0; at < data.length; at += BLOCK_ROWS * dims) {
    blocks.push(data.subarray(at, Math.min(at + BLOCK_ROWS * dims, data.length)));
  }
  return { n: dims === 0 ? 0 : data.length / dims, dims, blocks };
}

/** A copy of the rows at `indices`, in that order. */
export function selectRows(vectors: Vectors, indices: ArrayLike<number>): Vectors {
  const data = new Float32Array(indices.length * vectors.dims);
  for (let i = 0; i < indices.length; i += 1) {
    data.set(rowOf(vectors, indices[i]!), i * vectors.dims);
  }
  return vectorsOf(data, vectors.dims);
}

/** Scales every row of a row-major block to length one, in place. Rows of zeros stay zeros. */
export function normaliseRows(block: Float32Array, dims: number): void {
  for (let at = 0; at < block.length; at += dims) {
    let sum = 0;
    for (let j = at; j < at + dims; j += 1) sum += block[j]! * block[j]!;
    if (sum === 0) continue;
    const scale = 1 / Math.sqrt(sum);
    for (let j = at; j < at + dims; j += 1) block[j] = block[j]! * scale;
  }
}

/** ‖a − b‖² in float64: exact where float32 products lose near-duplicates to cancellation. */
export function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) {
    const difference = a[j]! - b[j]!;
    sum += difference * difference;
  }
  return sum;
}
