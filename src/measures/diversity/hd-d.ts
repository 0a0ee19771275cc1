import { absentShare, tallyOf } from '../../stats/rarefaction.ts';
import { family } from '../measure.ts';
import type { Ngrams } from '../texts.ts';
import { careful, estimated, missing } from '../value.ts';

/**
 * hd-d: the share of different words expected among 42 words drawn from all rows without replacement,
 *
 *   HD-D = 1/42 · Σ over words of 1 − C(N − c, 42) ÷ C(N, 42)
 *
 * with c of the N words the same (McCarthy & Jarvis 2007, 2010). It is the type-token ratio at one fixed
 * length, so neither the number of rows nor their length matters.
 */
export const DRAWN = 42;

export const hdD = family({
  family: 'hd-d',
  axis: 'diversity',
  section: 'lexical',
  needs: ['ngrams'],
  at: { disjoint: 1 },
  intervalBy:
    'leaving out one of 32 groups of rows at a time; ends no nearer than those of the reciprocal',
  measures: {
    'hd-d': {
      title: 'HD-D',
      reads: 'The share of different words among 42 words drawn at random.',
      range: [0, 1],
      more: 'more',
      growsWithN: false,
      unit: 'share of words',
      cite: 'McCarthy & Jarvis 2010, Behavior Research Methods 42',
    },
  },
  finish({ ngrams }) {
    const { n, sizes } = ngrams;
    const { level, totals, occurrences } = ngrams.counts[0]!;
    const all = totals.reduce((sum, total) => sum + total, 0);
    if (all < DRAWN) return { 'hd-d': missing(n, `needs ${DRAWN} words`) };
    if (level > 0) return { 'hd-d': missing(n, 'too many different words to count them all') };
    const tally = tallyOf(occurrences);
    const changed = changedCounts(ngrams);
    const left = Array.from(totals, (own, g) =>
      all - own < DRAWN ? null : drawnShare(tally, changed[g]!, all - own),
    );
    const value = drawnShare(tally, new Map(), all);
    const found = estimated(value, left, sizes, n, [0, 1]);
    return { 'hd-d': careful(found, left, sizes, [0, 1]) };
  },
});

/** HD-D of words whose counts have a tally, corrected by changes to it. */
function drawnShare(
  tally: ReadonlyMap<number, number>,
  changes: ReadonlyMap<number, number>,
  all: number,
): number {
  let sum = 0;
  const add = (count: number, words: number): void => {
    sum += words * (1 - absentShare(count, all, DRAWN));
  };
  for (const [count, words] of tally) {
    const left = words + (changes.get(count) ?? 0);
    if (left !== 0) add(count, left);
  }
  for (const [count, words] of changes) if (!tally.has(count) && count > 0) add(count, words);
  return sum / DRAWN;
}

/** What leaving out each group does to the tally of counts. */
function changedCounts({ counts, shares, sizes }: Ngrams): Map<number, number>[] {
  const { occurrences, groups } = counts[0]!;
  const changes = Array.from(sizes, () => new Map<number, number>());
  let at = 0;
  for (let i = 0; i < occurrences.length; i += 1) {
    const count = occurrences[i]!;
    for (let left = groups[i]!; left !== 0; left &= left - 1) {
      const change = changes[31 - Math.clz32(left & -left)]!;
      const rest = count - shares.words.occurrences[at]!;
      change.set(count, (change.get(count) ?? 0) - 1);
      change.set(rest, (change.get(rest) ?? 0) + 1);
      at += 1;
    }
  }
  return changes;
}
