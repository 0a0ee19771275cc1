/**
 * The chance of each kind to be the most frequent among k draws without replacement from kinds of these counts, ties
 * broken by lot. Exact: for every number w of the winner, the ways in which the others get at most w, by how
 * many of them tie with it. Work counts² · k³ at worst; kinds of one count share theirs.
 */
export function majority(counts: readonly number[], k: number): number[] {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const all = choose(n, k);
  const byCount = new Map<number, number>();
  return counts.map((own) => {
    const known = byCount.get(own);
    if (known !== undefined) return known;
    const others = counts.toSpliced(counts.indexOf(own), 1);
    let ways = 0;
    for (let w = 1; w <= Math.min(own, k); w += 1) {
      const rest = waysAtMost(others, k - w, w);
      for (const [ties, number] of rest.entries()) ways += (choose(own, w) * number) / (ties + 1);
    }
    byCount.set(own, ways / all);
    return ways / all;
  });
}

/** By ties: the ways to draw `total` from the kinds, none more than w times; a tie is a kind drawn w times. */
function waysAtMost(counts: readonly number[], total: number, w: number): number[] {
  const most = Math.floor(total / w);
  let ways = Array.from({ length: (most + 1) * (total + 1) }, () => 0);
  ways[0] = 1;
  for (const count of counts) {
    const next = Array.from(ways, () => 0);
    for (let ties = 0; ties <= most; ties += 1) {
      for (let drawn = 0; drawn <= total; drawn += 1) {
        const before = ways[ties * (total + 1) + drawn]!;
        if (before === 0) continue;
        for (let x = 0; x <= Math.min(w, count, total - drawn); x += 1) {
          const to = (ties + (x === w ? 1 : 0)) * (total + 1) + drawn + x;
          next[to]! += before * choose(count, x);
        }
      }
    }
    ways = next;
  }
  return Array.from({ length: most + 1 }, (_, ties) => ways[ties * (total + 1) + total]!);
}

/** C(n, k). */
function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 0; i < k; i += 1) product *= (n - i) / (i + 1);
  return product;
}
