import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { distancesToNearest, NEAREST } from '../../why/isolation.ts';
import { largest } from '../../why/largest.ts';
import type { Part } from './part.ts';
import type { OutliersReport } from './report.ts';

const ROWS = 20;

/** The rows farthest from everything. null where there is no other row. */
export function outliersPart(graph: NeighbourGraph): Part<OutliersReport> | null {
  const distances = distancesToNearest(graph);
  if (distances === null) return null;
  const sorted = distances.toSorted();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  const shown = largest(distances, ROWS, (row) => distances[row]! > 0);
  return {
    shown,
    report: (show) => ({
      nearest: Math.min(NEAREST, graph.k),
      median: at(0.5),
      p95: at(0.95),
      rows: shown.map((row) => ({ ...show(row), distance: distances[row]! })),
    }),
  };
}
