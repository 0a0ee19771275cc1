import { family } from '../measure.ts';
import { presentMean } from '../traits.ts';
import { missing } from '../value.ts';

/** length.tokens: tokens a row, as the model that embeds it counts them, before windows or cuts. */
export const tokens = family({
  family: 'tokens',
  axis: 'complexity',
  needs: ['rows', 'traits'],
  at: { identical: 'same', duplicated: 'same' },
  measures: {
    'length.tokens': {
      title: 'Tokens a row',
      reads: 'How many tokens of the embedding model a row has on average.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      unit: 'tokens',
      cite: 'length as complexity: Liu et al. 2023 (DEITA), arXiv 2312.15685',
    },
  },
  finish({ rows }) {
    const counts = rows.tokens ?? null;
    if (counts === null) return { 'length.tokens': missing(rows.n, 'no model counted tokens') };
    const range = [0, Number.POSITIVE_INFINITY] as const;
    return { 'length.tokens': presentMean(Float64Array.from(counts), rows, range) };
  },
});
