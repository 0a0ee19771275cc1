import { traitFamily } from '../traits.ts';

/**
 * readability: the Flesch–Kincaid grade level (Kincaid et al. 1975),
 *
 *   0.39 · words/sentences + 11.8 · syllables/words − 15.59,
 *
 * the year of an American school in which a text can be read. It is for English prose: rows in other
 * languages, of less than LEAST words, of code, and without ends of sentences (more than 100 words each) have none. Syllables are counted
 * by groups of vowels.
 */
const LEAST = 10;

export const readability = traitFamily({
  family: 'readability',
  axis: 'complexity',
  traits: {
    readability: {
      about: {
        title: 'Grade level',
        reads:
          'The school year in which the text can be read, by Flesch and Kincaid’s formula for English.',
        range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        more: 'more',
        growsWithN: false,
        unit: 'school years',
        cite: 'Kincaid et al. 1975',
      },
      of(view) {
        const { plain, sentences } = view;
        if (plain.length < LEAST || !view.isEnglishProse) return null;
        let syllables = 0;
        for (const word of plain) syllables += syllablesOf(word);
        return (
          0.39 * (plain.length / Math.max(1, sentences.length)) +
          11.8 * (syllables / plain.length) -
          15.59
        );
      },
      only: `rows of English prose with ${LEAST} words or more`,
    },
  },
});

/** Groups of vowels; a last e is silent unless it ends in -le, and so is that of -es and -ed where nothing asks for it. */
export function syllablesOf(word: string): number {
  const letters = word.replace(/[^a-z]/g, '');
  if (letters.length <= 3) return 1;
  const spoken = letters
    .replace(/(?:[^laeiouy]e|[^aeiouycsgxz]es|[^aeiouytd]ed)$/, (end) => end[0]!)
    .replace(/^y/, '');
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 1);
}
