import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';
import { QUERY_ROWS } from './tiles.ts';

export interface Assigned {
  /** The nearest centre of every row; the first of equals. */
  readonly index: Int32Array;
  /** Its score. */
  readonly score: Float32Array;
}

/**
 * The nearest centre of every row: the one with the largest x·c + offset(c). With offset −½‖c‖² that
 * is the smallest euclidean distance, with 0 and unit centres the largest cosine. Product and arg-max
 * are one graph: only the winners come back.
 */
export async function assign(
  device: Device,
  rows: Float32Array,
  centres: Float32Array,
  offsets: Float32Array,
  dims: number,
): Promise<Assigned> {
  const n = dims === 0 ? 0 : rows.length / dims;
  const index = new Int32Array(n);
  const score = new Float32Array(n);
  if (n === 0) return { index, score };
  const build = (): Graph => {
    const graph = new Graph('assign');
    const x = graph.input('x', 'float32', ['n', dims]);
    const c = graph.input('c', 'float32', ['k', dims]);
    const offset = graph.input('offset', 'float32', ['k']);
    const scores = graph.op('Gemm', [x, c, offset], { transB: 1 });
    const winner = graph.op('ArgMax', [scores], { axis: 1, keepdims: 0 });
    graph.output('index', graph.op('Cast', [winner], { to: 6 }), 'int32', ['n']);
    const best = graph.op('ReduceMax', [scores], { axes: [1], keepdims: 0 });
    graph.output('score', best, 'float32', ['n']);
    return graph;
  };
  const kernel = { key: `assign/${dims}`, build };
  for (let first = 0; first < n; first += QUERY_ROWS) {
    const part = rows.subarray(first * dims, (first + QUERY_ROWS) * dims);
    const result = await device.run(kernel, {
      x: [part, [part.length / dims, dims]],
      c: [centres, [offsets.length, dims]],
      offset: [offsets, [offsets.length]],
    });
    index.set(result.index!.data as Int32Array, first);
    score.set(result.score!.data as Float32Array, first);
  }
  return { index, score };
}

/** Bytes that one call holds beside its inputs: a tile of products and the result. */
export const assignBytes = (rows: number, centres: number): number =>
  4 * Math.min(rows, QUERY_ROWS) * centres + 8 * rows;
