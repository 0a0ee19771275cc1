import { countCode } from '../code.ts';
import { traitFamily } from '../traits.ts';

/**
 * The code of rows that have any (fenced blocks, or the row where most lines look like code), as a tokeniser counts
 * it (see measures/code.ts; it is no parser):
 *
 *   code-nodes        names, literals, operators and pairs of brackets
 *   code-complexity   1 + places where the way parts (McCabe's cyclomatic number of a single function; of several
 *                     the sum of theirs less all but one)
 */
const about = { more: 'more', growsWithN: false } as const;
const only = 'rows with code';

export const codeSize = traitFamily({
  family: 'code-size',
  axis: 'complexity',
  traits: {
    'code-nodes': {
      about: {
        title: 'Size of code',
        reads: 'How many names, literals, operators and pairs of brackets the code of a row has.',
        range: [0, Number.POSITIVE_INFINITY],
        ...about,
        unit: 'nodes',
        cite: 'after Halstead 1977',
      },
      of: ({ code }) => (code === null ? null : countCode(code).nodes),
      only,
    },
    'code-complexity': {
      about: {
        title: 'Cyclomatic complexity',
        reads:
          'How many ways lead through the code of a row: one, and one more for every decision.',
        range: [1, Number.POSITIVE_INFINITY],
        ...about,
        cite: 'McCabe 1976',
      },
      of: ({ code }) => (code === null ? null : 1 + countCode(code).decisions),
      only,
    },
  },
});
