import type { NgramCounts, NgramShares } from '../../compute/ngram-counts.ts';
import { GROUPS } from '../../stats/groups.ts';
import { bundling, seenIn } from '../../stats/unseen.ts';
import { family } from '../measure.ts';
import type { Ngrams } from '../texts.ts';
import { CHAO, chaoOf, GOOD_TURING } from '../unseen.ts';
import { estimated, missing, type Value } from '../value.ts';

/**
 * How much of a source's wording its rows have shown. Rows are what is drawn, not words, which come in bundles:
 *
 *   chao.words           different words it has, at least: Chao2 = S + (n − 1)/n · Q₁²/2Q₂, Q₁ and Q₂ the
 *                        words that are in exactly one and two of the n rows (Chao 1987); his variance times how much
 *                        more the words that only one row has vary between equally many words of groups of rows than single ones would
 *   good-turing.words    share of the words of a fresh row that are in some row already,
 *   good-turing.4-grams  and of its runs of four: 1 − (those of each row that no other row has) ÷ all,
 *                        which is Good's (1953) estimate with a row as the draw
 */
export const unseenWords = family({
  family: 'unseen-words',
  axis: 'diversity',
  section: 'lexical',
  needs: ['ngrams'],
  at: { one: 0, identical: 1, disjoint: 0, duplicated: 1 },
  intervalBy:
    'Chao’s log-normal one, widened as words come in bundles; a group of rows at a time for the shares',
  measures: {
    'chao.words': {
      title: 'Different words to come',
      reads:
        'How many different words the source has at the least, by how many are in one row and in two.',
      ...CHAO,
      unit: 'words',
      at: { one: 'any', identical: 'same', disjoint: 'any', duplicated: 'any' },
    },
    'good-turing.words': {
      title: 'Words seen already',
      reads: 'The share of the words of a fresh row that some row has already.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of words',
    },
    'good-turing.4-grams': {
      title: '4-grams seen already',
      reads: 'The share of the runs of four words of a fresh row that some row has already.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of 4-grams',
    },
  },
  finish({ ngrams }) {
    const { n, counts, shares } = ngrams;
    const words = counts[0]!;
    const scale = 2 ** words.level;
    const { kinds, once, twice } = seenIn(words.inDocuments, n);
    const seen = { kinds: kinds * scale, once: once * scale, twice: twice * scale, draws: n };
    return {
      'chao.words':
        kinds === 0
          ? missing(n, 'no words')
          : chaoOf(seen, n, bundling(aloneIn(words), words.totals)),
      'good-turing.words': seenElsewhere(ngrams, words, shares.words),
      'good-turing.4-grams': seenElsewhere(ngrams, counts[3]!, shares.fours),
    };
  },
});

/** Different words that are in one row alone, by the group of that row. */
function aloneIn({ groups, inDocuments }: NgramCounts): Float64Array {
  const found = new Float64Array(GROUPS);
  for (let i = 0; i < groups.length; i += 1) {
    if (inDocuments[i] === 1) found[31 - Math.clz32(groups[i]!)]! += 1;
  }
  return found;
}

/** 1 − (occurrences of n-grams that one row alone has) ÷ all occurrences, whole and without each group. */
function seenElsewhere({ n, sizes }: Ngrams, counts: NgramCounts, shares: NgramShares): Value {
  const all = counts.totals.reduce((sum, total) => sum + total, 0);
  if (all === 0) return missing(n, 'no row has so many words');
  const { groups, twice, occurrences, inDocuments } = counts;
  const changes = new Float64Array(sizes.length);
  let alone = 0;
  let at = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const mask = groups[i]!;
    const low = 31 - Math.clz32(mask & -mask);
    const rest = mask & (mask - 1);
    if (inDocuments[i] === 1) {
      alone += occurrences[i]!;
      changes[low]! -= occurrences[i]!;
    } else if (rest !== 0 && (rest & (rest - 1)) === 0) {
      // In two groups: without the one it may be left to a single row of the other.
      const high = 31 - Math.clz32(rest);
      if ((twice[i]! & rest) === 0) changes[low]! += shares.occurrences[at + 1]!;
      if ((twice[i]! & (1 << low)) === 0) changes[high]! += shares.occurrences[at]!;
    }
    for (let left = mask; left !== 0; left &= left - 1) at += 1;
  }
  const scale = 2 ** counts.level;
  const share = (lonely: number, of: number): number | null =>
    of === 0 ? null : Math.max(0, 1 - (scale * lonely) / of);
  const left = Array.from(changes, (change, g) => share(alone + change, all - counts.totals[g]!));
  const value = estimated(share(alone, all)!, left, sizes, n, [0, 1]);
  return counts.level === 0 ? value : { ...value, method: 'sampled' };
}
