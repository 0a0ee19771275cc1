import { Graph } from '../graph.ts';
import { runKernel } from '../kernel.ts';

/**
 * The nearest centre of every row: the one with the largest x·c + offset(c). With offset −½‖c‖² that
 * is the smallest euclidean distance, with 0 and unit centres the largest cosine.
 */
export async function assign(
  rows: Float32Array,
  centres: Float32Array,
  offsets: Float32Array,
  dims: number,
): Promise<{ index: BigInt64Array; score: Float32Array }> {
  const build = (): Graph => {
    const graph = new Graph('assign');
    const x = graph.input('x', 'float32', ['n', dims]);
    const c = graph.input('c', 'float32', ['k', dims]);
    const offset = graph.input('offset', 'float32', ['k']);
    const scores = graph.op('Gemm', [x, c, offset], { transB: 1 });
    const index = graph.op('ArgMax', [scores], { axis: 1, keepdims: 0 });
    graph.output('index', index, 'int64', ['n']);
    const score = graph.op('ReduceMax', [scores], { axes: [1], keepdims: 0 });
    graph.output('score', score, 'float32', ['n']);
    return graph;
  };
  const result = await runKernel(`assign/${dims}`, build, {
    x: [rows, [rows.length / dims, dims]],
    c: [centres, [offsets.length, dims]],
    offset: [offsets, [offsets.length]],
  });
  return {
    index: result.index!.data as BigInt64Array,
    score: result.score!.data as Float32Array,
  };
}
