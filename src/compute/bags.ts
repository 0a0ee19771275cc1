import { openPool, type PooledExports, type PoolOptions } from './pool.ts';
import { allocateIn } from './wasm.ts';

/** A table of rows in float32, row-major. */
export interface Table {
  readonly rows: number;
  readonly dims: number;
  readonly values: Float32Array;
}

/** Numbers of rows of a table with their weights, bag after bag. */
export interface Bags {
  readonly members: Int32Array;
  /** One a member. */
  readonly weights: Float32Array;
  /** Where each bag's members end. */
  readonly ends: Uint32Array;
}

/** Means of rows of one table. */
export interface BagMeans {
  /**
   * For each bag the weighted sum of its rows, scaled to length one; zeros where it is empty or its
   * rows cancel out. The same to the bit on any number of threads.
   */
  means(bags: Bags): Promise<Float32Array>;
  close(): Promise<void>;
}

interface BagsExports extends PooledExports {
  allocate(bytes: number): number;
  release(address: number): void;
  means(...args: readonly number[]): void;
}

/** Copies the table once: 4 bytes a number, with each row padded to four numbers. */
export async function openBagMeans(table: Table, options: PoolOptions = {}): Promise<BagMeans> {
  const { rows, dims, values } = table;
  const pool = await openPool<BagsExports>('bags', options);
  const { exports } = pool;
  const width = 4 * Math.ceil(dims / 4);
  const stride = 4 * width;
  try {
    const start = allocateIn(exports, rows * stride, `a table of ${rows} × ${dims}`);
    const memory = new Float32Array(exports.memory.buffer, start, rows * width);
    if (width === dims) memory.set(values);
    else {
      for (let row = 0; row < rows; row += 1) {
        memory.set(values.subarray(row * dims, (row + 1) * dims), row * width);
      }
    }
    return {
      async means({ members, weights, ends }) {
        const bags = ends.length;
        const what = `${bags} means of ${dims} dimensions`;
        const at = {
          members: allocateIn(exports, members.byteLength, what),
          weights: allocateIn(exports, weights.byteLength, what),
          ends: allocateIn(exports, ends.byteLength, what),
          out: allocateIn(exports, bags * stride, what),
        };
        const { buffer } = exports.memory;
        new Int32Array(buffer, at.members, members.length).set(members);
        new Float32Array(buffer, at.weights, weights.length).set(weights);
        new Uint32Array(buffer, at.ends, bags).set(ends);
        try {
          await pool.run('means', start, stride, at.members, at.weights, at.ends, bags, at.out);
          return copyRows(
            new Float32Array(exports.memory.buffer, at.out, bags * width),
            width,
            dims,
          );
        } finally {
          exports.release(at.members);
        }
      },
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** The first `dims` of every `width` numbers, in memory of their own. */
function copyRows(padded: Float32Array, width: number, dims: number): Float32Array {
  if (width === dims) return Float32Array.from(padded);
  const rows = padded.length / width;
  const plain = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row += 1) {
    plain.set(padded.subarray(row * width, row * width + dims), row * dims);
  }
  return plain;
}
