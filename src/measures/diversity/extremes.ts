import { rowOf, squaredDistance } from '../../compute/vectors.ts';
import { family } from '../measure.ts';
import { bare, missing } from '../value.ts';

/**
 * diameter    the largest cosine distance between two rows
 * bottleneck  the smallest
 *
 * Extremes of a sample say little about the source: both move with every added row, and no honest
 * interval is known for them.
 */
export const extremes = family({
  family: 'extremes',
  axis: 'diversity',
  needs: ['cosineNeighbours', 'rows'],
  at: { one: null, identical: 0, disjoint: 1 },
  intervalBy: 'none: extremes and counts have no honest one',
  measures: {
    diameter: {
      title: 'Diameter',
      reads: 'How far apart the two most different rows are.',
      range: [0, 2],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Xie et al. 2023, arXiv 2108.03934 (diameter)',
      at: { duplicated: 1 },
    },
    bottleneck: {
      title: 'Bottleneck',
      reads: 'How far apart the two most similar rows are; 0 when two rows are equal.',
      range: [0, 2],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Xie et al. 2023, arXiv 2108.03934 (bottleneck)',
      at: { duplicated: 0 },
    },
  },
  finish({ cosineNeighbours: graph, rows }) {
    const { n, k } = graph;
    if (k === 0) {
      const none = missing(n, 'needs at least two rows');
      return { diameter: none, bottleneck: none };
    }
    const why = 'an extreme of the sample has no honest interval';
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i += 1) smallest = Math.min(smallest, graph.distances[i * k]!);
    if (graph.farthest === null) {
      const none = missing(n, 'needs an exact index: --index exact');
      return { diameter: none, bottleneck: bare(smallest, n, why) };
    }
    let largest = 0;
    for (let i = 0; i < n; i += 1) {
      const far = rowOf(rows.unit, graph.farthest[i]!);
      largest = Math.max(largest, squaredDistance(rowOf(rows.unit, i), far) / 2);
    }
    return { diameter: bare(largest, n, why), bottleneck: bare(smallest, n, why) };
  },
});
