/** What bench/native.ts compares the kernels with: the same, written in JavaScript as one would. */
import type { Random } from '../src/base/random.ts';
import type { Edges } from '../src/compute/forest.ts';
import { rowOf, type Vectors } from '../src/compute/vectors.ts';

export function plainComponents(n: number, { from, to }: Edges): number {
  const find = unionFind(n);
  let count = n;
  for (let i = 0; i < from.length; i += 1) if (find.union(from[i]!, to[i]!)) count -= 1;
  return count;
}

/** Kruskal's algorithm: the weight of the forest. */
export function plainForest(n: number, { from, to, weights }: Edges): number {
  const order = Uint32Array.from(weights, (_, i) => i).sort((a, b) => weights[a]! - weights[b]!);
  const find = unionFind(n);
  let sum = 0;
  for (const edge of order) if (find.union(from[edge]!, to[edge]!)) sum += weights[edge]!;
  return sum;
}

function unionFind(n: number): { union(a: number, b: number): boolean } {
  const parents = Int32Array.from({ length: n }, (_, i) => i);
  const sizes = new Int32Array(n).fill(1);
  const root = (node: number): number => {
    let at = node;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  return {
    union(a, b) {
      let top = root(a);
      let below = root(b);
      if (top === below) return false;
      if (sizes[top]! < sizes[below]!) [top, below] = [below, top];
      parents[below] = top;
      sizes[top]! += sizes[below]!;
      return true;
    },
  };
}

/** Prim's algorithm, measuring as it goes: the sum of ½‖x − y‖² over the tree. */
export function plainTree(points: Vectors): number {
  const { n, dims } = points;
  const nearest = new Float64Array(n).fill(Infinity);
  const inside = new Uint8Array(n);
  let sum = 0;
  let point = 0;
  for (let step = 1; step < n; step += 1) {
    inside[point] = 1;
    const x = rowOf(points, point);
    let next = -1;
    for (let i = 0; i < n; i += 1) {
      if (inside[i]) continue;
      const y = rowOf(points, i);
      let distance = 0;
      for (let j = 0; j < dims; j += 1) distance += (x[j]! - y[j]!) ** 2;
      if (distance < nearest[i]!) nearest[i] = distance;
      if (next < 0 || nearest[i]! < nearest[next]!) next = i;
    }
    sum += nearest[next]! / 2;
    point = next;
  }
  return sum;
}

/** Greedy k-means++ on unit rows: the rows chosen. */
export function plainSeeds(rows: Vectors, k: number, uniform: Random): number[] {
  const { n, dims } = rows;
  const trials = 2 + Math.floor(Math.log(k));
  const distances = (row: number, least: Float64Array | null): Float64Array => {
    const x = rowOf(rows, row);
    return Float64Array.from({ length: n }, (_, i) => {
      const y = rowOf(rows, i);
      let product = 0;
      for (let j = 0; j < dims; j += 1) product += x[j]! * y[j]!;
      return Math.min(least?.[i] ?? Infinity, Math.max(0, 1 - product));
    });
  };
  const chosen = [Math.floor(uniform() * n)];
  let least = distances(chosen[0]!, null);
  while (chosen.length < k) {
    const total = least.reduce((sum, value) => sum + value, 0);
    let best = { row: -1, sum: Infinity, least };
    for (let t = 0; t < trials; t += 1) {
      let left = uniform() * total;
      let row = 0;
      while (row < n - 1 && left >= least[row]!) left -= least[row++]!;
      const tried = distances(row, least);
      const sum = tried.reduce((before, value) => before + value, 0);
      if (sum < best.sum) best = { row, sum, least: tried };
    }
    chosen.push(best.row);
    least = best.least;
  }
  return chosen;
}

/** Different n-grams of words within texts. */
export function plainDistinct(texts: readonly string[], size: number): number {
  const seen = new Set<string>();
  for (const text of texts) {
    const words = text.split(/\s+/).filter((word) => word !== '');
    for (let i = 0; i + size <= words.length; i += 1) seen.add(words.slice(i, i + size).join(' '));
  }
  return seen.size;
}
