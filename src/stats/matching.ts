/** Lengths within this ratio, about, are of one stratum. */
const RATIO = 1.1;

/** Stratum 0 is that of no length; those of 1, 2, … are of single lengths up to ten. */
const stratumOf = (length: number): number =>
  length < 1 ? 0 : 1 + Math.round(Math.log(length) / Math.log(RATIO));

/**
 * Rows of several sets such that all have the same distribution of lengths: from every stratum as many of
 * each set as the set with the fewest there has, the first in the set's order. `most` rows at most, then as large a part of
 * every stratum, about. In ascending order; NaN has no stratum.
 */
export function matchLengths(
  sets: readonly { readonly lengths: Float64Array; readonly order: Int32Array }[],
  most = Number.POSITIVE_INFINITY,
): Int32Array[] {
  const strata = sets.map(({ lengths, order }) => {
    const members = new Map<number, number[]>();
    for (const row of order) {
      const stratum = stratumOf(lengths[row]!);
      if (Number.isNaN(stratum)) continue;
      const known = members.get(stratum);
      if (known === undefined) members.set(stratum, [row]);
      else known.push(row);
    }
    return members;
  });
  const kept: number[][] = sets.map(() => []);
  const shared = [...(strata[0]?.keys() ?? [])]
    .sort((a, b) => a - b)
    .map((stratum) => ({
      stratum,
      rows: Math.min(...strata.map((members) => members.get(stratum)?.length ?? 0)),
    }));
  const all = shared.reduce((sum, { rows }) => sum + rows, 0);
  const part = Math.min(1, most / Math.max(1, all));
  let [passed, taken] = [0, 0];
  for (const { stratum, rows } of shared) {
    passed += rows;
    // Rounded along the way, so that they add up.
    const count = Math.round(part * passed) - taken;
    taken += count;
    for (const [s, members] of strata.entries()) {
      kept[s]!.push(...(members.get(stratum)?.slice(0, count) ?? []));
    }
  }
  return kept.map((rows) => Int32Array.from(rows).sort());
}
