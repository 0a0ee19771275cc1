import type { NgramCounts, NgramShares } from '../../compute/ngram-counts.ts';
import { GROUPS } from '../../stats/groups.ts';
import { jackknifeError } from '../../stats/jackknife.ts';
import { chaoParts, chaoSlopes, onceVariance, type Seen, seenIn } from '../../stats/unseen.ts';
import { family } from '../measure.ts';
import type { Ngrams } from '../texts.ts';
import { CHAO, chaoOf, GOOD_TURING } from '../unseen.ts';
import { counted, missing, type Value } from '../value.ts';

/**
 * How much of a source's wording its rows have shown. Rows are what is drawn, not words, which come in bundles:
 *
 *   chao.words           different words it has, at least: Chao2 = S + (n − 1)/n · Q₁²/2Q₂, Q₁ and Q₂ the
 *                        words that are in exactly one and two of the n rows (Chao 1987); his variance, which takes
 *                        words to come by themselves, and what words of one row, and rows of other lengths, add to it
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
    'Chao’s log-normal one, widened as words come in rows; for the shares a group of rows at a time, less what that counts twice of each word',
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
          : chaoOf(seen, n, bundledOf(ngrams, words, shares.words, seen)),
      'good-turing.words': seenElsewhere(ngrams, words, shares.words),
      'good-turing.4-grams': seenElsewhere(ngrams, counts[3]!, shares.fours),
    };
  },
});

/**
 * How many times as much Chao's estimate varies as if every word came by itself: words of a row come together, and rows differ
 * in length. Leaving out groups of rows shows that, beside what it shows of each word by itself, which Chao's own variance says better.
 */
function bundledOf(
  { sizes }: Ngrams,
  { groups, inDocuments, level }: NgramCounts,
  shares: NgramShares,
  seen: Seen,
): number {
  const slopes = chaoSlopes(seen);
  const changes = new Float64Array(GROUPS);
  let alone = 0;
  let at = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const rows = inDocuments[i]!;
    const before = worth(rows, slopes);
    for (let mask = groups[i]!; mask !== 0; mask &= mask - 1) {
      const change = worth(rows - shares.inDocuments[at]!, slopes) - before;
      at += 1;
      if (change === 0) continue;
      changes[31 - Math.clz32(mask & -mask)]! += change;
      alone += change ** 2;
    }
  }
  const found = jackknifeError(0, changes, sizes);
  const { variance } = chaoParts(seen);
  if (found === null || variance === 0) return 1;
  const together = found.error ** 2 - (alone * (found.groups - 1)) / found.groups;
  return 1 + (2 ** level * Math.max(0, 2 ** level * together)) / variance;
}

/** What a word in so many rows adds to Chao's estimate. */
const worth = (rows: number, slopes: { readonly once: number; readonly twice: number }): number =>
  rows === 0 ? 0 : rows === 1 ? 1 + slopes.once : rows === 2 ? 1 + slopes.twice : 1;

/**
 * 1 − (occurrences of n-grams that one row alone has) ÷ all occurrences, whole and without each group; less what leaving out
 * counts twice of each n-gram by itself.
 */
function seenElsewhere({ n, sizes }: Ngrams, counts: NgramCounts, shares: NgramShares): Value {
  const all = counts.totals.reduce((sum, total) => sum + total, 0);
  if (all === 0) return missing(n, 'no row has so many words');
  const { groups, twice, occurrences, inDocuments } = counts;
  const changes = new Float64Array(sizes.length);
  const seen = { once: 0, twice: 0, thrice: 0 };
  let alone = 0;
  let [ones, lost] = [0, 0];
  let at = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const mask = groups[i]!;
    const low = 31 - Math.clz32(mask & -mask);
    const rest = mask & (mask - 1);
    const rows = inDocuments[i]!;
    if (rows === 2) seen.twice += 1;
    if (rows === 3) seen.thrice += 1;
    if (rows === 1) {
      seen.once += 1;
      alone += occurrences[i]!;
      ones += occurrences[i]! ** 2;
      changes[low]! -= occurrences[i]!;
    } else if (rest !== 0 && (rest & (rest - 1)) === 0) {
      // In two groups: without the one it may be left to a single row of the other.
      const high = 31 - Math.clz32(rest);
      const left = (twice[i]! & rest) === 0 ? shares.occurrences[at + 1]! : 0;
      const right = (twice[i]! & (1 << low)) === 0 ? shares.occurrences[at]! : 0;
      changes[low]! += left;
      changes[high]! += right;
      lost += left ** 2 + right ** 2;
    }
    for (let more = mask; more !== 0; more &= more - 1) at += 1;
  }
  const scale = 2 ** counts.level;
  const share = (lonely: number, of: number): number | null =>
    of === 0 ? null : Math.max(0, 1 - (scale * lonely) / of);
  const without = Array.from(changes, (change, g) =>
    share(alone + change, all - counts.totals[g]!),
  );
  const value = share(alone, all)!;
  const found = jackknifeError(value, without, sizes);
  // Of a sample of the n-grams leaving out shows the error of sampling too.
  if (counts.level > 0) return { ...counted(value, found, 0, n, [0, 1]), method: 'sampled' };
  if (found === null) return counted(value, null, 0, n, [0, 1]);
  const variance = onceVariance(seen, {
    jackknife: found.error ** 2,
    kinds: (ones + lost) / all ** 2,
    ones: ones / all ** 2,
  });
  return counted(value, { ...found, error: Math.sqrt(variance) }, 0, n, [0, 1]);
}
