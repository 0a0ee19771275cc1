import { BLOCK_ROWS, rowOf, type Vectors } from '../../compute/vectors.ts';

/** What the threads of a search share with the one that asks. Everything lies in shared buffers. */
export interface SharedSearch {
  /** The rows, in the order in which they are searched. */
  readonly rows: Vectors;
  /** −½‖x‖² of each, where lengths differ: then scores are −½‖x − y‖², else plain products. */
  readonly offsets: Float32Array | null;
  /** Places in a row's list. */
  readonly width: number;
  /** Whether to keep the farthest row of every row too. */
  readonly extremes: boolean;
  /** Numbers that threads change while they work: see NEXT and the others. */
  readonly control: Int32Array;
}

/** In `control`: the next piece of work, pieces done, and whether to stop early. */
export const NEXT = 0;
export const DONE = 1;
export const STOP = 2;

/** Lists of all rows, best first: n × width scores and row numbers, EMPTY where there is none. */
export interface Lists {
  readonly scores: Float32Array;
  readonly rows: Int32Array;
  /** Where extremes are asked for: each row's smallest score, and whose it is. */
  readonly leastScores: Float32Array;
  readonly leastRows: Int32Array;
}

export const EMPTY = 0x7fffffff;

/** Rows from `first` on that go into a product together. */
export interface Panel {
  readonly first: number;
  readonly rows: number;
}

export const sharedFloats = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * length));
export const sharedInts = (length: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(4 * length));
export const sharedDoubles = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(8 * length));

/** Room for n rows, in blocks as Vectors has them. */
export function sharedRows(n: number, dims: number): Vectors {
  const blocks: Float32Array[] = [];
  for (let first = 0; first < n; first += BLOCK_ROWS) {
    blocks.push(sharedFloats(Math.min(BLOCK_ROWS, n - first) * dims));
  }
  return { n, dims, blocks };
}

/** Copies the rows at `order`, or all in their order. */
export function fillRows(to: Vectors, from: Vectors, order: Int32Array | null): void {
  if (order === null) {
    for (const [b, block] of from.blocks.entries()) to.blocks[b]!.set(block);
    return;
  }
  const { dims } = to;
  for (let i = 0; i < to.n; i += 1) {
    to.blocks[Math.floor(i / BLOCK_ROWS)]!.set(rowOf(from, order[i]!), (i % BLOCK_ROWS) * dims);
  }
}

export function sharedLists(n: number, width: number, extremes: boolean): Lists {
  return {
    scores: sharedFloats(n * width),
    rows: sharedInts(n * width),
    leastScores: sharedFloats(extremes ? n : 0),
    leastRows: sharedInts(extremes ? n : 0),
  };
}
