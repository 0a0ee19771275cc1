/**
 * The interval of a value at n of N rows, from that of one draw of n rows. Its variance is that of one draw
 * of n fresh rows, times n/N for what hangs on which rows the dataset has (the first-order term of a
 * statistic of n rows, Hoeffding 1948), plus 1 − n/N over the number of draws for which of them were drawn;
 * `draws` is null where the value over all draws is known in closed form.
 */
export function thinnedInterval(
  value: number,
  draw: { readonly value: number; readonly interval: readonly [number, number] },
  { n, of, draws }: { readonly n: number; readonly of: number; readonly draws: number | null },
  [low, high]: readonly [number, number],
): readonly [number, number] {
  const part = n / of;
  const scale = Math.sqrt(part + (draws === null ? 0 : (1 - part) / draws));
  return [
    Math.max(low, value - scale * (draw.value - draw.interval[0])),
    Math.min(high, value + scale * (draw.interval[1] - draw.value)),
  ];
}
