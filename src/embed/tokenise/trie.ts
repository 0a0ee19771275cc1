/**
 * A set of words as a tree of UTF-16 code units, in typed arrays: the children of a node lie side by
 * side, sorted by label, so a step down is a binary search and the whole tree stays in the cpu's cache.
 */
export interface Trie {
  /** The code unit on the edge that leads to each node; node 0 is the root. */
  readonly labels: Uint16Array;
  /** Node n's children are the nodes first[n] … first[n + 1] − 1. */
  readonly first: Int32Array;
  /** The value of the word that ends at each node, −1 where none does. */
  readonly values: Int32Array;
}

/** Builds the tree breadth first. Where a word comes twice, its last value holds. Values are ≥ 0. */
export function createTrie(words: Iterable<readonly [word: string, value: number]>): Trie {
  const entries = [...new Map(words)].sort(([a], [b]) => (a < b ? -1 : 1));
  const labels = [0];
  const values = [-1];
  const first: number[] = [];
  /** For each node, the run of entries that share its prefix, and that prefix's length. */
  const runs = [{ from: 0, to: entries.length, depth: 0 }];
  for (let node = 0; node < runs.length; node++) {
    let { from, to, depth } = runs[node]!;
    first.push(runs.length);
    if (entries[from]?.[0].length === depth) {
      values[node] = entries[from]![1];
      from += 1;
    }
    while (from < to) {
      const label = entries[from]![0].charCodeAt(depth);
      let end = from + 1;
      while (end < to && entries[end]![0].charCodeAt(depth) === label) end += 1;
      labels.push(label);
      values.push(-1);
      runs.push({ from, to: end, depth: depth + 1 });
      from = end;
    }
  }
  first.push(runs.length);
  return {
    labels: Uint16Array.from(labels),
    first: Int32Array.from(first),
    values: Int32Array.from(values),
  };
}

/** The child of a node along a code unit, or −1. */
export function step(trie: Trie, node: number, unit: number): number {
  const { labels, first } = trie;
  let low = first[node]!;
  let high = first[node + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const label = labels[middle]!;
    if (label === unit) return middle;
    if (label < unit) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
