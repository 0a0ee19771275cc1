import { entropy } from '../../stats/hill.ts';
import { seenIn } from '../../stats/unseen.ts';
import { family, type Measure } from '../measure.ts';
import { CHAO, chaoOf, GOOD_TURING, goodTuringOf, kindsOf, ofKinds } from '../unseen.ts';
import { missing, type Value } from '../value.ts';

/**
 * Diversity over the values of a column (a topic, a language, a persona), p their shares of the rows:
 *
 *   attribute-entropy:COLUMN  H = −Σ p ln p (nats)
 *   chao:COLUMN               values the source has at least (Chao 1984)
 *   good-turing:COLUMN        share of fresh rows whose value is among these (Good 1953)
 *
 * Rows without a value (missing, null or an empty string) are left out, and the value says how many.
 */
export const attributes = (column: string): Measure =>
  family({
    family: `attributes:${column}`,
    axis: 'diversity',
    section: 'attributes',
    needs: ['columns', 'rows'],
    measures: {
      [`attribute-entropy:${column}`]: {
        title: `Entropy of ${column}`,
        reads: `How evenly the rows are spread over the values of ${column}.`,
        range: [0, Number.POSITIVE_INFINITY],
        more: 'more',
        growsWithN: true,
        unit: 'nats',
        cite: 'Shannon 1948',
        at: { one: 0, identical: 0, duplicated: 'same' },
      },
      [`chao:${column}`]: {
        title: `Values of ${column} to come`,
        reads: `How many values of ${column} the source has at the least, by how many came once and twice.`,
        ...CHAO,
        unit: 'values',
        at: { one: 1, identical: 1, duplicated: 'kinds' },
      },
      [`good-turing:${column}`]: {
        title: `Values of ${column} seen already`,
        reads: `The share of fresh rows from the same source whose value of ${column} is among these.`,
        ...GOOD_TURING,
        more: 'less',
        unit: 'share of rows',
        at: { one: 0, identical: 1, disjoint: 0, duplicated: 1 },
      },
    },
    async finish({ columns, rows: { n, groups } }) {
      const numbers = new Map<string, number>();
      const labels = (await columns.of(column)).map((value) => {
        if (value === null) return -1;
        const number = numbers.get(value) ?? numbers.size;
        numbers.set(value, number);
        return number;
      });
      const kinds = kindsOf(labels, groups, numbers.size);
      const told = (value: Value): Value => withGaps(value, column, n - kinds.rows);
      if (kinds.rows === 0) {
        const none = missing(n, `no row has a value in the column ${column}`);
        return Object.fromEntries(
          [`attribute-entropy:${column}`, `chao:${column}`, `good-turing:${column}`].map((id) => [
            id,
            none,
          ]),
        );
      }
      const range = [0, Math.log(numbers.size)] as const;
      const shannon = (counts: Int32Array, rows: number): number =>
        entropy(Array.from(counts, (count) => count / rows));
      return {
        [`attribute-entropy:${column}`]: told(ofKinds(kinds, n, range, shannon)),
        [`chao:${column}`]: told(chaoOf(seenIn(kinds.counts, kinds.rows), n)),
        [`good-turing:${column}`]: told(goodTuringOf(seenIn(kinds.counts, kinds.rows), n)),
      };
    },
  });

/** A value that some rows had nothing to say to. */
function withGaps(value: Value, column: string, gaps: number): Value {
  if (gaps === 0) return value;
  const words = `${gaps} of ${value.n} rows have no value in the column ${column}`;
  return { ...value, why: value.why === undefined ? words : `${value.why}; ${words}` };
}
