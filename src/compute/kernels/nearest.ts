import { Graph } from '../graph.ts';
import { runKernel } from '../kernel.ts';

export interface NearestTile {
  /** The k largest scores of each query, descending; row-major. */
  readonly values: Float32Array;
  /** Their rows in `targets`. */
  readonly indices: BigInt64Array;
  /** The smallest score of each query, and where it is. */
  readonly least: Float32Array;
  readonly leastIndex: BigInt64Array;
}

/**
 * Scores x·y + offset(y) of every query with every target, the k largest and the one smallest of
 * which come back: product, selection and reduction are one graph, so the n×m matrix never leaves
 * the runtime. With offset −½‖y‖² the order is that of euclidean distance, nearest first.
 */
export async function nearest(
  queries: Float32Array,
  targets: Float32Array,
  offsets: Float32Array,
  dims: number,
  k: number,
): Promise<NearestTile> {
  const build = (): Graph => {
    const graph = new Graph('nearest');
    const q = graph.input('q', 'float32', ['n', dims]);
    const t = graph.input('t', 'float32', ['m', dims]);
    const offset = graph.input('offset', 'float32', ['m']);
    const scores = graph.op('Gemm', [q, t, offset], { transB: 1 });
    const [values, indices] = graph.ops('TopK', [scores, graph.ints(k)], 2, { axis: 1 });
    graph.output('values', values!, 'float32', ['n', k]);
    graph.output('indices', indices!, 'int64', ['n', k]);
    const least = graph.op('ReduceMin', [scores], { axes: [1], keepdims: 0 });
    graph.output('least', least, 'float32', ['n']);
    const leastIndex = graph.op('ArgMin', [scores], { axis: 1, keepdims: 0 });
    graph.output('leastIndex', leastIndex, 'int64', ['n']);
    return graph;
  };
  const result = await runKernel(`nearest/${dims}/${k}`, build, {
    q: [queries, [queries.length / dims, dims]],
    t: [targets, [offsets.length, dims]],
    offset: [offsets, [offsets.length]],
  });
  return {
    values: result.values!.data as Float32Array,
    indices: result.indices!.data as BigInt64Array,
    least: result.least!.data as Float32Array,
    leastIndex: result.leastIndex!.data as BigInt64Array,
  };
}
