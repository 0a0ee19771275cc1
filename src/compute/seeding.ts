import { usageError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { openPool, type Pool, type PooledExports, type PoolOptions } from './pool.ts';
import { rowOf, type Vectors } from './vectors.ts';
import { allocateIn } from './wasm.ts';

/**
 * Greedy k-means++ on unit rows (Arthur & Vassilvitskii 2007; the greedy trials as in scikit-learn):
 * each next centre is the best of 2 + ⌊ln k⌋ rows drawn with probability proportional to their
 * distance 1 − x·c from the nearest centre, which on unit rows is half its square.
 */
export interface Seeder {
  /**
   * Row numbers of k centres, fewer when there are fewer rows. Draws depend on `uniform` alone and
   * results not on the number of threads. Where only copies of the centres are left, draws are uniform.
   */
  seed(k: number, uniform: Random): Promise<Int32Array>;
  /** Ends the threads and lets go of the rows. */
  close(): Promise<void>;
}

interface SeedingExports extends PooledExports {
  allocate(bytes: number): number;
  chunkRows(): number;
  measure(...args: readonly number[]): void;
}

/**
 * Copies the rows once for any number of seedings: 4·n·dims bytes, and 4·n for every trial. Rows must
 * be finite and of length one, or zero.
 */
export async function openSeeder(rows: Vectors, options: PoolOptions = {}): Promise<Seeder> {
  const { n, dims } = rows;
  const threads = options.threads ?? (n * dims < WORTH_THREADS ? 1 : undefined);
  const pool = await openPool<SeedingExports>('seeding', { build: options.build, threads });
  try {
    const even = n + (n % 2);
    const stride = Math.ceil(dims / 4) * 16;
    const start = allocateIn(pool.exports, even * stride, `seeding from ${n} rows`);
    const memory = new Float32Array(pool.exports.memory.buffer, start, (even * stride) / 4);
    for (let i = 0; i < n; i += 1) memory.set(rowOf(rows, i), (i * stride) / 4);
    return seederOf(pool, rows, { start, stride, even });
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** What n·dims must come to before telling threads of every step pays. */
const WORTH_THREADS = 1e6;

/** Where the rows lie; `even` is their number, rounded up. */
interface Placed {
  readonly start: number;
  readonly stride: number;
  readonly even: number;
}

/** Room for one seeding, kept for the next as long as it has no more trials. */
interface Room {
  readonly trials: number;
  readonly candidates: number;
  readonly far: number;
  readonly distances: number;
  readonly sums: number;
}

function seederOf(pool: Pool<SeedingExports>, rows: Vectors, placed: Placed): Seeder {
  const { n, dims } = rows;
  const { start, stride, even } = placed;
  const chunks = Math.ceil(even / pool.exports.chunkRows());
  let room: Room | null = null;

  function roomFor(trials: number): Room {
    const bytes = { candidates: trials * stride, far: trials * even * 4, distances: even * 4 };
    const place = (size: number): number => allocateIn(pool.exports, size, `${trials} trials`);
    return {
      trials,
      candidates: place(bytes.candidates),
      far: place(bytes.far),
      distances: place(bytes.distances),
      sums: place(chunks * trials * 8),
    };
  }

  /** Fills `far` for the rows at `drawn`, and returns what the distances would come to with each. */
  async function measure(at: Room, drawn: readonly number[]): Promise<Float64Array> {
    const { buffer } = pool.exports.memory;
    const trials = Math.ceil(drawn.length / 4) * 4;
    const candidates = new Float32Array(buffer, at.candidates, (trials * stride) / 4).fill(0);
    for (const [t, row] of drawn.entries()) candidates.set(rowOf(rows, row), (t * stride) / 4);
    await pool.run(
      'measure',
      ...[start, stride, even, n, at.candidates, trials, at.far, at.distances, at.sums],
    );
    const sums = new Float64Array(buffer, at.sums, chunks * trials);
    return Float64Array.from(drawn, (_, t) => {
      let sum = 0;
      for (let chunk = 0; chunk < chunks; chunk += 1) sum += sums[chunk * trials + t]!;
      return sum;
    });
  }

  return {
    async seed(k, uniform) {
      if (!Number.isInteger(k) || k < 0) {
        throw usageError(`The number of centres must be a whole number, but is ${k}.`);
      }
      const count = dims === 0 ? 0 : Math.min(k, n);
      const centres = new Int32Array(count);
      if (count === 0) return centres;
      const trials = 2 + Math.floor(Math.log(count));
      if (!room || room.trials < trials) room = roomFor(Math.ceil(trials / 4) * 4);
      const { buffer } = pool.exports.memory;
      const distances = new Float32Array(buffer, room.distances, n).fill(Infinity);
      for (let c = 0; c < count; c += 1) {
        const drawn =
          c === 0
            ? [Math.min(n - 1, Math.floor(uniform() * n))]
            : drawWeighted(distances, trials, uniform);
        const sums = await measure(room, drawn);
        const best = sums.reduce((least, sum, t) => (sum < sums[least]! ? t : least), 0);
        centres[c] = drawn[best]!;
        const chosen = new Float32Array(buffer, room.far + best * even * 4, n);
        for (let i = 0; i < n; i += 1) if (chosen[i]! < distances[i]!) distances[i] = chosen[i]!;
      }
      return centres;
    },
    close: () => pool.close(),
  };
}

/** Rows drawn with probability proportional to weight; uniformly when all weights are zero. */
export function drawWeighted(weights: Float32Array, count: number, uniform: Random): number[] {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    sum += weights[i]!;
    cumulative[i] = sum;
  }
  return Array.from({ length: count }, () => {
    if (sum === 0) return Math.floor(uniform() * weights.length);
    const target = uniform() * sum;
    let low = 0;
    let high = weights.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
