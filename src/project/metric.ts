import { inputError } from '../base/errors.ts';
import { normaliseRows, type Vectors } from '../compute/vectors.ts';
import type { Space } from '../engine/collect.ts';
import type { Rows } from '../measures/rows.ts';

/**
 * How rows are compared: by the angle between them, by the distance between them as they are, or by the
 * angle between what is left of each without its own mean.
 */
export const METRICS = ['cosine', 'euclidean', 'correlation'] as const;
export type Metric = (typeof METRICS)[number];

/** What the rows must be read as. */
export const spaceOf = (metric: Metric): Space => (metric === 'euclidean' ? 'euclidean' : 'cosine');

/** The rows of which ½‖x − y‖² orders by the metric: for cosine and correlation it is the distance itself. */
export function comparable(rows: Rows, metric: Metric): Vectors {
  if (metric === 'euclidean') return rows.vectors;
  return metric === 'cosine' ? rows.unit : centred(rows.unit);
}

function centred({ n, dims, blocks }: Vectors): Vectors {
  let row = 0;
  const moved = blocks.map((block) => {
    const copy = block.slice();
    for (let at = 0; at < copy.length; at += dims) {
      let mean = 0;
      for (let j = at; j < at + dims; j += 1) mean += block[j]! / dims;
      let squares = 0;
      for (let j = at; j < at + dims; j += 1) {
        copy[j]! -= mean;
        squares += copy[j]! * copy[j]!;
      }
      row += 1;
      if (squares < CONSTANT) {
        throw inputError(
          `Row ${row} has the same number in every dimension, so it has no correlation; use --metric cosine or euclidean.`,
        );
      }
    }
    normaliseRows(copy, dims);
    return copy;
  });
  return { n, dims, blocks: moved };
}

/** What rounding leaves of the squared length of a unit row that is constant. */
const CONSTANT = 1e-12;
