import { family } from '../measure.ts';
import { meanDistanceToNearest } from '../nearest.ts';

/**
 * nn-distance   mean over rows of the cosine distance to the nearest other row (Chamfer)
 * knn-distance  mean over rows of the mean distance to the 5 nearest
 *
 * 0 for rows that all have an equal twin. The graph holds enough neighbours to know each row's
 * nearest ones in parts of the rows, which intervals are made from, without another search.
 */
const NEAREST = 5;

export const nnDistance = family({
  family: 'nn-distance',
  axis: 'diversity',
  needs: ['cosineNeighbours', 'rows'],
  at: { one: null, identical: 0, disjoint: 1, duplicated: 0 },
  intervalBy: 'leaving out a group at a time and 31 half-samples together',
  measures: {
    'nn-distance': {
      title: 'Nearest-neighbour distance',
      reads: 'How far a row is from the row most like it, on average.',
      range: [0, 2],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Cox et al. 2021 (Chamfer), arXiv 2111.02488',
    },
    'knn-distance': {
      title: 'Distance to the 5 nearest',
      reads: 'How far a row is from the five rows most like it, on average.',
      range: [0, 2],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Cao et al. 2023 (InstructionMining, KNN-i), arXiv 2307.06290',
    },
  },
  finish({ cosineNeighbours, rows }) {
    return {
      'nn-distance': meanDistanceToNearest(cosineNeighbours, rows, 1),
      'knn-distance': meanDistanceToNearest(cosineNeighbours, rows, NEAREST),
    };
  },
});
