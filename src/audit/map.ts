import type { Clusters } from '../clusters/clusters.ts';
import { selectRows, type Vectors, vectorsOf } from '../compute/vectors.ts';
import { NEIGHBOURS } from '../engine/artefacts.ts';
import type { Rows } from '../measures/rows.ts';
import { type GraphOptions, MAP_EXACT_ROWS, neighbourGraph } from '../neighbours/graph.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { umapLayout } from '../project/umap.ts';

/**
 * Points that the report's map shows, of dataset and reference together; more are thinned by the seeded
 * order of rows. What bounds it is the page: with their texts so many points take some ten megabytes.
 */
export const MAP_ROWS = 200_000;

/** Which rows the map shows, in the order of the input. */
export function mapRowsOf(
  rows: Rows,
  reference: Rows | null,
): { dataset: Int32Array; reference: Int32Array } {
  const limit = reference === null ? MAP_ROWS : MAP_ROWS / 2;
  const shown = ({ order }: Rows): Int32Array => order.slice(0, limit).sort();
  return {
    dataset: shown(rows),
    reference: reference === null ? new Int32Array(0) : shown(reference),
  };
}

export interface MapPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The dataset's rows first, then the reference's, with −1. */
  readonly cluster: Int32Array;
}

/** One map of the dataset and, where there is one, the reference beside it. */
export async function drawMap(
  rows: Rows,
  reference: Rows | null,
  shown: { readonly dataset: Int32Array; readonly reference: Int32Array },
  clusters: Clusters | null,
  /** The dataset's own cosine neighbours, used when the map shows just these rows. */
  graph: (() => Promise<NeighbourGraph>) | null,
  options: GraphOptions & { readonly seed: number },
): Promise<MapPoints> {
  const whole = reference === null && shown.dataset.length === rows.n;
  const unit = whole ? rows.unit : joined(rows.unit, reference?.unit ?? null, shown);
  const found =
    whole && graph !== null
      ? await graph()
      : await neighbourGraph(unit, NEIGHBOURS, { ...options, exactRows: MAP_EXACT_ROWS });
  const { places } = await umapLayout(unit, found, options);
  const cluster = new Int32Array(unit.n).fill(-1);
  for (const [i, row] of shown.dataset.entries()) cluster[i] = clusters?.labels[row] ?? 0;
  return {
    x: Float32Array.from({ length: unit.n }, (_, i) => places[2 * i]!),
    y: Float32Array.from({ length: unit.n }, (_, i) => places[2 * i + 1]!),
    cluster,
  };
}

function joined(
  unit: Vectors,
  reference: Vectors | null,
  shown: { readonly dataset: Int32Array; readonly reference: Int32Array },
): Vectors {
  const parts = [
    ...selectRows(unit, shown.dataset).blocks,
    ...(reference === null ? [] : selectRows(reference, shown.reference).blocks),
  ];
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return vectorsOf(data, unit.dims);
}
