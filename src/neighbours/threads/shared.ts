import { BLOCK_ROWS, type Vectors } from '../../compute/vectors.ts';
import type { RoundedRows } from './rounded.ts';

export interface WithRows {
  readonly rows: Vectors;
}

/** What the threads of a search share with the one that asks. Everything lies in shared buffers. */
export interface SharedSearch extends WithRows {
  /** −½‖x‖² of each; then scores are −½‖x − y‖². Null, where lengths are the same, for plain products. */
  readonly offsets: Float32Array | null;
  /** Room for the rows in bytes, where products of those are looked at first; then there are offsets. */
  readonly rounded: RoundedRows | null;
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

/** Which rows meet which: the members of every group meet each other and the group's visitors. */
export interface Meetings {
  /** Group g has members[groups[g]] … members[groups[g + 1] − 1], each row being in one group. */
  readonly groups: Int32Array;
  readonly members: Int32Array;
  /** Its visitors are visitors[starts[g]] … visitors[starts[g + 1] − 1]. */
  readonly starts: Int32Array;
  readonly visitors: Int32Array;
}

export const sharedFloats = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * length));
export const sharedInts = (length: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(4 * length));
export const sharedBytes = (length: number): Uint8Array =>
  new Uint8Array(new SharedArrayBuffer(length));
export const sharedShorts = (length: number): Uint16Array =>
  new Uint16Array(new SharedArrayBuffer(2 * length));
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

export function fillRows(to: Vectors, from: Vectors): void {
  for (const [b, block] of from.blocks.entries()) to.blocks[b]!.set(block);
}

export function sharedLists(n: number, width: number, extremes: boolean): Lists {
  return {
    scores: sharedFloats(n * width),
    rows: sharedInts(n * width),
    leastScores: sharedFloats(extremes ? n : 0),
    leastRows: sharedInts(extremes ? n : 0),
  };
}

/** Rows of numbers in blocks of BLOCK_ROWS, as Vectors are. */
export interface Blocks<Data extends Float32Array | Uint8Array> {
  readonly n: number;
  readonly dims: number;
  readonly blocks: readonly Data[];
}

/** Copies rows first…last−1, one after the other, to `to` from its row `place` on. */
export function copyRows<Data extends Float32Array | Uint8Array>(
  { blocks, dims }: Blocks<Data>,
  first: number,
  last: number,
  to: Data,
  place = 0,
): void {
  let at = place * dims;
  for (let row = first; row < last; ) {
    const start = row % BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS - start, last - row);
    const block = blocks[Math.floor(row / BLOCK_ROWS)]!;
    to.set(block.subarray(start * dims, (start + count) * dims), at);
    at += count * dims;
    row += count;
  }
}
