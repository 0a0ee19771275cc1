import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';
import type { Vectors } from '../vectors.ts';
import {
  type PairFunction,
  pairNorms,
  pairQueries,
  pairTargets,
  pairValues,
} from './kernel-sums.ts';
import { added, MOST_PARTS, partBytes, partCount, partFeeds, partsOf } from './parts.ts';
import { type PairShape, QUERY_ROWS, TARGET_ROWS, tilesOf } from './tiles.ts';

/** The targets' groups: which one each target is in, of how many. */
export interface Grouping {
  readonly groups: Uint8Array;
  readonly count: number;
}

/**
 * Σ k(x, y) over the targets y of each group, for every query x: row-major queries × groups. What a
 * statistic would be without a group, of either side, follows from these. Product, function and the
 * sums by group are one graph; sums inside a tile are float32, over tiles float64. Pairs of a row
 * with itself are counted in; see `kernelSums` for how exact a small distance is.
 */
export async function groupedKernelSums(
  device: Device,
  queries: Vectors,
  targets: Vectors,
  { groups, count }: Grouping,
  pair: PairFunction,
  { signal }: RunOptions = {},
): Promise<Float64Array> {
  const { dims } = queries;
  const sums = new Float64Array(queries.n * count);
  if (dims === 0) return sums;
  const norms = pairNorms(pair, queries, targets);
  for (const tile of tilesOf(targets, TARGET_ROWS)) {
    const parts = partsOf(tile.data, dims, partCount(device, tile.rows));
    const kernel = {
      key: `grouped-sums/${pair.kind}/${dims}/${parts.length}`,
      build: () => build(pair, dims, parts.length),
    };
    const { members, sizes } = membership(groups, tile.first, tile.rows, count);
    const sides = {
      ...pairTargets(norms, tile, dims, parts),
      ...partFeeds({ members: [members, count] }, parts),
    };
    for (const asked of tilesOf(queries, QUERY_ROWS)) {
      throwIfAborted(signal);
      const result = await device.run(kernel, {
        ...sides,
        ...pairQueries(pair, norms, asked, dims),
      });
      const found = result.sums!.data as Float32Array;
      for (let i = 0; i < found.length; i += 1) {
        // poly3 comes without the 1 of every pair.
        const apart = pair.kind === 'poly3' ? sizes[i % count]! : 0;
        sums[asked.first * count + i]! += apart + found[i]!;
      }
      await breathe();
    }
  }
  return sums;
}

/** A 1 where a target is in a group, targets × groups, and the size of each group in the tile. */
function membership(
  groups: Uint8Array,
  first: number,
  rows: number,
  count: number,
): { members: Float32Array; sizes: Int32Array } {
  const members = new Float32Array(rows * count);
  const sizes = new Int32Array(count);
  for (let i = 0; i < rows; i += 1) {
    const g = groups[first + i]!;
    members[i * count + g] = 1;
    sizes[g]! += 1;
  }
  return { members, sizes };
}

function build(pair: PairFunction, dims: number, parts: number): Graph {
  const graph = new Graph('grouped-sums');
  const sums = pairValues(graph, pair, dims, parts).map((values, p) => {
    const members = graph.input(`members${p}`, 'float32', [`m${p}`, 'groups']);
    return graph.op('Gemm', [values, members]);
  });
  graph.output('sums', added(graph, sums), 'float32', ['n', 'groups']);
  return graph;
}

/** Bytes that a pass holds beside its inputs: products, two more copies of them, memberships, and the sums. */
export const groupedSumsBytes = (device: Device, shape: PairShape, count: number): number =>
  partBytes(device, shape, 3) +
  4 * (shape.queries + shape.targets) +
  4 * count * (Math.min(shape.targets, TARGET_ROWS) + MOST_PARTS * QUERY_ROWS) +
  8 * count * shape.queries;
