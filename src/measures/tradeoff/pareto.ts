import { paretoFront } from '../../stats/front.ts';
import { family } from '../measure.ts';
import { bare, missing } from '../value.ts';

/**
 * pareto: share of rows on the Pareto front, those that no other row is as good as in every objective and better than in
 * one. Objectives (`--pareto`) are the quality and the distance to the nearest other row unless others are named.
 */
const EXAMPLES = 3;

export const pareto = family({
  family: 'pareto',
  axis: 'tradeoff',
  needs: ['objectives'],
  // The usual second objective is the distance to the nearest row.
  quadratic: true,
  measures: {
    pareto: {
      title: 'Rows on the Pareto front',
      reads: 'The share of rows that no other row beats in quality and novelty at once.',
      range: [0, 1],
      more: 'more',
      growsWithN: false,
      unit: 'share of rows',
      cite: 'quality and diversity as two objectives: Havrilla et al. 2024, arXiv 2412.02980',
    },
  },
  finish({ objectives }) {
    const { columns } = objectives;
    const n = columns[0]?.length ?? 0;
    const front = paretoFront(columns);
    if (front.length === 0) {
      const why = n === 0 ? 'no rows' : 'no row has all objectives';
      return { pareto: missing(n, why) };
    }
    const best = front.toSorted((a, b) => columns[0]![b]! - columns[0]![a]! || a - b);
    const why = 'a front is made of extremes, for which no honest interval is known';
    return { pareto: { ...bare(front.length / n, n, why), rows: best.slice(0, EXAMPLES) } };
  },
});
