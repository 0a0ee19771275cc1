import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';
import type { Vectors } from '../vectors.ts';
import { added, partBytes, partCount, partFeeds, partsOf } from './parts.ts';
import { allNegativeHalfNorms, type PairShape, QUERY_ROWS, TARGET_ROWS, tilesOf } from './tiles.ts';

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
  const counts = new Float64Array(queries.n);
  const norms = allNegativeHalfNorms(targets);
  // ½‖x − y‖² ≤ reach is x·y − ½‖y‖² ≥ ½‖x‖² − reach.
  const least = allNegativeHalfNorms(queries).map((norm, i) => -norm - reach[i]!);
  for (const tile of tilesOf(targets, TARGET_ROWS)) {
    const parts = partsOf(tile.data, dims, partCount(device, tile.rows));
    const kernel = {
      key: `range-counts/${dims}/${parts.length}`,
      build: () => countsGraph(dims, parts.length),
    };
    const offsets = norms.subarray(tile.first, tile.first + tile.rows);
    const sides = partFeeds({ t: [tile.data, dims], offset: [offsets, null] }, parts);
    for (const asked of tilesOf(queries, QUERY_ROWS)) {
      throwIfAborted(signal);
      const result = await device.run(kernel, {
        ...sides,
        q: [asked.data, [asked.rows, dims]],
        least: [least.subarray(asked.first, asked.first + asked.rows), [asked.rows, 1]],
      });
      const found = result.counts!.data as Float32Array;
      for (let i = 0; i < asked.rows; i += 1) counts[asked.first + i]! += found[i]!;
      await breathe();
    }
  }
  return counts;
}

function countsGraph(dims: number, parts: number): Graph {
  const graph = new Graph('range-counts');
  const q = graph.input('q', 'float32', ['n', dims]);
  const least = graph.input('least', 'float32', ['n', 1]);
  const counts = Array.from({ length: parts }, (_, p) => {
    const t = graph.input(`t${p}`, 'float32', [`m${p}`, dims]);
    const offset = graph.input(`offset${p}`, 'float32', [`m${p}`]);
    const scores = graph.op('Gemm', [q, t, offset], { transB: 1 });
    const within = graph.op('GreaterOrEqual', [scores, least]);
    const ones = graph.op('Cast', [within], { to: 1 });
    return graph.op('ReduceSum', [ones, graph.ints(1)], { keepdims: 0 });
  });
  graph.output('counts', added(graph, counts), 'float32', ['n']);
  return graph;
}

/** Bytes that a pass holds beside its inputs: products, their comparisons, norms, and the counts. */
export const rangeCountsBytes = (device: Device, shape: PairShape): number =>
  partBytes(device, shape, 2.25) + 4 * (shape.queries + shape.targets) + 8 * shape.queries;
