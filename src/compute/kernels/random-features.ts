import { gaussian, random } from '../../base/random.ts';
import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';

/** Directions that random features look along. */
export interface Frequencies {
  readonly count: number;
  readonly dims: number;
  /** count × dims draws from N(0, 1/σ²). */
  readonly weights: Float32Array;
}

/** The same seed gives the same directions. */
export function drawFrequencies(
  count: number,
  dims: number,
  sigma: number,
  seed: number,
): Frequencies {
  const uniform = random(seed);
  const weights = Float32Array.from({ length: count * dims }, () => gaussian(uniform) / sigma);
  return { count, dims, weights };
}

/**
 * Random Fourier features (Rahimi & Recht 2007) of a block's rows, row-major n × 2·count: all cosines of
 * w·x, then all sines, ÷ √count. Products of two rows' features estimate exp(−‖x − y‖² / 2σ²) without
 * bias; their standard error is at most 1/√(2·count). A row's product with itself is exactly 1.
 */
export async function randomFeatures(
  device: Device,
  block: Float32Array,
  { count, dims, weights }: Frequencies,
): Promise<Float32Array> {
  if (block.length === 0 || count === 0) return new Float32Array(0);
  const build = (): Graph => {
    const graph = new Graph('random-features');
    const x = graph.input('x', 'float32', ['n', dims]);
    const w = graph.input('w', 'float32', ['count', dims]);
    const scale = graph.input('scale', 'float32', []);
    const angles = graph.op('Gemm', [x, w], { transB: 1 });
    const waves = graph.op('Concat', [graph.op('Cos', [angles]), graph.op('Sin', [angles])], {
      axis: 1,
    });
    graph.output('features', graph.op('Mul', [waves, scale]), 'float32', ['n', 'features']);
    return graph;
  };
  const result = await device.run(
    { key: `random-features/${dims}`, build },
    {
      x: [block, [block.length / dims, dims]],
      w: [weights, [count, dims]],
      scale: [Float32Array.of(1 / Math.sqrt(count)), []],
    },
  );
  return result.features!.data as Float32Array;
}

/** Bytes that one call holds beside its inputs: angles, cosines, sines, both together, and the result. */
export const randomFeaturesBytes = (rows: number, count: number): number => 4 * rows * count * 7;
