/**
 * Union–find, and minimum spanning trees: Kruskal's over the edges of a graph (`joinLightest`), Prim's
 * over all pairs of points (`measure`, then `grow`, both in prim.ts).
 *
 * The caller (src/compute/forest.ts) gets every region from `allocate`, fills the inputs and owns them
 * all. Nodes are numbered from 0; ends that are no node's (see `firstAmiss`) and overlapping regions
 * corrupt the memory of this instance: the caller checks. Only `measure` may run on several
 * threads at once.
 */
import { at, put } from './integers';
import { bucketEnd, sortBucket, spread } from './lightest';

export { restart } from './chunks';
export { allocate } from './heap';
export { orderScratch } from './lightest';
export { grow, measure, tiles } from './prim';

/** n sets of one node each. `sets` has an i32 a node: its parent, which comes before it, or itself at the root of a set. */
export function separate(sets: usize, n: i32): void {
  for (let node = 0; node < n; node++) put(sets, node, node);
}

/** The first node of a node's set. Halves the path it goes. */
function rootOf(sets: usize, node: i32): i32 {
  let parent = at(sets, node);
  while (parent != node) {
    const above = at(sets, parent);
    put(sets, node, above);
    node = above;
    parent = at(sets, node);
  }
  return node;
}

/** Whether two nodes are in one set already. Most often a look at their parents tells. */
function together(sets: usize, a: i32, b: i32): bool {
  return at(sets, a) == at(sets, b) || rootOf(sets, a) == rootOf(sets, b);
}

/**
 * Joins the sets of two nodes; false when they are one. Rem's algorithm (Dijkstra 1976; Patwary, Blair &
 * Manne 2010): both paths are gone up at once, the later node first, and shortened on the way.
 */
function union(sets: usize, a: i32, b: i32): bool {
  let aboveA = at(sets, a);
  let aboveB = at(sets, b);
  while (aboveA != aboveB) {
    if (aboveA < aboveB) {
      const node = b;
      const above = aboveB;
      b = a;
      aboveB = aboveA;
      a = node;
      aboveA = above;
    }
    put(sets, a, aboveB);
    if (a == aboveA) return true;
    a = aboveA;
    aboveA = at(sets, a);
  }
  return false;
}

/** The first of m edges with an end that is none of n nodes; −1 when there is none such. */
export function firstAmiss(n: i32, from: usize, to: usize, m: i32): i32 {
  for (let i = 0; i < m; i++) {
    if (<u32>at(from, i) >= <u32>n || <u32>at(to, i) >= <u32>n) return i;
  }
  return -1;
}

/** Goes through m edges (an i32 each `from` and `to`) and joins the sets of their ends. */
export function join(sets: usize, from: usize, to: usize, m: i32): void {
  for (let i = 0; i < m; i++) union(sets, at(from, i), at(to, i));
}

/**
 * Takes the edges from light to heavy, equal ones in the order given, and leaves at `chosen` the i32
 * numbers of those that joined two sets. Returns how many, at most n − 1, or −1 when a weight is NaN.
 * `weights`, a float64 an edge, are used up; `order` is an i32 an edge; `scratch` has `orderScratch(m)` bytes.
 *
 * Edges are divided into buckets by weight. From each bucket those go whose ends lighter ones have
 * joined (Osipov, Sanders & Singler 2009), most of all where neighbour lists are long; the rest is sorted.
 */
export function joinLightest(
  sets: usize,
  from: usize,
  to: usize,
  weights: usize,
  m: i32,
  order: usize,
  scratch: usize,
  chosen: usize,
): i32 {
  const buckets = spread(weights, m, order, scratch);
  if (buckets < 0) return -1;
  let count = 0;
  let first = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = bucketEnd(scratch, bucket);
    let left = first;
    for (let i = first; i < end; i++) {
      const edge = at(order, i);
      if (!together(sets, at(from, edge), at(to, edge))) put(order, left++, edge);
    }
    sortBucket(weights, order, first, left, scratch);
    for (let i = first; i < left; i++) {
      const edge = at(order, i);
      if (union(sets, at(from, edge), at(to, edge))) put(chosen, count++, edge);
    }
    first = end;
  }
  return count;
}

/** Numbers the sets by their first node, from 0; leaves the number of each node's at `labels`. */
export function label(sets: usize, n: i32, labels: usize): i32 {
  let count = 0;
  for (let node = 0; node < n; node++) {
    const parent = at(sets, node);
    put(labels, node, parent == node ? count++ : at(labels, parent));
  }
  return count;
}
