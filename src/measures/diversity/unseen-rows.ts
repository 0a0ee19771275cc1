import { GROUPS } from '../../stats/groups.ts';
import { seenIn } from '../../stats/unseen.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { CHAO, chaoOf, GOOD_TURING } from '../unseen.ts';
import { estimated, missing, type Value } from '../value.ts';

/**
 * What rows that are equal to the letter say about the source: a generator that repeats itself has
 * few different rows to give.
 *
 *   chao.rows         different rows it can give, at least: Chao1 = S + (n − 1)/n · f₁²/2f₂
 *   good-turing.rows  share of fresh rows that would equal one that is there: 1 − f₁/n
 *
 * f₁ and f₂ count the rows that occur once and twice (Good 1953; Chao 1984). The first has Chao's log-normal
 * interval, the second a jackknife's.
 */
export const unseenRows = family({
  family: 'unseen-rows',
  axis: 'diversity',
  needs: ['rows'],
  measures: {
    'chao.rows': {
      title: 'Different rows to come',
      reads:
        'How many different rows the source can give at the least, by how many came once and twice.',
      ...CHAO,
      unit: 'rows',
    },
    'good-turing.rows': {
      title: 'Rows seen already',
      reads:
        'The share of fresh rows from the same source that would equal one of these to the letter.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of rows',
    },
  },
  finish({ rows: { n, kinds, groups, sizes } }) {
    const counts = new Map<number, number>();
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return {
      'chao.rows': chaoOf(seenIn([...counts.values()], n), n),
      'good-turing.rows':
        n === 0 ? missing(0, 'no rows') : repeated({ n, kinds, groups, sizes }, counts),
    };
  },
});

/** The share of rows that another row equals, whole and without each group. */
function repeated(
  { n, kinds, groups, sizes }: Pick<Rows, 'n' | 'kinds' | 'groups' | 'sizes'>,
  counts: ReadonlyMap<number, number>,
): Value {
  const inGroup = new Map<number, number>();
  for (let i = 0; i < n; i += 1) {
    const at = kinds[i]! * GROUPS + groups[i]!;
    inGroup.set(at, (inGroup.get(at) ?? 0) + 1);
  }
  let once = 0;
  for (const count of counts.values()) if (count === 1) once += 1;
  const changes = new Float64Array(GROUPS);
  for (const [at, here] of inGroup) {
    const count = counts.get(Math.floor(at / GROUPS))!;
    if (count === 1) changes[at % GROUPS]! -= 1;
    else if (count - here === 1) changes[at % GROUPS]! += 1;
  }
  const left = Array.from(changes, (change, g) =>
    sizes[g] === n ? null : 1 - (once + change) / (n - sizes[g]!),
  );
  return estimated(1 - once / n, left, sizes, n, [0, 1]);
}
