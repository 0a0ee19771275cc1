import { cpu, type Device } from '../device.ts';
import { Graph } from '../graph.ts';

/**
 * A C Aᵀ of square matrices, row-major, in float64, for it is the square roots of small eigenvalues of
 * such products that distances between covariances live on. A device without float64 leaves it to the
 * cpu: the matrices are d×d, however many rows there are.
 */
export async function sandwich(
  device: Device,
  a: Float64Array,
  c: Float64Array,
  dims: number,
): Promise<Float64Array> {
  if (dims === 0) return new Float64Array(0);
  const build = (): Graph => {
    const graph = new Graph('sandwich');
    const outer = graph.input('a', 'float64', [dims, dims]);
    const inner = graph.input('c', 'float64', [dims, dims]);
    const left = graph.op('MatMul', [outer, inner]);
    const product = graph.op('Gemm', [left, outer], { transB: 1 });
    graph.output('product', product, 'float64', [dims, dims]);
    return graph;
  };
  const result = await (device.float64 ? device : cpu).run(
    { key: `sandwich/${dims}`, build },
    { a: [a, [dims, dims]], c: [c, [dims, dims]] },
  );
  return result.product!.data as Float64Array;
}
