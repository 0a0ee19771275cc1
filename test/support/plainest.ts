import { vectorsOf } from '../../src/compute/vectors.ts';
import { textKey } from '../../src/embed/text-key.ts';
import { makeRows } from '../../src/engine/collect.ts';
import type { PlainCase } from '../../src/measures/measure.ts';
import type { Rows } from '../../src/measures/rows.ts';

/** Rows that the plainest cases are made of; as many dimensions. */
export const KINDS = 12;
/** How often each of them is there in the duplicated case. */
export const TIMES = 8;

const KIND_NUMBERS: Readonly<Record<PlainCase | 'none', readonly number[]>> = {
  none: [],
  one: [0],
  identical: Array.from({ length: 80 }, () => 0),
  disjoint: Array.from({ length: KINDS }, (_, kind) => kind),
  duplicated: Array.from({ length: KINDS * TIMES }, (_, i) => i % KINDS),
};

export const PLAIN_CASES = Object.keys(KIND_NUMBERS) as readonly (PlainCase | 'none')[];

/** A text of twenty words that only this kind of row has. */
const textOf = (kind: number): string =>
  `${Array.from({ length: 20 }, (_, i) => `w${kind}x${i}`).join(' ')}.`;

/** Rows of the plainest data, in texts, columns and vectors alike. */
export const plainRows = (name: PlainCase | 'none'): Rows => rowsOfKinds(KIND_NUMBERS[name]);

/** Rows of these kinds, which share nothing with each other; KINDS of them at most. */
export function rowsOfKinds(kinds: readonly number[]): Rows {
  const data = new Float32Array(kinds.length * KINDS);
  for (const [i, kind] of kinds.entries()) data[i * KINDS + kind] = 1;
  const unit = vectorsOf(data, KINDS);
  const contents = async function* read() {
    yield kinds.map((kind) => ({ text: textOf(kind), columns: { COLUMN: `value ${kind}` } }));
  };
  return makeRows(
    unit,
    unit,
    kinds.map((kind) => textKey(textOf(kind))),
    0,
    contents,
  );
}
