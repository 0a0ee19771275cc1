import { family } from '../measure.ts';
import { meanOf, presentMean } from '../traits.ts';

/**
 * surprisal: the mean over rows of −log2 p(row) ÷ words, under a model of the reference's words (see
 * word-model.ts: three words at a time, Witten–Bell). A row that the reference has as well is known to the
 * model and reads as plain; it is not left out of the reference for that.
 */
export const surprisal = family({
  family: 'surprisal',
  axis: 'complexity',
  needs: ['surprisals', 'rows'],
  measures: {
    surprisal: {
      title: 'Surprisal of a word',
      reads:
        'How many bits a word of a row takes on average, for whoever knows how the reference puts three words in a row. Rows that are in the reference too are not left out of it.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      unit: 'bits a word',
      cite: 'Witten & Bell 1991; Chen & Goodman 1998',
    },
  },
  finish({ surprisals: { bits, trained, of }, rows }) {
    const value = presentMean(bits, rows, [0, Number.POSITIVE_INFINITY], 'rows with a word');
    if (trained === of) return { surprisal: value };
    const told = `the model is of ${trained} of the ${of} rows of the reference`;
    const why = value.why === undefined ? told : `${value.why}; ${told}`;
    return { surprisal: { ...value, why } };
  },
  rarefy({ surprisals: { bits } }) {
    return { surprisal: meanOf(bits) };
  },
});
