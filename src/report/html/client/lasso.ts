import type { Points } from './points.ts';
import type { Camera } from './surface.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The points inside a closed line, by how often a ray from each crosses it: 1 inside, 0 outside. */
export function inside(
  points: Points,
  line: readonly Spot[],
  camera: Camera,
  accept: (point: number) => boolean,
): Uint8Array {
  const path = line.map(({ x, y }) => ({
    x: (x - camera.left) / camera.scale,
    y: (camera.top - y) / camera.scale,
  }));
  const [left, right] = [Math.min(...path.map(({ x }) => x)), Math.max(...path.map(({ x }) => x))];
  const chosen = new Uint8Array(points.count);
  for (let i = 0; i < points.count; i += 1) {
    const [x, y] = [points.x[i]!, points.y[i]!];
    if (x < left || x > right || !accept(i)) continue;
    let odd = false;
    for (let at = 0, before = path.length - 1; at < path.length; before = at, at += 1) {
      const [a, b] = [path[at]!, path[before]!];
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
    }
    if (odd) chosen[i] = 1;
  }
  return chosen;
}
