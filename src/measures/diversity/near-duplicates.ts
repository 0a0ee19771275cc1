import { family } from '../measure.ts';
import { shareWithin } from '../nearest.ts';

/**
 * near-duplicates: share of rows that have another row at cosine ≥ --duplicate-at (0.95), equal rows
 * included. With an approximate index a row whose twin was missed is not counted; see `index.recall`.
 */
export const nearDuplicates = family({
  family: 'near-duplicates',
  axis: 'diversity',
  needs: ['cosineNeighbours', 'rows'],
  at: { one: null, identical: 1, disjoint: 0, duplicated: 1 },
  intervalBy: '31 half-samples; Wilson',
  measures: {
    'near-duplicates': {
      title: 'Near-duplicates',
      reads: 'The share of rows that say nearly the same as another row.',
      range: [0, 1],
      more: 'less',
      growsWithN: true,
      rows: 'unit',
      unit: 'share of rows',
      cite: 'Abbas et al. 2023 (SemDeDup), arXiv 2303.09540',
    },
  },
  finish({ cosineNeighbours: graph, rows }, { settings }) {
    const reach = nearDuplicateReach(settings.duplicateAt);
    return { 'near-duplicates': shareWithin(graph, rows, reach) };
  },
});

/**
 * The distance up to which rows are near-duplicates. Float32 vectors of equal direction differ by
 * rounding: 1e-6 of slack keeps them at cosine 1.
 */
export const nearDuplicateReach = (cosine: number): number => 1 - cosine + 1e-6;
