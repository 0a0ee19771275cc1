import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import { products } from '../compute/kernels/products.ts';
import { QUERY_ROWS, tilesOf } from '../compute/kernels/tiles.ts';
import { rowOf, selectRows, squaredDistance } from '../compute/vectors.ts';
import { nearDuplicateReach } from '../measures/diversity/near-duplicates.ts';
import type { Rows } from '../measures/rows.ts';
import { EXACT_ROWS } from '../neighbours/graph.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';

/** Rows that hang together by near-duplicates, or that are equal. */
export interface DuplicateGroup {
  /** Ascending; two at least. */
  readonly rows: readonly number[];
  /** How many different contents they have: 1 where all are equal. */
  readonly distinct: number;
  /** The row that is most like all of them: the first of those with the largest sum of cosines. */
  readonly keep: number;
  /** The smallest cosine of one of them to that row. */
  readonly least: number;
}

/** A partition of the rows of which only parts of two or more rows are listed, largest first. */
export interface DuplicateGroups {
  readonly groups: readonly DuplicateGroup[];
  /** The place of each row's group in the list; −1 where it is in none. */
  readonly of: Int32Array;
}

/** Groups of rows of equal content. Linear in the rows. */
export function equalGroups(rows: Rows): DuplicateGroups {
  return groupsOf(rows, Int32Array.from(firstOfKinds(rows)));
}

/**
 * Connected components of the graph whose edges are pairs of rows at cosine `at` or above, from the
 * nearest neighbours of each row. Lists are finite: rows that have as many near-duplicates as their list
 * is long may have more, so those are compared with each other, one of each content, up to EXACT_ROWS of
 * them. Where neighbours were found by an approximate index, edges that it missed are missing.
 */
export async function nearGroups(
  rows: Rows,
  graph: NeighbourGraph,
  at: number,
  options: ComputeOptions = {},
): Promise<DuplicateGroups> {
  const reach = nearDuplicateReach(at);
  const { n, k } = graph;
  const parents = firstOfKinds(rows);
  const full: number[] = [];
  for (let i = 0; i < n; i += 1) {
    let near = 0;
    while (near < k && graph.distances[i * k + near]! <= reach) {
      join(parents, i, graph.ids[i * k + near]!);
      near += 1;
    }
    if (k > 0 && near === k && k < n - 1) full.push(i);
  }
  await joinFull(rows, parents, full, reach, options);
  return groupsOf(rows, parents);
}

/** Joins what full lists may have left apart: every missing edge is between two full rows. */
async function joinFull(
  { unit, kinds }: Rows,
  parents: Int32Array,
  full: readonly number[],
  reach: number,
  { device = cpu, signal }: ComputeOptions,
): Promise<void> {
  const seen = new Set<number>();
  const chosen = full.filter((row) => !seen.has(kinds[row]!) && seen.add(kinds[row]!));
  // All in one component already, as where a set repeats one row: nothing to look for.
  if (new Set(chosen.map((row) => rootOf(parents, row))).size < 2) return;
  if (chosen.length > EXACT_ROWS) return;
  const vectors = selectRows(unit, chosen);
  // Products are float32: a pair that they put about as far as `reach` is looked at in float64.
  const likely = 1 - reach - ROUNDING;
  for (const targets of tilesOf(vectors, TARGET_ROWS)) {
    for (const queries of tilesOf(vectors, QUERY_ROWS)) {
      if (queries.first > targets.first + targets.rows) break;
      throwIfAborted(signal);
      const tile = await products(device, queries.data, targets.data, vectors.dims);
      for (let a = 0; a < queries.rows; a += 1) {
        const i = queries.first + a;
        for (let b = 0; b < targets.rows; b += 1) {
          if (tile[a * targets.rows + b]! < likely) continue;
          const j = targets.first + b;
          if (i >= j || rootOf(parents, chosen[i]!) === rootOf(parents, chosen[j]!)) continue;
          const distance = squaredDistance(rowOf(vectors, i), rowOf(vectors, j)) / 2;
          if (distance <= reach) join(parents, chosen[i]!, chosen[j]!);
        }
      }
      await breathe();
    }
  }
}

const TARGET_ROWS = 2048;
/** Of a float32 product of unit rows. */
const ROUNDING = 4e-6;

/** Every row's parent is the first row of its content. */
function firstOfKinds({ n, kinds }: Rows): Int32Array {
  const first = new Map<number, number>();
  const parents = new Int32Array(n);
  for (let i = 0; i < n; i += 1) {
    const known = first.get(kinds[i]!);
    if (known === undefined) first.set(kinds[i]!, i);
    parents[i] = known ?? i;
  }
  return parents;
}

/** The first row of the component; halves the path on its way. */
function rootOf(parents: Int32Array, row: number): number {
  let at = row;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]!]!;
    at = parents[at]!;
  }
  return at;
}

function join(parents: Int32Array, a: number, b: number): void {
  const [x, y] = [rootOf(parents, a), rootOf(parents, b)];
  parents[Math.max(x, y)] = Math.min(x, y);
}

function groupsOf(rows: Rows, parents: Int32Array): DuplicateGroups {
  const members = new Map<number, number[]>();
  for (let i = 0; i < rows.n; i += 1) {
    const root = rootOf(parents, i);
    const known = members.get(root);
    if (known === undefined) members.set(root, [i]);
    else known.push(i);
  }
  const groups = [...members.values()]
    .filter((own) => own.length > 1)
    .map((own) => groupOf(rows, own))
    .sort((a, b) => b.rows.length - a.rows.length || a.rows[0]! - b.rows[0]!);
  const of = new Int32Array(rows.n).fill(-1);
  for (const [place, group] of groups.entries()) for (const row of group.rows) of[row] = place;
  return { groups, of };
}

function groupOf({ unit, kinds }: Rows, own: readonly number[]): DuplicateGroup {
  const sum = new Float64Array(unit.dims);
  for (const row of own) {
    const vector = rowOf(unit, row);
    for (let j = 0; j < unit.dims; j += 1) sum[j]! += vector[j]!;
  }
  // Cosines to all of them add up to x · Σ y.
  const likeness = own.map((row) => dot(rowOf(unit, row), sum));
  const most = likeness.reduce((a, b) => Math.max(a, b));
  const place = likeness.findIndex((value) => value >= most - 1e-9 * own.length);
  const keep = own[place]!;
  let farthest = 0;
  for (const row of own) {
    farthest = Math.max(farthest, squaredDistance(rowOf(unit, row), rowOf(unit, keep)) / 2);
  }
  return {
    rows: own,
    distinct: new Set(own.map((row) => kinds[row]!)).size,
    keep,
    least: 1 - farthest,
  };
}

function dot(a: Float32Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < b.length; j += 1) sum += a[j]! * b[j]!;
  return sum;
}
