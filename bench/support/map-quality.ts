import { random } from '../../src/base/random.ts';
import { cpu } from '../../src/compute/device.ts';
import { products } from '../../src/compute/kernels/products.ts';
import { rowOf, selectRows, type Vectors } from '../../src/compute/vectors.ts';

/** How well a map keeps what is near in the data, by cosine. */
export interface MapQuality {
  /** Venna & Kaski 2001 at K, on the sampled rows with ranks over all. */
  readonly trustworthiness: number;
  /** Share of the K nearest rows that are among the K nearest on the map, on the sampled rows. */
  readonly kept: number;
  /** Share of random triplets (i, j, k) of which the same one of j and k is nearer to i in both. */
  readonly triplets: number;
}

export const K = 15;
const SAMPLE = 1000;
const SAMPLED_AT_ONCE = 50;
const TRIPLETS = 60_000;

/** The quality of several maps (row-major n × 2) of the same unit rows. */
export async function qualityOf(
  vectors: Vectors,
  maps: readonly Float32Array[],
): Promise<MapQuality[]> {
  const { n } = vectors;
  const step = Math.max(1, Math.floor(n / SAMPLE));
  const rows = Array.from({ length: Math.min(SAMPLE, n) }, (_, s) => s * step);
  const found = maps.map(() => ({ penalty: 0, kept: 0 }));
  for (let first = 0; first < rows.length; first += SAMPLED_AT_ONCE) {
    const part = rows.slice(first, first + SAMPLED_AT_ONCE);
    for (const [s, cosines] of (await cosinesOf(vectors, part)).entries()) {
      const i = part[s]!;
      cosines[i] = Number.NEGATIVE_INFINITY;
      const near = new Set(largest(cosines));
      for (const [m, map] of maps.entries()) {
        for (const j of nearestOnMap(map, i)) {
          if (near.has(j)) found[m]!.kept += 1;
          else found[m]!.penalty += Math.max(0, rankOf(cosines, j) - K);
        }
      }
    }
  }
  const most = rows.length * K * (2 * n - 3 * K - 1);
  const ordered = tripletsKept(vectors, maps);
  return found.map(({ penalty, kept }, m) => ({
    trustworthiness: 1 - (2 * penalty) / most,
    kept: kept / (rows.length * K),
    triplets: ordered[m]!,
  }));
}

async function cosinesOf(vectors: Vectors, rows: readonly number[]): Promise<Float32Array[]> {
  const asked = selectRows(vectors, rows).blocks[0]!;
  const whole = rows.map(() => new Float32Array(vectors.n));
  let at = 0;
  for (const block of vectors.blocks) {
    const width = block.length / vectors.dims;
    const tile = await products(cpu, asked, block, vectors.dims);
    for (const [s, row] of whole.entries()) {
      row.set(tile.subarray(s * width, (s + 1) * width), at);
    }
    at += width;
  }
  return whole;
}

/** Places of the K largest numbers. */
function largest(values: Float32Array | Float64Array): number[] {
  const best: number[] = [];
  for (let j = 0; j < values.length; j += 1) {
    if (best.length === K && values[j]! <= values[best[K - 1]!]!) continue;
    if (best.length === K) best.pop();
    let at = best.length;
    while (at > 0 && values[best[at - 1]!]! < values[j]!) at -= 1;
    best.splice(at, 0, j);
  }
  return best;
}

function nearestOnMap(map: Float32Array, i: number): number[] {
  const near = new Float64Array(map.length / 2);
  for (let j = 0; j < near.length; j += 1) near[j] = -squared(map, i, j);
  near[i] = Number.NEGATIVE_INFINITY;
  return largest(near);
}

function rankOf(cosines: Float32Array, j: number): number {
  let rank = 1;
  for (const cosine of cosines) if (cosine > cosines[j]!) rank += 1;
  return rank;
}

const squared = (map: Float32Array, i: number, j: number): number =>
  (map[2 * i]! - map[2 * j]!) ** 2 + (map[2 * i + 1]! - map[2 * j + 1]!) ** 2;

function tripletsKept(vectors: Vectors, maps: readonly Float32Array[]): number[] {
  const uniform = random(3);
  const kept = maps.map(() => 0);
  const draw = (): number => Math.floor(uniform() * vectors.n);
  for (let t = 0; t < TRIPLETS; t += 1) {
    const [i, j, k] = [draw(), draw(), draw()];
    const nearer = cosine(vectors, i, j) > cosine(vectors, i, k);
    for (const [m, map] of maps.entries()) {
      if (squared(map, i, j) < squared(map, i, k) === nearer) kept[m]! += 1;
    }
  }
  return kept.map((count) => count / TRIPLETS);
}

function cosine(vectors: Vectors, i: number, j: number): number {
  const [a, b] = [rowOf(vectors, i), rowOf(vectors, j)];
  let sum = 0;
  for (let c = 0; c < a.length; c += 1) sum += a[c]! * b[c]!;
  return sum;
}
