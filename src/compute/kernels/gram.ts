import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';

/**
 * Rows whose products are added up in float32 where a device has no float64; the sums of such tiles
 * are added up in float64 here.
 */
const SINGLE_ROWS = 256;

export interface Gram {
  /** Xᵀ X, dims × dims. */
  readonly gram: Float64Array;
  /** The sum of the rows. */
  readonly sum: Float64Array;
}

/**
 * Xᵀ X and the column sums of a row-major block. The rows come as float32 and are widened inside the
 * graph: on a cpu the double product costs about twice the single one, and the small eigenvalues that
 * low-order Vendi scores live on need it.
 */
export async function gram(device: Device, block: Float32Array, dims: number): Promise<Gram> {
  const total: Gram = { gram: new Float64Array(dims * dims), sum: new Float64Array(dims) };
  if (block.length === 0) return total;
  const type = device.float64 ? 'float64' : 'float32';
  const build = (): Graph => {
    const graph = new Graph('gram');
    const rows = graph.input('x', 'float32', ['n', dims]);
    const x = device.float64 ? graph.op('Cast', [rows], { to: 11 }) : rows;
    graph.output('gram', graph.op('Gemm', [x, x], { transA: 1 }), type, [dims, dims]);
    const sum = graph.op('ReduceSum', [x, graph.ints(0)], { keepdims: 0 });
    graph.output('sum', sum, type, [dims]);
    return graph;
  };
  const kernel = { key: `gram/${dims}`, build };
  const run = async (rows: Float32Array): Promise<Gram> => {
    const found = await device.run(kernel, { x: [rows, [rows.length / dims, dims]] });
    return { gram: found.gram!.data as Float64Array, sum: found.sum!.data as Float64Array };
  };
  if (device.float64) return run(block);
  for (let at = 0; at < block.length; at += SINGLE_ROWS * dims) {
    const part = await run(block.subarray(at, at + SINGLE_ROWS * dims));
    for (let i = 0; i < total.gram.length; i += 1) total.gram[i]! += part.gram[i]!;
    for (let i = 0; i < dims; i += 1) total.sum[i]! += part.sum[i]!;
  }
  return total;
}

/** Bytes that one call holds beside its block: the widened rows and two matrices. */
export const gramBytes = (rows: number, dims: number): number =>
  8 * (rows * dims + 2 * dims * dims);
