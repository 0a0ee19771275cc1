import type { Axis } from '../measures/measure.ts';
import { dominates, paretoFront } from '../stats/front.ts';
import type { Ranking } from './report.ts';

/** Which datasets no other beats: nowhere a worse mean place, and somewhere a better one. */
export interface DatasetFront {
  /** Of quality, diversity and complexity those that rank; quality by rules where nothing else judges. */
  readonly axes: readonly Axis[];
  readonly front: readonly number[];
  readonly beaten: readonly { readonly dataset: number; readonly by: readonly number[] }[];
}

const AXES: readonly Axis[] = ['quality', 'diversity', 'complexity'];

/** By mean places, which say who leads and not by how much; null with fewer than two axes. */
export function datasetFront(rankings: readonly Ranking[]): DatasetFront | null {
  const found = AXES.flatMap((axis) => {
    const own = rankings.filter((ranking) => ranking.axis === axis);
    const main = own.find(({ section }) => section === null);
    return main ?? own.find(({ section }) => section === 'rules') ?? [];
  });
  if (found.length < 2) return null;
  const datasets = found[0]!.order.map(({ dataset }) => dataset).sort((a, b) => a - b);
  const columns = found.map(({ order }) =>
    datasets.map((dataset) => -order.find((place) => place.dataset === dataset)!.meanRank),
  );
  const front = paretoFront(columns);
  const beaten = datasets.flatMap((dataset, i) => {
    if (front.includes(i)) return [];
    const by = front.filter((j) => dominates(columns, j, i)).map((j) => datasets[j]!);
    return [{ dataset, by }];
  });
  return { axes: found.map(({ axis }) => axis), front: front.map((i) => datasets[i]!), beaten };
}
