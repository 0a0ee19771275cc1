import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';

/** The whole tile of inner products, queries × targets, row-major. Keep it under 8 MB. */
export async function products(
  device: Device,
  queries: Float32Array,
  targets: Float32Array,
  dims: number,
): Promise<Float32Array> {
  if (queries.length === 0 || targets.length === 0) return new Float32Array(0);
  const build = (): Graph => {
    const graph = new Graph('products');
    const q = graph.input('q', 'float32', ['n', dims]);
    const t = graph.input('t', 'float32', ['m', dims]);
    graph.output('products', graph.op('Gemm', [q, t], { transB: 1 }), 'float32', ['n', 'm']);
    return graph;
  };
  const [n, m] = [queries.length / dims, targets.length / dims];
  const found = new Float32Array(n * m);
  await device.run(
    { key: `products/${dims}`, build },
    { q: [queries, [n, dims]], t: [targets, [m, dims]] },
    { products: [found, [n, m]] },
  );
  return found;
}

/** Bytes that one call holds beside its inputs: its result. */
export const productsBytes = (queries: number, targets: number): number => 4 * queries * targets;
