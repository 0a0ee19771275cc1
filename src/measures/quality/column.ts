import { family, type Measure } from '../measure.ts';
import { presentMean } from '../traits.ts';

/**
 * quality:COLUMN: the mean of a column of numbers that judge the rows (a reward, a judge's score, a pass), and how they are
 * spread. true and false, yes and no, pass and fail count as 1 and 0, numbers that are written as text as
 * numbers. Rows without a number are left out, and the value says how many.
 */
export const qualityColumn = (column: string): Measure => {
  const id = `quality:${column}`;
  return family({
    family: id,
    axis: 'quality',
    needs: ['columns', 'rows'],
    at: { identical: 'same', duplicated: 'same' },
    measures: {
      [id]: {
        title: `Mean of ${column}`,
        reads: `The mean of the column ${column}, and how its numbers are spread.`,
        range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        more: 'more',
        growsWithN: false,
        cite: 'rewards and judges as quality: Havrilla et al. 2024, arXiv 2412.02980',
      },
    },
    async finish({ columns, rows }) {
      const numbers = numbersOf(await columns.of(column));
      const least = numbers.reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY);
      const most = numbers.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
      // Ones and zeros are shares; the interval of a share ends at the ends of shares.
      const binary =
        least >= 0 && most <= 1 && numbers.every((x) => Number.isNaN(x) || x % 1 === 0);
      const range = binary ? ([0, 1] as const) : ([-Infinity, Infinity] as const);
      return {
        [id]: presentMean(numbers, rows, range, `rows with a number in the column ${column}`),
      };
    },
    async rarefy({ columns }) {
      const present = numbersOf(await columns.of(column)).filter((x) => !Number.isNaN(x));
      const mean = present.reduce((sum, x) => sum + x, 0) / present.length;
      return { [id]: present.length === 0 ? null : mean };
    },
  });
};

const WORDS: Readonly<Record<string, number>> = {
  true: 1,
  false: 0,
  yes: 1,
  no: 0,
  pass: 1,
  fail: 0,
  passed: 1,
  failed: 0,
};

/** The numbers of a column of labels; NaN where there is none. */
export function numbersOf(labels: readonly (string | null)[]): Float64Array {
  return Float64Array.from(labels, (label) => {
    const word = label?.trim().toLowerCase() ?? '';
    if (word === '') return Number.NaN;
    if (Object.hasOwn(WORDS, word)) return WORDS[word]!;
    const number = Number(word);
    return Number.isFinite(number) ? number : Number.NaN;
  });
}
