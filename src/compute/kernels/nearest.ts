import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';
import { onProcessor } from './parts.ts';
import { type PairShape, tileBytes } from './tiles.ts';

/**
 * Targets in a tile of top-k. Selecting has a fixed cost a row, so few wide tiles are what keeps the
 * rate of the plain product; with 512 queries the products are 64 MB.
 */
export const NEAREST_TARGETS = 32_768;

export interface NearestTile {
  /** The k largest scores of each query, descending; row-major. */
  readonly values: Float32Array;
  /** Their rows in `targets`; the first of equals. */
  readonly indices: Int32Array;
  /** The smallest score of each query, and where it is; null unless asked for. */
  readonly least: Float32Array | null;
  readonly leastIndex: Int32Array | null;
}

/**
 * Scores x·y + offset(y) of every query with every target, the k largest of which come back: product
 * and selection are one graph, so the n×m matrix never leaves the runtime. With offset −½‖y‖² the
 * order is that of euclidean distance, nearest first; where all offsets are the same, as among unit
 * rows, null says so and saves a tenth of the time. k is at most the number of targets.
 */
export async function nearest(
  device: Device,
  queries: Float32Array,
  targets: Float32Array,
  offsets: Float32Array | null,
  dims: number,
  k: number,
  options: { readonly farthest?: boolean } = {},
): Promise<NearestTile> {
  const farthest = options.farthest === true;
  const build = (): Graph => {
    const graph = new Graph('nearest');
    const q = graph.input('q', 'float32', ['n', dims]);
    const t = graph.input('t', 'float32', ['m', dims]);
    const offset = offsets === null ? [] : [graph.input('offset', 'float32', ['m'])];
    const scores = graph.op('Gemm', [q, t, ...offset], { transB: 1 });
    const [values, indices] = graph.ops('TopK', [scores, graph.ints(k)], 2, { axis: 1 });
    graph.output('values', values!, 'float32', ['n', k]);
    graph.output('indices', graph.op('Cast', [indices!], { to: 6 }), 'int32', ['n', k]);
    if (farthest) {
      const [least, leastIndex] = onProcessor(device)
        ? graph.ops('TopK', [scores, graph.ints(1)], 2, { axis: 1, largest: 0 })
        : [
            graph.op('ReduceMin', [scores], { axes: [1] }),
            graph.op('ArgMin', [scores], { axis: 1 }),
          ];
      graph.output('least', least!, 'float32', ['n', 1]);
      graph.output('leastIndex', graph.op('Cast', [leastIndex!], { to: 6 }), 'int32', ['n', 1]);
    }
    return graph;
  };
  const variant = `${offsets === null ? '' : '/offset'}${farthest ? '/farthest' : ''}`;
  const result = await device.run(
    { key: `nearest/${dims}/${k}${variant}`, build },
    {
      q: [queries, [queries.length / dims, dims]],
      t: [targets, [targets.length / dims, dims]],
      ...(offsets === null ? {} : { offset: [offsets, [offsets.length]] }),
    },
  );
  return {
    values: result.values!.data as Float32Array,
    indices: result.indices!.data as Int32Array,
    least: farthest ? (result.least!.data as Float32Array) : null,
    leastIndex: farthest ? (result.leastIndex!.data as Int32Array) : null,
  };
}

/** Bytes that exact search holds beside its inputs: a tile, and scores and rows of all queries' best k. */
export const nearestBytes = (shape: PairShape, k: number): number =>
  tileBytes(shape, 1, NEAREST_TARGETS) + 8 * k * shape.queries;
