/**
 * Where a curve bends: the point farthest above the straight line between its ends, both axes scaled to 1 (the idea of
 * Kneedle; Satopää et al. 2011). `x` ascends. null where no point lies farther above the line than its own error, which
 * ends that are not apart make certain.
 */
export function kneeOf(
  x: readonly number[],
  y: readonly number[],
  errors: readonly number[],
): number | null {
  const last = x.length - 1;
  if (last < 2) return null;
  const [width, height] = [x[last]! - x[0]!, y[last]! - y[0]!];
  if (!(width > 0) || height === 0) return null;
  let best: number | null = null;
  let most = 0;
  for (let i = 1; i < last; i += 1) {
    const line = y[0]! + (height * (x[i]! - x[0]!)) / width;
    const above = y[i]! - line;
    if (above > errors[i]! && above > most) [best, most] = [i, above];
  }
  return best;
}
