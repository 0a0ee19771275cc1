import { traitFamily } from '../traits.ts';

/**
 * How long rows are:
 *
 *   length.chars      characters (code points)
 *   length.words      what white space parts; in scripts without spaces each character is a word
 *   sentence-length   words a sentence; sentences end at . ! ? before space, and with their line
 */
const about = { more: 'more', growsWithN: false } as const;

export const length = traitFamily({
  family: 'length',
  axis: 'complexity',
  traits: {
    'length.chars': {
      about: {
        title: 'Characters a row',
        reads: 'How many characters a row has on average.',
        range: [0, Number.POSITIVE_INFINITY],
        ...about,
        unit: 'characters',
        cite: 'length as complexity: Liu et al. 2023 (DEITA), arXiv 2312.15685',
      },
      of: ({ text }) => codePoints(text),
    },
    'length.words': {
      about: {
        title: 'Words a row',
        reads: 'How many words a row has on average.',
        range: [0, Number.POSITIVE_INFINITY],
        ...about,
        unit: 'words',
        cite: 'length as complexity: Liu et al. 2023 (DEITA), arXiv 2312.15685',
      },
      of: ({ words }) => words.length,
    },
    'sentence-length': {
      about: {
        title: 'Words a sentence',
        reads: 'How many words the sentences of a row have on average.',
        range: [0, Number.POSITIVE_INFINITY],
        ...about,
        unit: 'words',
        cite: 'Flesch 1948',
      },
      of: ({ words, sentences }) =>
        sentences.length === 0 ? null : words.length / sentences.length,
      only: 'rows with a sentence',
    },
  },
});

function codePoints(text: string): number {
  let count = text.length;
  for (const _ of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) count -= 1;
  return count;
}
