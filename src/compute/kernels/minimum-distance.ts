import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Device } from '../device.ts';
import { rowOf, squaredDistance, type Vectors } from '../vectors.ts';
import { assign, assignBytes } from './assign.ts';
import { negativeHalfNorms, type PairShape, TARGET_ROWS, tilesOf } from './tiles.ts';

export interface MinimumDistances {
  /** ½‖x − y‖² to the nearest target, in float64: 0 for equal rows. Infinity when there is none. */
  readonly distances: Float64Array;
  /** That target's row number, the lowest of equals; −1 when there is none. */
  readonly rows: Int32Array;
}

/** The distance of every query to a set, and the row of the set that is nearest. */
export async function minimumDistances(
  device: Device,
  queries: Vectors,
  targets: Vectors,
  { signal }: RunOptions = {},
): Promise<MinimumDistances> {
  const { dims } = queries;
  const rows = new Int32Array(queries.n).fill(-1);
  const best = new Float32Array(queries.n).fill(Number.NEGATIVE_INFINITY);
  for (const tile of tilesOf(targets, TARGET_ROWS)) {
    const offsets = negativeHalfNorms(tile.data, dims);
    for (const asked of tilesOf(queries, TARGET_ROWS)) {
      throwIfAborted(signal);
      const { index, score } = await assign(device, asked.data, tile.data, offsets, dims);
      for (let i = 0; i < asked.rows; i += 1) {
        if (score[i]! <= best[asked.first + i]!) continue;
        best[asked.first + i] = score[i]!;
        rows[asked.first + i] = tile.first + index[i]!;
      }
      await breathe();
    }
  }
  const distances = Float64Array.from(rows, (row, i) =>
    row < 0
      ? Number.POSITIVE_INFINITY
      : squaredDistance(rowOf(queries, i), rowOf(targets, row)) / 2,
  );
  return { distances, rows };
}

/** Bytes that a pass holds beside its inputs: what `assign` holds, norms, and the best of every query. */
export const minimumDistancesBytes = (device: Device, { queries, targets }: PairShape): number =>
  assignBytes(device, Math.min(queries, TARGET_ROWS), Math.min(targets, TARGET_ROWS)) +
  4 * Math.min(targets, TARGET_ROWS) +
  16 * queries;
