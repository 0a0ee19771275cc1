import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';
import type { Vectors } from '../vectors.ts';
import {
  negativeHalfNorms,
  type PairShape,
  QUERY_ROWS,
  TARGET_ROWS,
  tileBytes,
  tilesOf,
} from './tiles.ts';

/**
 * How many targets lie within reach of each query, ½‖x − y‖² ≤ reach: product, comparison and sum are
 * one graph. Distances are float32: a pair whose ½‖x − y‖² is within about 1e-6 · (‖x‖² + ‖y‖²) of its
 * query's reach may count either way, so where equality matters ask with that much room, and look.
 */
export async function rangeCounts(
  device: Device,
  queries: Vectors,
  targets: Vectors,
  reach: ArrayLike<number>,
  { signal }: RunOptions = {},
): Promise<Float64Array> {
  const { dims } = queries;
  const kernel = { key: `range-counts/${dims}`, build: () => countsGraph(dims) };
  const counts = new Float64Array(queries.n);
  for (const tile of tilesOf(targets, TARGET_ROWS)) {
    const offsets = negativeHalfNorms(tile.data, dims);
    for (const asked of tilesOf(queries, QUERY_ROWS)) {
      throwIfAborted(signal);
      // ½‖x − y‖² ≤ reach is x·y − ½‖y‖² ≥ ½‖x‖² − reach.
      const least = negativeHalfNorms(asked.data, dims);
      for (let i = 0; i < asked.rows; i += 1) least[i] = -least[i]! - reach[asked.first + i]!;
      const result = await device.run(kernel, {
        q: [asked.data, [asked.rows, dims]],
        t: [tile.data, [tile.rows, dims]],
        offset: [offsets, [tile.rows]],
        least: [least, [asked.rows, 1]],
      });
      const found = result.counts!.data as Float32Array;
      for (let i = 0; i < asked.rows; i += 1) counts[asked.first + i]! += found[i]!;
      await breathe();
    }
  }
  return counts;
}

function countsGraph(dims: number): Graph {
  const graph = new Graph('range-counts');
  const q = graph.input('q', 'float32', ['n', dims]);
  const t = graph.input('t', 'float32', ['m', dims]);
  const offset = graph.input('offset', 'float32', ['m']);
  const least = graph.input('least', 'float32', ['n', 1]);
  const scores = graph.op('Gemm', [q, t, offset], { transB: 1 });
  const within = graph.op('GreaterOrEqual', [scores, least]);
  const ones = graph.op('Cast', [within], { to: 1 });
  const counts = graph.op('ReduceSum', [ones, graph.ints(1)], { keepdims: 0 });
  graph.output('counts', counts, 'float32', ['n']);
  return graph;
}

/** Bytes that a pass holds beside its inputs: a tile of products, its comparisons, and the counts. */
export const rangeCountsBytes = (shape: PairShape): number =>
  tileBytes(shape, 2.25) + 8 * shape.queries;
