import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Device } from '../device.ts';
import { float, Graph, type Tensor } from '../graph.ts';
import type { Feed, Feeds } from '../session.ts';
import type { Vectors } from '../vectors.ts';
import { added, type Part, partBytes, partCount, partFeeds, partsOf } from './parts.ts';
import {
  allNegativeHalfNorms,
  type PairShape,
  QUERY_ROWS,
  TARGET_ROWS,
  type Tile,
  tilesOf,
} from './tiles.ts';

/**
 * A function of two rows.
 *
 *   poly3     (x·y/d + 1)³: KID (Bińkowski et al. 2018, arXiv 1801.01401)
 *   rbf       exp(−‖x − y‖² / 2σ²): MMD (Gretton et al. 2012)
 *   distance  ‖x − y‖: energy distance (Székely & Rizzo 2013)
 */
export type PairFunction =
  | { readonly kind: 'poly3' }
  | { readonly kind: 'rbf'; readonly sigma: number }
  | { readonly kind: 'distance' };

/**
 * Σ_y k(x, y) for every query x, pairs of equal rows counted in: product, function and sum are one
 * graph. Each query's sum over a tile is float32, sums over tiles are float64. A distance of about
 * 1e-3 · ‖x‖ or less, that of a row to itself too, is rounding.
 */
export async function kernelSums(
  device: Device,
  queries: Vectors,
  targets: Vectors,
  pair: PairFunction,
  { signal }: RunOptions = {},
): Promise<Float64Array> {
  const { dims } = queries;
  const sums = new Float64Array(queries.n);
  const norms = pairNorms(pair, queries, targets);
  for (const tile of tilesOf(targets, TARGET_ROWS)) {
    const parts = partsOf(tile.data, dims, partCount(device, tile.rows));
    const kernel = {
      key: `kernel-sums/${pair.kind}/${dims}/${parts.length}`,
      build: () => sumsGraph(pair, dims, parts.length),
    };
    const sides = pairTargets(norms, tile, dims, parts);
    for (const asked of tilesOf(queries, QUERY_ROWS)) {
      throwIfAborted(signal);
      const result = await device.run(kernel, {
        ...sides,
        ...pairQueries(pair, norms, asked, dims),
      });
      const found = result.sums!.data as Float32Array;
      const apart = pair.kind === 'poly3' ? tile.rows : 0;
      for (let i = 0; i < asked.rows; i += 1) sums[asked.first + i]! += apart + found[i]!;
      await breathe();
    }
  }
  return sums;
}

function sumsGraph(pair: PairFunction, dims: number, parts: number): Graph {
  const graph = new Graph('kernel-sums');
  const sums = pairValues(graph, pair, dims, parts).map((values) =>
    graph.op('ReduceSum', [values, graph.ints(1)], { keepdims: 0 }),
  );
  graph.output('sums', added(graph, sums), 'float32', ['n']);
  return graph;
}

/** −½‖y‖² of the targets and −‖x‖² of the queries; null where a function needs no lengths. */
export type PairNorms = { readonly queries: Float32Array; readonly targets: Float32Array } | null;

export const pairNorms = ({ kind }: PairFunction, queries: Vectors, targets: Vectors): PairNorms =>
  kind === 'poly3'
    ? null
    : {
        queries: allNegativeHalfNorms(queries).map((norm) => 2 * norm),
        targets: allNegativeHalfNorms(targets),
      };

/** What `pairValues` takes in of a tile of targets. */
export function pairTargets(
  norms: PairNorms,
  { data, first, rows }: Tile,
  dims: number,
  parts: readonly Part[],
): Feeds {
  const sides = { t: [data, dims] } as const;
  if (norms === null) return partFeeds(sides, parts);
  return partFeeds({ ...sides, norms: [norms.targets.subarray(first, first + rows), null] }, parts);
}

/** What `pairValues` takes in of a tile of queries. */
export function pairQueries(
  pair: PairFunction,
  norms: PairNorms,
  { data, first, rows }: Tile,
  dims: number,
): Feeds {
  const feeds: Record<string, Feed> = { q: [data, [rows, dims]] };
  if (norms === null) return feeds;
  feeds.queryNorms = [norms.queries.subarray(first, first + rows), [rows, 1]];
  if (pair.kind === 'rbf') feeds.scale = [Float32Array.of(-1 / (2 * pair.sigma ** 2)), []];
  return feeds;
}

/** The function of every pair of the queries and each part of the targets: tiles that stay in the graph. */
export function pairValues(
  graph: Graph,
  pair: PairFunction,
  dims: number,
  parts: number,
): Tensor[] {
  const q = graph.input('q', 'float32', ['n', dims]);
  const targets = Array.from({ length: parts }, (_, p) =>
    graph.input(`t${p}`, 'float32', [`m${p}`, dims]),
  );
  if (pair.kind === 'poly3') return targets.map((t) => poly3(graph, q, t, dims));
  const queryNorms = graph.input('queryNorms', 'float32', ['n', 1]);
  const scale = pair.kind === 'rbf' ? graph.input('scale', 'float32', []) : null;
  return targets.map((t, p) => {
    const norms = graph.input(`norms${p}`, 'float32', [`m${p}`]);
    const squares = squaredDistances(graph, [q, queryNorms], [t, norms]);
    if (scale === null) return graph.op('Sqrt', [squares]);
    return graph.op('Exp', [graph.op('Mul', [squares, scale])]);
  });
}

/**
 * (u + 1)³ − 1 = u (3 + u (3 + u)) with u = x·y/d. The 1 of every pair is added in float64 outside: on
 * unit rows u is a small part of it, and KID lives on what u adds.
 */
function poly3(graph: Graph, q: Tensor, t: Tensor, dims: number): Tensor {
  const u = graph.op('Gemm', [q, t], { transB: 1, alpha: float(1 / dims) });
  const three = graph.scalar(3);
  const inner = graph.op('Add', [graph.op('Mul', [graph.op('Add', [u, three]), u]), three]);
  return graph.op('Mul', [inner, u]);
}

type Side = readonly [rows: Tensor, norms: Tensor];

/** ‖x − y‖² = −2 (x·y − ½‖y‖²) − (−‖x‖²), never below 0 but for rounding. */
function squaredDistances(graph: Graph, [q, queryNorms]: Side, [t, norms]: Side): Tensor {
  const scores = graph.op('Gemm', [q, t, norms], { transB: 1, alpha: float(-2), beta: float(-2) });
  return graph.op('Relu', [graph.op('Sub', [scores, queryNorms])]);
}

/** Bytes that a pass holds beside its inputs: products, two more copies of them, norms, and the sums. */
export const kernelSumsBytes = (device: Device, shape: PairShape): number =>
  partBytes(device, shape, 3) + 4 * (shape.queries + shape.targets) + 8 * shape.queries;
