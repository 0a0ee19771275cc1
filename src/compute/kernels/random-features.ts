import { gaussian, random } from '../../base/random.ts';
import type { Device } from '../device.ts';
import { float, Graph } from '../graph.ts';
import { vectorsOf } from '../vectors.ts';
import { wavesBytes, withWaves } from '../waves.ts';
import { onProcessor } from './parts.ts';
import { tilesOf } from './tiles.ts';

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
 * bias; their standard error is at most 1/√(2·count). A row's product with itself is exactly 1. The
 * result goes into `into` where that is given: whoever takes block after block touches its memory once.
 */
export async function randomFeatures(
  device: Device,
  block: Float32Array,
  frequencies: Frequencies,
  into?: Float32Array,
): Promise<Float32Array> {
  if (block.length === 0 || frequencies.count === 0) return new Float32Array(0);
  return onProcessor(device)
    ? tiledFeatures(device, block, frequencies, into)
    : wholeFeatures(device, block, frequencies, into);
}

/** Products of the runtime, whose own cosines and sines take several times as long as these. */
async function tiledFeatures(
  device: Device,
  block: Float32Array,
  { count, dims, weights }: Frequencies,
  into: Float32Array | undefined,
): Promise<Float32Array> {
  const build = (): Graph => {
    const graph = new Graph('angles');
    const x = graph.input('x', 'float32', ['n', dims]);
    const w = graph.input('w', 'float32', ['count', dims]);
    const angles = graph.op('Gemm', [x, w], { transB: 1, alpha: float(2 / Math.PI) });
    graph.output('angles', angles, 'float32', ['n', 'count']);
    return graph;
  };
  const kernel = { key: `angles/${dims}`, build };
  const n = block.length / dims;
  const found = into ?? new Float32Array(2 * n * count);
  await withWaves(Math.min(n, TILE_ROWS), count, async (waves) => {
    for (const { first, rows, data } of tilesOf(vectorsOf(block, dims), TILE_ROWS)) {
      await device.run(
        kernel,
        { x: [data, [rows, dims]], w: [weights, [count, dims]] },
        { angles: [waves.angles(rows), [rows, count]] },
      );
      found.set(waves.features(rows, 1 / Math.sqrt(count)), 2 * first * count);
    }
  });
  return found;
}

async function wholeFeatures(
  device: Device,
  block: Float32Array,
  { count, dims, weights }: Frequencies,
  into: Float32Array | undefined,
): Promise<Float32Array> {
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
  const features = result.features!.data as Float32Array;
  into?.set(features);
  return into ?? features;
}

/** Rows of a tile of angles. */
const TILE_ROWS = 1024;

/**
 * Bytes that one call holds beside its inputs: a tile of angles with what came of it, or on a card angles,
 * cosines, sines and both together; and the result.
 */
export const randomFeaturesBytes = (device: Device, rows: number, count: number): number =>
  8 * rows * count +
  (onProcessor(device) ? wavesBytes(Math.min(rows, TILE_ROWS), count) : 20 * rows * count);
