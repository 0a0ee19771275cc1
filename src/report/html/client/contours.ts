import { type Points, REFERENCE } from './points.ts';

/** Line segments of one height, in the map's units: x, y, x, y of each. */
export type Contour = Float32Array;

/** Cells along a side, and how far points are spread over them. */
const SIDE = 160;
const BLUR = 3;
const RIM = 12;
/** Shares of the rows that lie inside the lines, the outermost first. */
const INSIDE = [0.95, 0.8, 0.6, 0.4, 0.2];

/** Lines of equal density of the dataset's rows, each around the densest places that hold a share of them. */
export function contoursOf(points: Points): Contour[] {
  const width = SIDE + 2 * RIM;
  let grid: Float64Array = new Float64Array(width * width);
  for (let i = 0; i < points.count; i += 1) {
    if (points.cluster[i] === REFERENCE) continue;
    const column = RIM + Math.min(SIDE - 1, Math.floor(points.x[i]! * SIDE));
    const row = RIM + Math.min(SIDE - 1, Math.floor(points.y[i]! * SIDE));
    grid[row * width + column]! += 1;
  }
  // Three boxes in a row are nearly a bell (Wells 1986).
  for (let round = 0; round < 3; round += 1) {
    grid = blurred(blurred(grid, width, 1), width, width);
  }
  const sorted = grid.filter((value) => value > 0).sort();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return INSIDE.map((share) => {
    let held = 0;
    let at = sorted.length;
    while (at > 0 && held < share * total) held += sorted[--at]!;
    return linesAt(grid, width, sorted[at] ?? Number.POSITIVE_INFINITY);
  });
}

function blurred(grid: Float64Array, width: number, step: number): Float64Array {
  const out = new Float64Array(grid.length);
  const across = step === 1 ? width : 1;
  for (let line = 0; line < width; line += 1) {
    let sum = 0;
    for (let at = -BLUR; at < width; at += 1) {
      if (at + BLUR < width) sum += grid[line * across + (at + BLUR) * step]!;
      if (at - BLUR - 1 >= 0) sum -= grid[line * across + (at - BLUR - 1) * step]!;
      if (at >= 0) out[line * across + at * step] = sum / (2 * BLUR + 1);
    }
  }
  return out;
}

/** Marching squares (Lorensen & Cline 1987, in the plane). */
function linesAt(grid: Float64Array, width: number, level: number): Contour {
  const lines: number[] = [];
  const unit = (cell: number): number => (cell - RIM + 0.5) / SIDE;
  for (let row = 0; row + 1 < width; row += 1) {
    for (let column = 0; column + 1 < width; column += 1) {
      const at = row * width + column;
      const corners = [grid[at]!, grid[at + 1]!, grid[at + width + 1]!, grid[at + width]!];
      const ends: number[] = [];
      for (let edge = 0; edge < 4; edge += 1) {
        const [a, b] = [corners[edge]!, corners[(edge + 1) % 4]!];
        if (a >= level === b >= level) continue;
        const share = (level - a) / (b - a);
        const [dx, dy] = [
          [share, 0],
          [1, share],
          [1 - share, 1],
          [0, 1 - share],
        ][edge] as [number, number];
        ends.push(unit(column + dx), unit(row + dy));
      }
      // Two edges are one line; four, at a saddle, are two.
      for (let end = 0; end + 3 < ends.length; end += 4) lines.push(...ends.slice(end, end + 4));
    }
  }
  return Float32Array.from(lines);
}
