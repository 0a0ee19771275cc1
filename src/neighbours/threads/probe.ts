import { onnxruntime, openSession } from '../../compute/session.ts';
import type { WithRows } from './shared.ts';
import { copyRows } from './shared.ts';

/** Rows that are held against all centres at a time. */
export const PROBE_ROWS = 256;

/** The most lists a row is shown to. */
export const DEPTH = 64;

/** Which lists each row is shown to: its own, whose centre is nearest, and others nearly as near. */
export interface Probing {
  /** Row-major. */
  readonly centres: Float32Array;
  /** What is added to a product with each centre. */
  readonly offsets: Float32Array;
  /** A list counts as nearly as near where `lag` is up to this. */
  readonly limit: number;
  /** The most lists a row is shown to, up to DEPTH. */
  readonly depth: number;
  /** n × depth lists, nearest first. */
  readonly lists: Uint16Array;
  /** How many of them each row is shown to. */
  readonly counts: Uint8Array;
}

/**
 * How far the r-th nearest centre lags behind the nearest (r = 0), from their scores. The rank counts
 * too: among many centres at nearly the same distance each one holds less of what is near.
 */
export const lag = (first: number, score: number, rank: number): number =>
  (first - score) * Math.sqrt(rank);

export interface Prober {
  /** Finds the lists of rows first…last−1, at most PROBE_ROWS. */
  probe(probing: Probing, first: number, last: number): Promise<void>;
  close(): Promise<void>;
}

/** `model` is the same product that tiles are made of. */
export async function openProber({ rows: vectors }: WithRows, model: Uint8Array): Promise<Prober> {
  const { dims } = vectors;
  const { Tensor } = onnxruntime();
  const session = await openSession(model, { threads: 1 });
  const rows = new Float32Array(PROBE_ROWS * dims);
  let centres = new Float32Array(0);
  let scores = new Float32Array(0);
  return {
    async probe(probing, first, last) {
      const count = probing.offsets.length;
      if (centres.length !== probing.centres.length) {
        centres = Float32Array.from(probing.centres);
        scores = new Float32Array(PROBE_ROWS * count);
      }
      const height = last - first;
      copyRows(vectors, first, last, rows);
      const found = scores.subarray(0, height * count);
      await session.run(
        {
          rows: new Tensor('float32', rows.subarray(0, height * dims), [height, dims]),
          columns: new Tensor('float32', centres, [count, dims]),
        },
        { scores: new Tensor('float32', found, [height, count]) },
      );
      for (let i = 0; i < height; i += 1) {
        choose(found.subarray(i * count, (i + 1) * count), probing, first + i);
      }
    },
    close: () => session.release(),
  };
}

/** The lists of one row and their scores, best first, while they are found. */
const chosen = new Uint16Array(DEPTH);
const values = new Float32Array(DEPTH);

/** The lists of one row from its scores with all centres; of equal scores the first. */
function choose(scores: Float32Array, probing: Probing, row: number): void {
  const { offsets, limit, depth } = probing;
  let best = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c += 1) {
    const score = scores[c]! + offsets[c]!;
    scores[c] = score;
    if (score > best) best = score;
  }
  let found = 0;
  let least = best - limit;
  for (let c = 0; c < scores.length; c += 1) {
    const score = scores[c]!;
    if (score < least || (found === depth && score <= values[depth - 1]!)) continue;
    let at = found < depth ? found : depth - 1;
    for (; at > 0 && values[at - 1]! < score; at -= 1) {
      values[at] = values[at - 1]!;
      chosen[at] = chosen[at - 1]!;
    }
    values[at] = score;
    chosen[at] = c;
    if (found < depth) found += 1;
    // The last of these has that rank at least, and whoever comes behind it the next.
    while (found > 1 && lag(best, values[found - 1]!, found - 1) > limit) found -= 1;
    least = Math.min(values[found - 1]!, best - limit / Math.sqrt(found));
  }
  probing.counts[row] = found;
  probing.lists.set(chosen.subarray(0, found), row * depth);
}
