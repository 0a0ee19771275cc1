import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Device } from '../device.ts';
import { float, Graph, type Tensor } from '../graph.ts';
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
  const kernel = { key: `kernel-sums/${pair.kind}/${dims}`, build: () => sumsGraph(pair, dims) };
  const scale = Float32Array.of(pair.kind === 'rbf' ? -1 / (2 * pair.sigma ** 2) : 1);
  const sums = new Float64Array(queries.n);
  for (const tile of tilesOf(targets, TARGET_ROWS)) {
    const targetNorms = negativeHalfNorms(tile.data, dims);
    for (const asked of tilesOf(queries, QUERY_ROWS)) {
      throwIfAborted(signal);
      const sides = {
        q: [asked.data, [asked.rows, dims]],
        t: [tile.data, [tile.rows, dims]],
      } as const;
      const norms = {
        queryNorms: [negativeHalfNorms(asked.data, dims), [asked.rows, 1]],
        targetNorms: [targetNorms, [tile.rows]],
      } as const;
      const result = await device.run(kernel, {
        ...sides,
        ...(pair.kind === 'poly3' ? {} : norms),
        ...(pair.kind === 'rbf' ? { scale: [scale, []] } : {}),
      });
      const found = result.sums!.data as Float32Array;
      const apart = pair.kind === 'poly3' ? tile.rows : 0;
      for (let i = 0; i < asked.rows; i += 1) sums[asked.first + i]! += apart + found[i]!;
      await breathe();
    }
  }
  return sums;
}

function sumsGraph(pair: PairFunction, dims: number): Graph {
  const graph = new Graph('kernel-sums');
  const values = pairValues(graph, pair, dims);
  const sums = graph.op('ReduceSum', [values, graph.ints(1)], { keepdims: 0 });
  graph.output('sums', sums, 'float32', ['n']);
  return graph;
}

/** The function of every pair of the inputs q and t: a tile that stays in the graph. */
export function pairValues(graph: Graph, pair: PairFunction, dims: number): Tensor {
  const q = graph.input('q', 'float32', ['n', dims]);
  const t = graph.input('t', 'float32', ['m', dims]);
  return pair.kind === 'poly3' ? poly3(graph, q, t, dims) : radial(graph, q, t, pair.kind);
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

function radial(graph: Graph, q: Tensor, t: Tensor, kind: 'rbf' | 'distance'): Tensor {
  const queryNorms = graph.input('queryNorms', 'float32', ['n', 1]);
  const targetNorms = graph.input('targetNorms', 'float32', ['m']);
  // ‖x − y‖² = 2 (½‖x‖² − (x·y − ½‖y‖²)), never below 0 but for rounding.
  const scores = graph.op('Gemm', [q, t, targetNorms], {
    transB: 1,
    alpha: float(-2),
    beta: float(-2),
  });
  const squares = graph.op('Relu', [
    graph.op('Sub', [scores, graph.op('Mul', [queryNorms, graph.scalar(2)])]),
  ]);
  if (kind === 'distance') return graph.op('Sqrt', [squares]);
  const scale = graph.input('scale', 'float32', []);
  return graph.op('Exp', [graph.op('Mul', [squares, scale])]);
}

/** Bytes that a pass holds beside its inputs: a tile in two copies, and the sums. */
export const kernelSumsBytes = (shape: PairShape): number =>
  tileBytes(shape, 3) + 8 * shape.queries;
