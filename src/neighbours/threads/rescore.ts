import { BLOCK_ROWS, rowOf, type Vectors } from '../../compute/vectors.ts';
import { sortPairs } from '../order.ts';
import { EMPTY, type Lists } from './shared.ts';

/** Where rescored neighbours go. */
export interface Rescored {
  readonly k: number;
  /** The order in which rows are taken, near ones together so that they are read once; null for any. */
  readonly order: Int32Array | null;
  readonly ids: Int32Array;
  readonly distances: Float64Array;
}

/**
 * The k nearest of the rows at places first…last−1 of the order, from their lists: distances ½‖x − y‖² in float64, equal ones in
 * the order of the input. Places that have no row get −1 and an infinite distance.
 */
export function rescoreLists(
  rows: Vectors,
  lists: Lists,
  width: number,
  { k, order, ids, distances }: Rescored,
  first: number,
  last: number,
): void {
  const found = new Int32Array(width);
  const exact = new Float64Array(width);
  for (let place = first; place < last; place += 1) {
    const i = order === null ? place : order[place]!;
    const list = lists.rows.subarray(i * width, (i + 1) * width);
    halfSquares(rows, i, list, exact);
    found.set(list);
    sortPairs(found, exact);
    for (let j = 0; j < k; j += 1) {
      ids[i * k + j] = found[j] === EMPTY ? -1 : found[j]!;
      distances[i * k + j] = exact[j]!;
    }
  }
}

/**
 * ½‖x − y‖² to every listed row. Four at a time, since each sum is a chain of additions of which every one waits
 * for the one before; each is added up in the order of the components, as one at a time would be.
 */
function halfSquares(rows: Vectors, i: number, list: Int32Array, out: Float64Array): void {
  const { blocks, dims } = rows;
  const x = rowOf(rows, i);
  for (let j = 0; j < list.length; j += 4) {
    // A place without a row, and those beyond the last, repeat row i: what they come to is not used.
    const [a, b, c, d] = [
      rowAt(list, j, i),
      rowAt(list, j + 1, i),
      rowAt(list, j + 2, i),
      rowAt(list, j + 3, i),
    ];
    const [ya, yb, yc, yd] = [
      blockAt(blocks, a),
      blockAt(blocks, b),
      blockAt(blocks, c),
      blockAt(blocks, d),
    ];
    const pa = (a % BLOCK_ROWS) * dims;
    const pb = (b % BLOCK_ROWS) * dims;
    const pc = (c % BLOCK_ROWS) * dims;
    const pd = (d % BLOCK_ROWS) * dims;
    let sa = 0;
    let sb = 0;
    let sc = 0;
    let sd = 0;
    for (let t = 0; t < dims; t += 1) {
      const own = x[t]!;
      const da = own - ya[pa + t]!;
      const db = own - yb[pb + t]!;
      const dc = own - yc[pc + t]!;
      const dd = own - yd[pd + t]!;
      sa += da * da;
      sb += db * db;
      sc += dc * dc;
      sd += dd * dd;
    }
    put(out, list, j, sa);
    put(out, list, j + 1, sb);
    put(out, list, j + 2, sc);
    put(out, list, j + 3, sd);
  }
}

const blockAt = (blocks: readonly Float32Array[], row: number): Float32Array =>
  blocks[Math.floor(row / BLOCK_ROWS)]!;

function rowAt(list: Int32Array, j: number, otherwise: number): number {
  const row = j < list.length ? list[j]! : EMPTY;
  return row === EMPTY ? otherwise : row;
}

function put(out: Float64Array, list: Int32Array, j: number, sum: number): void {
  if (j < list.length) out[j] = list[j] === EMPTY ? Number.POSITIVE_INFINITY : sum / 2;
}
