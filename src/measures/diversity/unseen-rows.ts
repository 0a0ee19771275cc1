import { seenIn } from '../../stats/unseen.ts';
import { family } from '../measure.ts';
import { CHAO, chaoOf, GOOD_TURING, goodTuringOf } from '../unseen.ts';

/**
 * What rows that are equal to the letter say about the source: a generator that repeats itself has
 * few different rows to give.
 *
 *   chao.rows         different rows it can give, at least: Chao1 = S + (n − 1)/n · f₁²/2f₂
 *   good-turing.rows  share of fresh rows that would equal one that is there: 1 − f₁/n
 *
 * f₁ and f₂ count the rows that occur once and twice (Good 1953; Chao 1984). The first has Chao's log-normal
 * interval, the second Wilson's, of as many draws as its error is worth.
 */
export const unseenRows = family({
  family: 'unseen-rows',
  axis: 'diversity',
  needs: ['rows'],
  intervalBy: 'Chao’s log-normal one; Wilson’s for the share',
  measures: {
    'chao.rows': {
      title: 'Different rows to come',
      reads:
        'How many different rows the source can give at the least, by how many came once and twice.',
      ...CHAO,
      unit: 'rows',
      at: { one: 1, identical: 1, duplicated: 'kinds' },
    },
    'good-turing.rows': {
      title: 'Rows seen already',
      reads:
        'The share of fresh rows from the same source that would equal one of these to the letter.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of rows',
      at: { one: 0, identical: 1, disjoint: 0, duplicated: 1 },
    },
  },
  finish({ rows: { n, kinds } }) {
    const counts = new Map<number, number>();
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const seen = seenIn([...counts.values()], n);
    return { 'chao.rows': chaoOf(seen, n), 'good-turing.rows': goodTuringOf(seen, n) };
  },
});
