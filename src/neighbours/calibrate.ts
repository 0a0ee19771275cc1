import { cpu } from '../compute/device.ts';
import { products } from '../compute/kernels/products.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import type { Centres } from './lists.ts';
import type { Truth } from './recall.ts';
import { lag } from './threads/probe.ts';

/** What a sample tells beforehand about visiting the lists up to a lag. */
export interface Calibration {
  /** The least lag at which this share of true neighbours is expected to meet. */
  lagFor(recall: number): number;
  /** How many lists a row visits then, its own counted in. */
  visits(lag: number): number;
}

/**
 * A pair of true neighbours meets when the list of the one, as seen from the other, lags no farther
 * behind the nearest than rows visit, whichever way round. The shares are those of the sample.
 */
export async function calibrate(
  vectors: Vectors,
  { rows, k, ids }: Truth,
  { data, offsets }: Centres,
): Promise<Calibration> {
  const wanted = Int32Array.from(new Set([...rows, ...ids])).sort();
  const place = new Map(Array.from(wanted, (row, i) => [row, i]));
  const count = offsets.length;
  const scores = new Float32Array(wanted.length * count);
  let filled = 0;
  for (const block of selectRows(vectors, wanted).blocks) {
    const tile = await products(cpu, block, data, vectors.dims);
    for (let at = 0; at < tile.length; at += 1)
      scores[filled + at] = tile[at]! + offsets[at % count]!;
    filled += tile.length;
  }
  const scoresOf = (i: number): Float32Array => scores.subarray(i * count, (i + 1) * count);
  const nearest = Int32Array.from(wanted, (_, i) => firstLargest(scoresOf(i)));
  const lags = Float64Array.from(ids, (id, at) => {
    const x = place.get(rows[Math.floor(at / k)]!)!;
    const y = place.get(id)!;
    return Math.min(
      lagOf(scoresOf(x), nearest[x]!, nearest[y]!),
      lagOf(scoresOf(y), nearest[y]!, nearest[x]!),
    );
  });
  lags.sort();
  const seen = Array.from(rows, (row) => {
    const sorted = scoresOf(place.get(row)!).toSorted();
    return Float64Array.from(sorted, (_, r) => lag(sorted[count - 1]!, sorted[count - 1 - r]!, r));
  });
  return {
    lagFor: (recall) => lags[Math.max(0, Math.ceil(recall * lags.length) - 1)] ?? 0,
    visits: (limit) =>
      seen.reduce((sum, ahead) => sum + ahead.filter((far) => far <= limit).length, 0) /
      seen.length,
  };
}

function firstLargest(scores: Float32Array): number {
  let best = 0;
  for (let c = 1; c < scores.length; c += 1) if (scores[c]! > scores[best]!) best = c;
  return best;
}

function lagOf(scores: Float32Array, nearest: number, list: number): number {
  const own = scores[list]!;
  let rank = 0;
  for (let c = 0; c < scores.length; c += 1) {
    if (scores[c]! > own || (scores[c] === own && c < list)) rank += 1;
  }
  return lag(scores[nearest]!, own, rank);
}
