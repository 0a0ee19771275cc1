import { gaussian, random } from '../../base/random.ts';
import type { Device } from '../device.ts';
import { float, Graph } from '../graph.ts';
import type { Vectors } from '../vectors.ts';
import { keepWaves, openWaves, takeWaves, wavesBytes } from '../waves.ts';
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

/** Features of some rows, row-major rows × 2·count. */
export interface FeatureTile {
  /** The number of its first row. */
  readonly first: number;
  readonly rows: number;
  /** Good until the next tile. */
  readonly data: Float32Array;
}

/**
 * Random Fourier features (Rahimi & Recht 2007) of all rows, tile by tile: all cosines of w·x, then all
 * sines, ÷ √count. Products of two rows' features estimate exp(−‖x − y‖² / 2σ²) without
 * bias; their standard error is at most 1/√(2·count). A row's product with itself is 1 within 1e-6.
 */
export async function* randomFeatures(
  device: Device,
  vectors: Vectors,
  frequencies: Frequencies,
): AsyncGenerator<FeatureTile> {
  if (vectors.n === 0 || frequencies.count === 0) return;
  if (onProcessor(device)) yield* featuresOf(device, vectors, frequencies);
  else {
    for (const { first, rows, data } of tilesOf(vectors, TILE_ROWS)) {
      yield { first, rows, data: await wholeFeatures(device, data, frequencies) };
    }
  }
}

/** Products of the runtime, whose own cosines and sines take several times as long as these. */
async function* featuresOf(
  device: Device,
  vectors: Vectors,
  { count, dims, weights }: Frequencies,
): AsyncGenerator<FeatureTile> {
  const build = (): Graph => {
    const graph = new Graph('angles');
    const x = graph.input('x', 'float32', ['n', dims]);
    const w = graph.input('w', 'float32', ['count', dims]);
    const angles = graph.op('Gemm', [x, w], { transB: 1, alpha: float(1 / Math.PI) });
    graph.output('angles', angles, 'float32', ['n', 'count']);
    return graph;
  };
  const kernel = { key: `angles/${dims}`, build };
  const most = Math.min(vectors.n, TILE_ROWS);
  const waves = takeWaves(most, count) ?? (await openWaves(most, count));
  try {
    for (const { first, rows, data } of tilesOf(vectors, TILE_ROWS)) {
      await device.run(
        kernel,
        { x: [data, [rows, dims]], w: [weights, [count, dims]] },
        { angles: [waves.angles(rows), [rows, count]] },
      );
      yield { first, rows, data: waves.features(rows, 1 / Math.sqrt(count)) };
    }
  } finally {
    keepWaves(most, count, waves);
  }
}

async function wholeFeatures(
  device: Device,
  block: Float32Array,
  { count, dims, weights }: Frequencies,
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
  return result.features!.data as Float32Array;
}

/** Rows of a tile. */
const TILE_ROWS = 2048;

/**
 * Bytes that a pass holds beside its inputs: a tile of angles with what came of it, or on a card angles,
 * cosines, sines and both together, before and after they are scaled.
 */
export const randomFeaturesBytes = (device: Device, rows: number, count: number): number =>
  (onProcessor(device) ? 1 : 28 / 12) * wavesBytes(Math.min(rows, TILE_ROWS), count);
