/**
 * A map as it lies on paper. One of three dimensions is seen along the direction in which it is
 * thinnest, which hides the least: its points in the plane of the two largest principal axes.
 */
export function flatOf(
  layout: Float32Array,
  components: number,
): { x: Float32Array; y: Float32Array } {
  const n = components === 0 ? 0 : layout.length / components;
  if (components === 2) return { x: along(layout, n, [1, 0]), y: along(layout, n, [0, 1]) };
  const [first, second] = principalAxes(layout, n, components);
  return { x: along(layout, n, first!), y: along(layout, n, second!) };
}

const along = (layout: Float32Array, n: number, axis: readonly number[]): Float32Array =>
  Float32Array.from({ length: n }, (_, i) =>
    axis.reduce((sum, weight, c) => sum + weight * layout[i * axis.length + c]!, 0),
  );

const TURNS = 60;

/** The axes of largest variance, by power iteration on the covariance with what was found taken out. */
function principalAxes(layout: Float32Array, n: number, components: number): number[][] {
  const mean = Array.from({ length: components }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += layout[i * components + c]!;
    return sum / Math.max(1, n);
  });
  const covariance = Array.from({ length: components }, () =>
    new Array<number>(components).fill(0),
  );
  for (let i = 0; i < n; i += 1) {
    for (let a = 0; a < components; a += 1) {
      for (let b = 0; b < components; b += 1) {
        const product =
          (layout[i * components + a]! - mean[a]!) * (layout[i * components + b]! - mean[b]!);
        covariance[a]![b]! += product;
      }
    }
  }
  const axes: number[][] = [];
  for (let found = 0; found < 2; found += 1) axes.push(largestAxis(covariance, axes));
  return axes;
}

function largestAxis(covariance: readonly number[][], found: readonly number[][]): number[] {
  // Any start will do that is not at right angles to the axis; each unit vector is tried for its length.
  let best: number[] = [];
  let longest = -1;
  for (let start = 0; start < covariance.length; start += 1) {
    let axis = cleared(
      covariance.map((_, c) => (c === start ? 1 : 0)),
      found,
    );
    let length = 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      const next = cleared(
        covariance.map((row) => row.reduce((sum, value, c) => sum + value * axis[c]!, 0)),
        found,
      );
      length = Math.hypot(...next);
      if (length === 0) break;
      axis = next.map((value) => value / length);
    }
    if (length > longest && Math.hypot(...axis) > 1e-6) {
      longest = length;
      best = axis.map((value) => value / Math.hypot(...axis));
    }
  }
  // The larger part points up or right, so that the picture does not turn over.
  const largest = best.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? best.map((value) => -value) : best;
}

const cleared = (vector: readonly number[], found: readonly number[][]): number[] =>
  found.reduce<number[]>(
    (rest, axis) => {
      const dot = rest.reduce((sum, value, c) => sum + value * axis[c]!, 0);
      return rest.map((value, c) => value - dot * axis[c]!);
    },
    [...vector],
  );
