/**
 * Of the rows `among` (all by default) those with the `count` largest numbers, largest first; equal ones in
 * the order of the rows.
 */
export function largest(
  values: Float64Array,
  count: number,
  among: (row: number) => boolean = () => true,
): number[] {
  const candidates: number[] = [];
  for (let i = 0; i < values.length; i += 1) if (among(i)) candidates.push(i);
  // Sorting numbers alone is quick; of the rows only those are sorted that can be among the first.
  const sorted = Float64Array.from(candidates, (i) => values[i]!).sort();
  const least = sorted[Math.max(0, sorted.length - count)] ?? 0;
  return candidates
    .filter((i) => values[i]! >= least)
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, count);
}
