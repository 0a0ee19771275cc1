import { normaliseRows, rowOf, vectorsOf } from '../../src/compute/vectors.ts';
import { makeRows, type Space, vectorKey } from '../../src/engine/collect.ts';
import type { Rows } from '../../src/measures/rows.ts';

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
  return makeRows(space === 'cosine' ? unit : raw, unit, keys, seed);
}
