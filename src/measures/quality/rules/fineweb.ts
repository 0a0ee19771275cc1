import type { TextView } from '../../text-view.ts';
import type { Rule } from './rule.ts';

/**
 * Checks that FineWeb added (Penedo et al. 2024, arXiv 2406.17557, section 3.5), for one row in place of a page, where it has
 * LINES lines or more and no code:
 *
 *   unended-lines     12 % of lines or fewer end with . ! ? or a closing quotation mark
 *   repeated-text     10 % of the characters or more are in lines that repeat an earlier one
 *   short-lines       67 % of lines or more are shorter than 30 characters
 *
 * The first and the last are of form and not for lists, rows of which half of the lines or more are items.
 */
const cite = 'Penedo et al. 2024 (FineWeb), arXiv 2406.17557';
const only = 'rows of 6 lines or more without code';
const LINES = 6;
const isList = ({ lines, items }: TextView): boolean => items >= lines.length / 2;
const form = { only: `${only}, lists left out`, form: true } as const;

export const fineweb: readonly Rule[] = [
  {
    id: 'unended-lines',
    title: 'Lines without an end',
    reads: 'The share of rows in which at most 12 % of lines end with a sign that ends a sentence.',
    cite,
    breaks(view) {
      const { lines, code } = view;
      if (lines.length < LINES || code !== null || isList(view)) return null;
      return lines.filter((line) => /[.!?"'”’。！？]$/.test(line)).length <= 0.12 * lines.length;
    },
    ...form,
  },
  {
    id: 'repeated-text',
    title: 'Text in repeated lines',
    reads: 'The share of rows of which a tenth or more stands in lines that repeat an earlier one.',
    cite,
    breaks({ lines, code }) {
      if (lines.length < LINES || code !== null) return null;
      const all = lines.reduce((sum, line) => sum + line.length, 0);
      const different = [...new Set(lines)].reduce((sum, line) => sum + line.length, 0);
      return all - different >= 0.1 * all;
    },
    only,
  },
  {
    id: 'short-lines',
    title: 'Short lines',
    reads: 'The share of rows in which two in three lines have fewer than 30 characters.',
    cite,
    breaks(view) {
      const { lines, code } = view;
      if (lines.length < LINES || code !== null || isList(view)) return null;
      return lines.filter((line) => line.length < 30).length >= 0.67 * lines.length;
    },
    ...form,
  },
];
