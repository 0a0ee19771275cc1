import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';

/**
 * ‖B x‖² of every row x of a block, for B given as k rows of `dims`: the quadratic form xᵀ(BᵀB)x. Product
 * and sum of squares are one graph; one number a row comes back.
 */
export async function quadraticForm(
  device: Device,
  block: Float32Array,
  basis: Float32Array,
  dims: number,
): Promise<Float32Array> {
  const n = dims === 0 ? 0 : block.length / dims;
  const k = dims === 0 ? 0 : basis.length / dims;
  if (n === 0 || k === 0) return new Float32Array(n);
  const build = (): Graph => {
    const graph = new Graph('quadratic-form');
    const x = graph.input('x', 'float32', ['n', dims]);
    const b = graph.input('b', 'float32', ['k', dims]);
    const places = graph.op('Gemm', [x, b], { transB: 1 });
    const squares = graph.op('Mul', [places, places]);
    const sums = graph.op('ReduceSum', [squares, graph.ints(1)], { keepdims: 0 });
    graph.output('sums', sums, 'float32', ['n']);
    return graph;
  };
  const result = await device.run(
    { key: `quadratic-form/${dims}`, build },
    { x: [block, [n, dims]], b: [basis, [k, dims]] },
  );
  return result.sums!.data as Float32Array;
}

/** Bytes that one call holds beside its inputs: places along the basis, their squares, and the sums. */
export const quadraticFormBytes = (rows: number, k: number): number => 4 * rows * (2 * k + 1);
