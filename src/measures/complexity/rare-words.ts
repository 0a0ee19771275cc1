import { commonWords } from '../../embed/common-words.ts';
import { traitFamily } from '../traits.ts';

/**
 * rare-words: the share of a row's words that are outside a fixed list of common ones, so that the number is the
 * same for a row whatever dataset it is in (Laufer & Nation 1995). The list is what the embedded model's tokeniser
 * spells whole: some 4,900 words, the commonest of the English web. As in that profile whole families count as
 * common: a word is, if it is without an ending such as -s, -ed, -ing or -ly. Numbers, rows in other languages
 * and rows of less than LEAST words are left out.
 */
const LEAST = 10;

export const rareWords = traitFamily({
  family: 'rare-words',
  axis: 'complexity',
  traits: {
    'rare-words': {
      about: {
        title: 'Rare words',
        reads:
          'The share of words outside the families of some 4,900 common English ones, the same list for every dataset.',
        range: [0, 1],
        more: 'more',
        growsWithN: false,
        unit: 'share of words',
        cite: 'Laufer & Nation 1995',
      },
      of(view) {
        if (view.language !== 'en') return null;
        const words = view.plain.filter((word) => /^\p{L}[\p{L}\p{M}'’-]*$/u.test(word));
        if (words.length < LEAST) return null;
        let rare = 0;
        for (const word of words) if (!isCommon(word)) rare += 1;
        return rare / words.length;
      },
      only: `rows in English with ${LEAST} words or more`,
    },
  },
});

/** Endings, and what may have stood in their place. */
const ENDINGS: readonly (readonly [ending: RegExp, stems: readonly string[]])[] = [
  [/['’](?:s|re|ve|ll|d|m|t)?$/, ['']],
  [/n['’]t$/, ['']],
  [/i(?:es|ed|er|est|ly)$/, ['y']],
  [/(?:es|ed|er|est|ing)$/, ['', 'e']],
  [/(?:s|ly|ness|ment|ful|less)$/, ['']],
];
/** The letter that an ending doubles: 'planned'. */
const DOUBLED = /([bdfgklmnprtz])\1$/;

/** Whether a lower-cased word, any part of it between hyphens, or its stem is on the list. */
export function isCommon(word: string): boolean {
  const words = commonWords();
  if (words.has(word)) return true;
  if (word.includes('-')) return word.split('-').every((part) => part === '' || isCommon(part));
  for (const [ending, stems] of ENDINGS) {
    if (!ending.test(word)) continue;
    const stem = word.replace(ending, '');
    if (stems.some((end) => words.has(stem + end))) return true;
    if (words.has(stem.replace(DOUBLED, '$1'))) return true;
  }
  return false;
}
