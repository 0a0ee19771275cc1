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
import { sortByKey } from './radix';

export { restart } from './chunks';
export { allocate } from './heap';
export { grow, measure, tiles } from './prim';
export { sortScratch } from './radix';

const SIGN: u64 = 0x8000000000000000;

/** n sets of one node each. `sets` has an i32 a node: its parent, or −size at the root of a set. */
export function separate(sets: usize, n: i32): void {
  memory.fill(sets, 0xff, (<usize>n) << 2);
}

/** The root of a node's set. Halves the path it goes. */
function rootOf(sets: usize, node: i32): i32 {
  let parent = at(sets, node);
  while (parent >= 0) {
    const above = at(sets, parent);
    if (above < 0) return parent;
    put(sets, node, above);
    node = above;
    parent = at(sets, node);
  }
  return node;
}

/** Joins the sets of two nodes, the smaller below the larger; of equal ones `b`'s. False when they are one. */
function union(sets: usize, a: i32, b: i32): bool {
  let top = rootOf(sets, a);
  let below = rootOf(sets, b);
  if (top == below) return false;
  if (at(sets, top) > at(sets, below)) {
    const smaller = top;
    top = below;
    below = smaller;
  }
  put(sets, top, at(sets, top) + at(sets, below));
  put(sets, below, top);
  return true;
}

/** The first of m edges with an end that is none of n nodes; −1 when there is none such. */
export function firstAmiss(n: i32, from: usize, to: usize, m: i32): i32 {
  for (let i = 0; i < m; i++) {
    if (<u32>at(from, i) >= <u32>n || <u32>at(to, i) >= <u32>n) return i;
  }
  return -1;
}

/**
 * Goes through m edges (an i32 each `from` and `to`) in the order given and leaves at `chosen` the i32
 * numbers of those that joined two sets. Returns how many: at most n − 1.
 */
export function join(sets: usize, from: usize, to: usize, m: i32, chosen: usize): i32 {
  let count = 0;
  for (let i = 0; i < m; i++) {
    if (union(sets, at(from, i), at(to, i))) put(chosen, count++, i);
  }
  return count;
}

/**
 * The same with the edges taken from light to heavy, equal ones in the order given. `weights`, a
 * float64 an edge and none of them NaN, are left sorted in some order of keys; `order` is an i32 an
 * edge; `scratch` has `sortScratch(m)` bytes.
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
  for (let i = 0; i < m; i++) {
    put(order, i, i);
    // As unsigned integers, floats sort by value once the sign is turned, and negative ones wholly.
    const key = weights + ((<usize>i) << 3);
    const bits = reinterpret<u64>(load<f64>(key) + 0); // −0 becomes 0
    store<u64>(key, bits & SIGN ? ~bits : bits | SIGN);
  }
  sortByKey(weights, order, m, scratch);
  let count = 0;
  for (let i = 0; i < m; i++) {
    const edge = at(order, i);
    if (union(sets, at(from, edge), at(to, edge))) put(chosen, count++, edge);
  }
  return count;
}

/** Numbers the sets by their first node, from 0; leaves the number of each node's at `labels`. */
export function label(sets: usize, n: i32, labels: usize, numbers: usize): i32 {
  memory.fill(numbers, 0xff, (<usize>n) << 2);
  let count = 0;
  for (let node = 0; node < n; node++) {
    const root = rootOf(sets, node);
    if (at(numbers, root) < 0) put(numbers, root, count++);
    put(labels, node, at(numbers, root));
  }
  return count;
}
