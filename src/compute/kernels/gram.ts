import { Graph } from '../graph.ts';
import { runKernel } from '../kernel.ts';

/**
 * Xᵀ X and the column sums of a row-major block, in float64. The rows come as float32 and are
 * widened inside the graph: on a cpu the double product costs about twice the single one, and the
 * small eigenvalues that low-order Vendi scores live on need it.
 */
export async function gram(
  block: Float32Array,
  dims: number,
): Promise<{ gram: Float64Array; sum: Float64Array }> {
  const build = (): Graph => {
    const graph = new Graph('gram');
    const x = graph.op('Cast', [graph.input('x', 'float32', ['n', dims])], { to: 11 });
    graph.output('gram', graph.op('Gemm', [x, x], { transA: 1 }), 'float64', [dims, dims]);
    const sum = graph.op('ReduceSum', [x, graph.ints(0)], { keepdims: 0 });
    graph.output('sum', sum, 'float64', [dims]);
    return graph;
  };
  const result = await runKernel(`gram/${dims}`, build, {
    x: [block, [block.length / dims, dims]],
  });
  return {
    gram: result.gram!.data as Float64Array,
    sum: result.sum!.data as Float64Array,
  };
}
