import { Graph } from '../../compute/graph.ts';
import { onnxruntime, openSession } from '../../compute/session.ts';
import { BLOCK_ROWS, rowOf, type Vectors } from '../../compute/vectors.ts';
import { type Blocks, sharedBytes, sharedFloats } from './shared.ts';

/** Numbers of each row that say what rounding may hide: see native/rounded.ts. */
export const FIGURES = 4;

/** All rows less a centre, rounded to whole numbers from −levels to levels. Threads fill what is shared. */
export interface RoundedRows {
  readonly levels: number;
  readonly centre: Float32Array;
  /** levels + 1 is added to each. */
  readonly bytes: Blocks<Uint8Array>;
  /** FIGURES a row. */
  readonly figures: Float32Array;
}

/** Fewer dimensions make a product cheap beside what is done with it; more might overflow one. */
const LEAST_DIMS = 64;
const MOST_DIMS = 60_000;
/** Among fewer rows too many of all pairs are near ones. */
const LEAST_ROWS = 8192;

/** The levels to round a set's rows to; null where whole products are as quick. */
export async function levelsFor({ n, dims }: Vectors): Promise<number | null> {
  const pays = n >= LEAST_ROWS && dims >= LEAST_DIMS && dims <= MOST_DIMS;
  return pays ? wholeLevels() : null;
}

export function roomForRounded(vectors: Vectors, levels: number): RoundedRows {
  const { n, dims } = vectors;
  const blocks: Uint8Array[] = [];
  for (let first = 0; first < n; first += BLOCK_ROWS) {
    blocks.push(sharedBytes(Math.min(BLOCK_ROWS, n - first) * dims));
  }
  return {
    levels,
    centre: centreOf(vectors),
    bytes: { n, dims, blocks },
    figures: sharedFloats(n * FIGURES),
  };
}

const CENTRE_ROWS = 4096;

/** The mean of some rows. Any point is right; the nearer it is to all, the finer are the steps. */
function centreOf(vectors: Vectors): Float32Array {
  const { n, dims } = vectors;
  const stride = Math.ceil(n / CENTRE_ROWS);
  const sums = new Float64Array(dims);
  let rows = 0;
  for (let i = 0; i < n; i += stride, rows += 1) {
    const row = rowOf(vectors, i);
    for (let j = 0; j < dims; j += 1) sums[j]! += row[j]!;
  }
  const centre = sharedFloats(dims);
  // A sum that is no number would make every row one that is none.
  for (let j = 0; j < dims; j += 1) centre[j] = Number.isFinite(sums[j]!) ? sums[j]! / rows : 0;
  return centre;
}

/** The products of rows in bytes, levels + 1 added, with columns of signed bytes. */
export function wholeGraph(dims: number): Graph {
  const graph = new Graph('wholes');
  const rows = graph.input('rows', 'uint8', ['n', dims]);
  const columns = graph.input('columns', 'int8', [dims, 'm']);
  graph.output('scores', graph.op('MatMulInteger', [rows, columns]), 'int32', ['n', 'm']);
  return graph;
}

export const FULL_LEVELS = 127;
export const HALF_LEVELS = 63;

let levels: Promise<number> | undefined;

/**
 * How far whole numbers may go on this processor. Some add two products of bytes in sixteen bits, which holds
 * only those of seven bits with eight.
 */
function wholeLevels(): Promise<number> {
  levels ??= addsRightly().then((right) => (right ? FULL_LEVELS : HALF_LEVELS));
  levels.catch(() => {
    levels = undefined;
  });
  return levels;
}

async function addsRightly(): Promise<boolean> {
  const [n, m, dims] = [64, 64, 256];
  const { Tensor } = onnxruntime();
  const session = await openSession(wholeGraph(dims).build(), { threads: 1 });
  try {
    const columns = Int8Array.from({ length: dims * m }, (_, i) => (i % 2 === 0 ? 127 : -127));
    const { scores } = await session.run({
      rows: new Tensor('uint8', new Uint8Array(n * dims).fill(255), [n, dims]),
      columns: new Tensor('int8', columns, [dims, m]),
    });
    const sum = 255 * 127 * dims;
    return (scores!.data as Int32Array).every((score, i) => score === (i % 2 === 0 ? sum : -sum));
  } finally {
    await session.release();
  }
}
