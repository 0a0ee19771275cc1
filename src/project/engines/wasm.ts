import { throwIfAborted } from '../../base/errors.ts';
import type { RunOptions } from '../../base/progress.ts';
import { mix } from '../../base/random.ts';
import { openPool, type PooledExports } from '../../compute/pool.ts';
import { allocateIn, type WasmBuild } from '../../compute/wasm.ts';
import type { SparseGraph } from '../fuzzy.ts';

/**
 * UMAP's layout in WASM on several threads. The same graph, start and seed give the same bytes on any
 * number of threads: see native/umap.ts.
 */
export interface WasmLayoutOptions extends RunOptions {
  /** 2 or 3. */
  readonly components: 2 | 3;
  readonly epochs: number;
  /** The curve 1 / (1 + a·d^2b) that attraction and repulsion are the gradient of. */
  readonly a: number;
  readonly b: number;
  readonly seed: number;
  /** Default: as many as the machine runs at once. The result does not depend on it. */
  readonly threads?: number | undefined;
  readonly build?: WasmBuild | undefined;
}

interface Exports extends PooledExports {
  allocate(bytes: number): number;
  move(...args: readonly number[]): void;
}

/**
 * Vertices move in turns, every ROUNDS-th at a time, and see where those before them have gone: with
 * all at once the layout keeps fewer neighbours.
 */
const ROUNDS = 8;
/** Below it handing out the rounds costs more than a second thread saves. */
const ROWS_WORTH_THREADS = 5000;
/** The largest part of the way to a neighbour that one due edge may take a vertex. */
const STRONGEST_PULL = 0.2;

/** Moves `start` (row-major n × components) for `epochs` epochs and gives the new positions. */
export async function wasmLayout(
  graph: SparseGraph,
  start: Float32Array,
  options: WasmLayoutOptions,
): Promise<Float32Array> {
  const { n, offsets, columns } = graph;
  const { components, epochs, a, b } = options;
  const stride = components === 2 ? 2 : 4;
  const { build } = options;
  // The result does not depend on it, and small maps are done before threads have paid for themselves.
  const threads = n < ROWS_WORTH_THREADS ? 1 : options.threads;
  const pool = await openPool<Exports>('umap', { threads, build });
  try {
    const place = (bytes: number): number => allocateIn(pool.exports, bytes, `a map of ${n} rows`);
    const at = {
      positions: place(4 * stride * n),
      next: place(4 * stride * n),
      offsets: place(4 * (n + 1)),
      columns: place(4 * columns.length),
      weights: place(4 * columns.length),
    };
    const { buffer } = pool.exports.memory;
    const positions = new Float32Array(buffer, at.positions, stride * n);
    const next = new Float32Array(buffer, at.next, stride * n);
    for (let i = 0; i < n; i += 1) {
      for (let c = 0; c < components; c += 1) {
        positions[i * stride + c] = start[i * components + c]!;
      }
    }
    new Int32Array(buffer, at.offsets, n + 1).set(offsets);
    new Int32Array(buffer, at.columns, columns.length).set(columns);
    new Float32Array(buffer, at.weights, columns.length).set(shares(graph.weights));

    const fixed = [
      at.positions,
      at.next,
      at.offsets,
      at.columns,
      at.weights,
      n,
      stride === 2 ? 1 : 0,
    ];
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      throwIfAborted(options.signal);
      const rate = 1 - epoch / epochs;
      const seed = mix(options.seed, epoch) | 0;
      for (let round = 0; round < Math.min(ROUNDS, n); round += 1) {
        await pool.run('move', ...fixed, a, b, round, ROUNDS, epoch, rate, STRONGEST_PULL, seed);
        for (let i = round; i < n; i += ROUNDS) {
          for (let c = 0; c < stride; c += 1) positions[i * stride + c] = next[i * stride + c]!;
        }
      }
      options.onProgress?.({ stage: 'map', done: epoch + 1, total: epochs, unit: 'epochs' });
    }
    const result = new Float32Array(n * components);
    for (let i = 0; i < n; i += 1) {
      for (let c = 0; c < components; c += 1) {
        result[i * components + c] = positions[i * stride + c]!;
      }
    }
    return result;
  } finally {
    await pool.close();
  }
}

/** Weights as shares of the largest. */
function shares(weights: Float32Array): Float32Array {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, weight);
  return largest === 0 ? weights : weights.map((weight) => weight / largest);
}
