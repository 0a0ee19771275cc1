import { intervalFrom, jackknifeError } from '../../stats/jackknife.ts';
import { family } from '../measure.ts';
import { means, missing, ofSample, withInterval } from '../value.ts';

/**
 * template-rate: the share of rows that fit a skeleton which 1 % of the rows share: a beginning of a line with at
 * least four fixed words and slots of up to four, as found by measures/templates.ts. (Shaib et al. 2024,
 * arXiv 2407.00211, count templates of parts of speech; these are of words, and people can read them.)
 * The interval leaves out a group of rows at a time, skeletons as given, and adds what skeletons do that hardly enough rows have: in a
 * fresh draw they may be none.
 */
export const templateRate = family({
  family: 'template-rate',
  axis: 'diversity',
  section: 'lexical',
  needs: ['templates'],
  at: { one: 0, identical: 1, disjoint: 0, duplicated: 1 },
  measures: {
    'template-rate': {
      title: 'Rows from templates',
      reads: 'The share of rows in which a line begins as in at least one in a hundred other rows.',
      range: [0, 1],
      more: 'less',
      growsWithN: false,
      unit: 'share of rows',
      cite: 'after Shaib et al. 2024, arXiv 2407.00211',
    },
  },
  finish({ templates: { sample, fits, unsettled } }) {
    const n = sample.of;
    if (n === 0) return { 'template-rate': missing(n, 'no rows') };
    const m = fits.length;
    const { whole, without } = means(fits, sample.groups);
    const found = jackknifeError(whole, without, sample.sizes);
    const error = found && Math.hypot(found.error, Math.sqrt(unsettled) / m);
    const interval = found && intervalFrom(whole, error!, found.groups, [0, 1], m);
    const value = withInterval(whole, interval, n);
    return {
      'template-rate': m === n ? value : ofSample(value, Math.sqrt((whole * (1 - whole)) / m)),
    };
  },
});
