import { family, type Measure } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { meanOf, presentMean } from '../traits.ts';
import { missing } from '../value.ts';

/**
 * quality.model:NAME: the mean of what a classifier, a regression or a reward model says of the rows: the probability of a
 * label, or the model's number as it is. The report says which label of which model, and names the rows with the
 * three least and the three largest numbers.
 */
export const qualityModel = (name: string): Measure => {
  const id = `quality.model:${name}`;
  return family({
    family: id,
    axis: 'quality',
    needs: ['judgements', 'rows'],
    measures: {
      [id]: {
        title: `Quality by ${name}`,
        reads: `The mean of what the model ${name} says of the rows: the probability of a label, or its number as it is.`,
        range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        more: 'more',
        growsWithN: false,
        cite: 'models as judges of rows: Havrilla et al. 2024, arXiv 2412.02980',
      },
    },
    finish({ judgements, rows }) {
      const found = judgements.get(id);
      if (found === undefined) {
        return {
          [id]: missing(rows.n, rows.n === 0 ? 'no rows' : 'the model did not read the rows'),
        };
      }
      const value = presentMean(found.values, rows, found.range, 'rows that the model reads');
      return { [id]: { ...value, rows: extremes(found.values, rows) } };
    },
    rarefy({ judgements }) {
      const found = judgements.get(id);
      return { [id]: found === undefined ? null : meanOf(found.values) };
    },
  });
};

const EXAMPLES = 3;

/** The rows with the least numbers and those with the largest, rising; ties in the order of their content's hash. */
function extremes(values: Float64Array, { order }: Pick<Rows, 'order'>): number[] {
  const ranked = Array.from(order)
    .filter((row) => !Number.isNaN(values[row]!))
    .sort((a, b) => values[a]! - values[b]!);
  return [...new Set([...ranked.slice(0, EXAMPLES), ...ranked.slice(-EXAMPLES)])];
}
