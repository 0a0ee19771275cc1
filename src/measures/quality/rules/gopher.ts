import type { TextView } from '../../text-view.ts';
import { repeatedShare, topShare } from './repeats.ts';
import type { Rule } from './rule.ts';

/**
 * Checks in the manner of Gopher's MassiveText (Rae et al. 2021, arXiv 2112.11446, appendix A.1.1 and table A1), for
 * one row in place of a page. Thresholds are theirs; a share says something only of enough words or lines, so rules
 * are for rows of so many (their least of 50 words a page is no rule here: an instruction may be short). Fewer than a
 * hundred words have few stop words and few phrases by chance. Solved sums, full of numbers and signs, are left out of some.
 *
 *   word-length      mean word outside 3 … 10 characters                    rows of 20 Latin words or more, no sums
 *   symbols          # and … are more than 0.1 a word, a run of # as one    rows of 20 words or more, no code
 *   bullets          more than 90 % of lines begin with a bullet (of form)  4 lines or more
 *   ellipses         more than 30 % of lines end with an ellipsis           4 lines or more
 *   no-letters       less than 80 % of words have a letter, signs of lists aside   50 words or more, no code, no sums
 *   stop-words       fewer than 2 of: the be to of and that have with       100 words or more, English or unknown Latin
 *   repeated-lines   more than 30 % of lines (20 % of characters in lines) repeat an earlier one, code excepted    4 lines
 *   top-ngram        the most frequent 2-, 3- or 4-gram has more than 20, 18, 16 % of the characters   100 words, no code, no sums
 *   repeated-ngrams  5- … 10-grams that occur twice have more than 15, 14, 13, 12, 11, 10 % of the characters   likewise
 */
const cite = 'Rae et al. 2021 (Gopher), arXiv 2112.11446';
const WORDS = 20;
const SOME_WORDS = 50;
const MANY_WORDS = 100;
const PHRASES = `rows of ${MANY_WORDS} words or more without code and sums`;
const LINES = 4;
const STOP_WORDS = new Set(['the', 'be', 'to', 'of', 'and', 'that', 'have', 'with']);
const LATIN = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]*$/u;

const shareOf = <T>(all: readonly T[], is: (one: T) => boolean): number =>
  all.reduce((count, one) => count + (is(one) ? 1 : 0), 0) / all.length;

const hasPhrases = ({ plain, code, calculations }: TextView): boolean =>
  plain.length >= MANY_WORDS && code === null && calculations === 0;

export const gopher: readonly Rule[] = [
  {
    id: 'word-length',
    title: 'Odd word lengths',
    reads: 'The share of rows whose words have fewer than 3 or more than 10 characters on average.',
    cite,
    breaks({ plain, text, calculations }) {
      if (plain.length < WORDS || calculations > 0 || !LATIN.test(text)) return null;
      const mean = plain.reduce((sum, word) => sum + word.length, 0) / plain.length;
      return mean < 3 || mean > 10;
    },
    only: 'rows of 20 Latin words or more without sums',
  },
  {
    id: 'symbols',
    title: 'Many # and …',
    reads: 'The share of rows with more than one # or … for ten words.',
    cite,
    breaks({ words, text, code }) {
      if (words.length < WORDS || code !== null) return null;
      return (text.match(/#+|\.\.\.|…/g)?.length ?? 0) > 0.1 * words.length;
    },
    only: 'rows of 20 words or more without code',
  },
  {
    id: 'bullets',
    title: 'Nothing but bullets',
    reads: 'The share of rows in which more than nine in ten lines begin with a bullet.',
    cite,
    breaks: ({ lines }) =>
      lines.length < LINES ? null : shareOf(lines, (line) => /^[-*•‣▪–]/.test(line)) > 0.9,
    only: 'rows of 4 lines or more',
    form: true,
  },
  {
    id: 'ellipses',
    title: 'Lines that trail off',
    reads: 'The share of rows in which more than three in ten lines end with an ellipsis.',
    cite,
    breaks: ({ lines }) =>
      lines.length < LINES ? null : shareOf(lines, (line) => /(?:\.\.\.|…)$/.test(line)) > 0.3,
    only: 'rows of 4 lines or more',
  },
  {
    id: 'no-letters',
    title: 'Words without letters',
    reads: 'The share of rows in which more than one word in five has no letter.',
    cite,
    breaks({ words, code, calculations, items }) {
      if (words.length < SOME_WORDS || code !== null || calculations > 0) return null;
      const letters = words.filter((word) => /\p{L}/u.test(word)).length;
      return letters < 0.8 * (words.length - items);
    },
    only: `rows of ${SOME_WORDS} words or more without code and sums`,
  },
  {
    id: 'stop-words',
    title: 'No stop words',
    reads: 'The share of rows with fewer than two of the commonest English words.',
    cite,
    breaks({ plain, language, code }) {
      const english = language === 'en' || language === null;
      if (plain.length < MANY_WORDS || !english || code !== null) return null;
      return new Set(plain.filter((word) => STOP_WORDS.has(word))).size < 2;
    },
    only: `rows of ${MANY_WORDS} words or more in English or no known language, without code`,
  },
  {
    id: 'repeated-lines',
    title: 'Lines said again',
    reads: 'The share of rows in which more than three in ten lines repeat an earlier one.',
    cite,
    breaks({ lines, code }) {
      if (lines.length < LINES || code !== null) return null;
      const seen = new Set<string>();
      let again = 0;
      let characters = 0;
      let all = 0;
      for (const line of lines) {
        all += line.length;
        if (seen.has(line)) {
          again += 1;
          characters += line.length;
        }
        seen.add(line);
      }
      return again > 0.3 * lines.length || characters > 0.2 * all;
    },
    only: 'rows of 4 lines or more without code',
  },
  {
    id: 'top-ngram',
    title: 'One phrase over and over',
    reads: 'The share of rows of which one phrase of 2, 3 or 4 words is a fifth or nearly so.',
    cite,
    breaks(view) {
      if (!hasPhrases(view)) return null;
      const { plain } = view;
      return [2, 3, 4].some((size) => topShare(plain, size) > [0.2, 0.18, 0.16][size - 2]!);
    },
    only: PHRASES,
  },
  {
    id: 'repeated-ngrams',
    title: 'Phrases said again',
    reads:
      'The share of rows of which phrases of 5 to 10 words that occur twice are a tenth or more.',
    cite,
    breaks(view) {
      if (!hasPhrases(view)) return null;
      const { plain } = view;
      for (let size = 5; size <= 10; size += 1) {
        const share = repeatedShare(plain, size);
        // Longer phrases repeat only where shorter ones do.
        if (share === 0) return false;
        if (share > 0.2 - 0.01 * size) return true;
      }
      return false;
    },
    only: PHRASES,
  },
];
