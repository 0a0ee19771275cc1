import type { MeasureReport } from '../../src/audit/report.ts';
import type { About, Axis } from '../../src/measures/measure.ts';

type Entry = [
  id: string,
  axis: Axis,
  title: string,
  reads: string,
  range: About['range'],
  more: 'more' | 'less',
  unit: string | null,
  value: number | null,
  interval: [number, number] | null,
  reference: number | null,
];

// biome-ignore format: a table reads best with a line for each measure
const ENTRIES: readonly Entry[] = [
  ['vendi', 'diversity', 'Vendi score', 'How many fully different rows would be as varied as these.', [1, 'n'], 'more', 'rows', 12.347, [11.62, 13.05], 48.127],
  ['vendi.q2', 'diversity', 'Vendi score, order 2', 'The same with common kinds of rows weighing more than rare ones.', [1, 'n'], 'more', 'rows', 4.021, [3.71, 4.33], 15.9],
  ['effective-rank', 'diversity', 'Effective rank', 'How many directions the rows spread over, by the entropy of the spectrum.', [1, 'd'], 'more', 'dimensions', 38.2, [36.1, 40.4], 121.7],
  ['participation-ratio', 'diversity', 'Participation ratio', 'How many directions carry the variance.', [1, 'd'], 'more', 'dimensions', 9.84, [9.02, 10.6], 41.3],
  ['mean-distance', 'diversity', 'Mean distance', 'The mean cosine distance between two different rows.', [0, 2], 'more', 'cosine distance', 0.3113, [0.298, 0.325], 0.6421],
  ['nn-distance', 'diversity', 'Nearest-neighbour distance', 'The mean cosine distance from a row to the row most like it.', [0, 2], 'more', 'cosine distance', 0.04562, [0.0401, 0.0514], 0.2317],
  ['diameter', 'diversity', 'Diameter', 'The largest distance between two rows.', [0, 2], 'more', 'cosine distance', 1.0412, null, 1.1038],
  ['near-duplicates', 'diversity', 'Near-duplicates', 'The share of rows with another row at cosine 0.95 or above.', [0, 1], 'less', 'share of rows', 0.61875, [0.566, 0.669], 0.0125],
  ['cluster-entropy', 'diversity', 'Cluster entropy', 'How evenly the rows spread over the clusters.', [0, Number.POSITIVE_INFINITY], 'more', 'nats', 1.913, [1.81, 2.02], 2.744],
  ['cluster-entropy.normalised', 'diversity', 'Cluster entropy, normalised', 'The same, as a part of what an even spread over all clusters would have.', [0, 1], 'more', null, 0.6619, [0.63, 0.69], 0.9494],
  ['effective-clusters', 'diversity', 'Effective clusters', 'How many equally large clusters would be as even as these.', [1, 'k'], 'more', 'clusters', 6.77, [6.1, 7.5], 15.55],
  ['silhouette', 'diversity', 'Silhouette', 'How much closer rows are to their own cluster than to the next; high means separate clumps.', [-1, 1], 'less', null, 0.4127, [0.38, 0.45], 0.0871],
  ['log-det', 'diversity', 'Log determinant', 'The log volume that the rows span.', [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 'more', null, null, null, null],
  ['precision', 'against', 'Precision', 'The share of rows that lie among rows of the reference.', [0, 1], 'more', 'share of rows', 0.9156, [0.88, 0.943], null],
  ['recall', 'against', 'Recall', 'The share of the reference that lies among rows of the dataset.', [0, 1], 'more', 'share of the reference', 0.2344, [0.191, 0.284], null],
  ['density', 'against', 'Density', 'How crowded with reference rows the places are where rows lie.', [0, Number.POSITIVE_INFINITY], 'more', null, 1.3875, [1.21, 1.57], null],
  ['coverage', 'against', 'Coverage', 'The share of reference rows that have a row of the dataset in their neighbourhood.', [0, 1], 'more', 'share of the reference', 0.3063, [0.258, 0.359], null],
];

export const ROWS = 320;

export const abouts: Readonly<Record<string, About>> = Object.fromEntries(
  ENTRIES.map(([id, , title, reads, range, more, unit]) => [
    id,
    {
      title,
      reads,
      range,
      more,
      growsWithN: id.startsWith('vendi'),
      ...(unit === null ? {} : { unit }),
      cite: 'Friedman & Dieng 2023',
    },
  ]),
);

export function measures(): Record<string, MeasureReport> {
  return Object.fromEntries(
    ENTRIES.map(([id, axis, title, , , more, , value, interval, reference]) => {
      const measure: MeasureReport = {
        axis,
        title,
        more,
        value,
        interval,
        n: ROWS,
        method: 'exact',
        ...(value === null ? { why: 'The rank of the covariance is below its dimensions.' } : {}),
        ...(interval === null && value !== null
          ? { why: 'An extreme of a sample has no honest interval.' }
          : {}),
        ...(reference === null ? {} : { compared: { n: ROWS, dataset: value, reference } }),
      };
      return [id, measure];
    }),
  );
}
