import { gaussian, mix, random } from '../../src/base/random.ts';
import { normaliseRows, rowOf, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import type { Row } from '../../src/data/row.ts';
import { textKey } from '../../src/embed/text-key.ts';
import { makeRows, type Space, vectorKey } from '../../src/engine/collect.ts';
import type { Contents, Rows, ScoreColumn } from '../../src/measures/rows.ts';

/** Rows as an audit has them, from a row-major matrix. */
export function rowsFrom(
  data: Float32Array,
  dims: number,
  space: Space = 'cosine',
  seed = 0,
): Rows {
  const raw = vectorsOf(data.slice(), dims);
  const normalised = data.slice();
  normaliseRows(normalised, dims);
  const unit = vectorsOf(normalised, dims);
  const keys = Array.from({ length: raw.n }, (_, i) => vectorKey(rowOf(raw, i)));
  const rows = makeRows(space === 'cosine' ? unit : raw, unit, keys, seed, saying(raw));
  return { ...rows, scores: scored(raw) };
}

/** What models might say of each row; of a few of them nothing. */
function scored(vectors: Vectors): Map<string, ScoreColumn> {
  const column = (of: (value: number) => number): ScoreColumn => ({
    values: Float64Array.from({ length: vectors.n }, (_, i) => {
      const [value = 0, other = 0] = rowOf(vectors, i);
      return other > 1.5 ? Number.NaN : of(value);
    }),
    range: [0, Number.POSITIVE_INFINITY],
  });
  return new Map([
    ['loss', column((value) => Math.abs(value))],
    ['loss tokens', column((value) => 5 + Math.round(Math.abs(3 * value)))],
    ['ifd', column((value) => Math.exp(value))],
    ['quality.model:NAME', column((value) => value ** 2)],
  ]);
}

/** A text and a column a row, equal for equal rows and alike for rows that lie near each other. */
function saying(vectors: Vectors): Contents {
  return async function* read() {
    yield Array.from({ length: vectors.n }, (_, i) => {
      const words = Array.from(rowOf(vectors, i), (value, j) => `w${j}${Math.round(3 * value)}`);
      return { text: `${words.join(' ')} and ${words[0]}`, columns: { COLUMN: words[0]! } };
    });
  };
}

/** Rows of texts, as an audit has them, with vectors that only depend on the text. */
export function rowsOfTexts(
  texts: readonly string[],
  columns: (i: number) => Row['columns'] = () => ({}),
  seed = 0,
): Rows {
  const dims = 12;
  const data = Float32Array.from({ length: texts.length * dims }, () => 0);
  for (const [i, text] of texts.entries()) {
    const uniform = random(textHash(text));
    for (let j = 0; j < dims; j += 1) data[i * dims + j] = gaussian(uniform);
  }
  normaliseRows(data, dims);
  const unit = vectorsOf(data, dims);
  const contents: Contents = async function* read() {
    yield texts.map((text, i) => ({ text, columns: columns(i) }));
  };
  return makeRows(unit, unit, texts.map(textKey), seed, contents);
}

const textHash = (text: string): number =>
  Array.from(textKey(text)).reduce((hash, letter) => mix(hash, letter.charCodeAt(0)), 1);
