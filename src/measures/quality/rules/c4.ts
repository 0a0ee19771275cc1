import { BOILERPLATE_ABROAD, IN_KNOWN_LANGUAGES, knowsPhrases } from './phrases.ts';
import type { Rule } from './rule.ts';

/**
 * Checks in the manner of C4 (Raffel et al. 2020, arXiv 1910.10683, section 2.2), for one row in place of a page:
 *
 *   lorem-ipsum    has “lorem ipsum”
 *   boilerplate    asks for JavaScript, or speaks of cookies, terms of use or a privacy policy, in one line
 *   curly-brackets has a {, as templates that were not filled in; for rows without code, formulas of TeX and JSON
 *
 * Left out: the list of bad words, and the checks of length and final punctuation, which are for pages.
 */
const cite = 'Raffel et al. 2020 (C4), arXiv 1910.10683';
const BOILERPLATE =
  /enable javascript|javascript (?:is|must be) (?:enabled|disabled|required)|uses cookies|use of cookies|use cookies|cookie policy|accept (?:all )?cookies|all rights reserved|powered by wordpress/i;
/** A command of TeX, or a key of JSON. */
const MARKED_UP = /\\[a-zA-Z]+\b|["']\w[^"'\n]*["']\s*:/;

export const c4: readonly Rule[] = [
  {
    id: 'lorem-ipsum',
    title: 'Lorem ipsum',
    reads: 'The share of rows with “lorem ipsum”.',
    cite,
    breaks: ({ text }) => /lorem ipsum/i.test(text),
  },
  {
    id: 'boilerplate',
    title: 'Boilerplate of web pages',
    reads: 'The share of rows with a web page’s lines on JavaScript, cookies or rights.',
    cite,
    breaks: (view) =>
      knowsPhrases(view) ? BOILERPLATE.test(view.text) || BOILERPLATE_ABROAD.test(view.text) : null,
    only: `rows ${IN_KNOWN_LANGUAGES}`,
  },
  {
    id: 'curly-brackets',
    title: 'Curly brackets in prose',
    reads: 'The share of rows without code, formulas and JSON that have a curly bracket.',
    cite,
    breaks: ({ code, text }) => (code !== null || MARKED_UP.test(text) ? null : text.includes('{')),
    only: 'rows without code, formulas and JSON',
  },
];
