/** Names on a map: where each can stand without touching another. Pixels throughout. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Name {
  readonly width: number;
  readonly height: number;
  /** What it names. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedName {
  readonly name: number;
  readonly box: Box;
  /** From the edge of the box to what is named; null where the name stands on it. */
  readonly line: readonly [x1: number, y1: number, x2: number, y2: number] | null;
}

/** Space that is kept around a name. */
const GAP = 4;
/** Rings of places that are tried around what is named, and places on a ring. */
const RINGS = 20;
const DIRECTIONS = 24;
const STEP = 9;

/**
 * Places names in the order given, the important ones first. Each takes the cheapest free place among
 * rings around what it names: cheap is near, and off the points, so that names move into the empty
 * space beside their cluster and a line leads back. A name that has no free place is left out.
 */
export function placeNames(
  names: readonly Name[],
  area: Box,
  points: { readonly x: Float32Array; readonly y: Float32Array },
): PlacedName[] {
  const covered = coverage(area, points);
  const placed: PlacedName[] = [];
  for (const [number, name] of names.entries()) {
    let best: PlacedName | null = null;
    let lowest = Number.POSITIVE_INFINITY;
    for (const [dx, dy] of OFFSETS) {
      const distance = Math.hypot(dx, dy);
      // Nothing farther out can be cheaper than what is found.
      if (distance * NEAR > lowest) break;
      const box = boxAround(name, name.x + dx, name.y + dy);
      if (!inside(box, area) || placed.some((other) => overlap(box, other.box, GAP))) continue;
      const line = lineOf(name, box);
      const cost = distance * NEAR + covered(box) * OFF_POINTS + crossings(box, line, placed);
      if (cost >= lowest) continue;
      lowest = cost;
      best = { name: number, box, line };
    }
    if (best !== null) placed.push(best);
  }
  return placed;
}

/** What a pixel of distance costs, and a box that is full of points. */
const NEAR = 1;
const OFF_POINTS = 150;
const CROSSED = 90;

const OFFSETS: readonly (readonly [dx: number, dy: number])[] = Array.from(
  { length: 1 + RINGS * DIRECTIONS },
  (_, i) => {
    if (i === 0) return [0, 0] as const;
    const ring = Math.floor((i - 1) / DIRECTIONS) + 1;
    const angle = (2 * Math.PI * ((i - 1) % DIRECTIONS)) / DIRECTIONS + (ring % 2) * 0.13;
    // Names are wider than high: sideways they must go farther to be clear.
    return [Math.cos(angle) * ring * STEP * 1.5, Math.sin(angle) * ring * STEP] as const;
  },
)
  .map((offset) => ({ offset, distance: Math.hypot(...offset) }))
  .sort((a, b) => a.distance - b.distance)
  .map(({ offset }) => offset);

const boxAround = ({ width, height }: Name, x: number, y: number): Box => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

const inside = (box: Box, area: Box): boolean =>
  box.left >= area.left &&
  box.right <= area.right &&
  box.top >= area.top &&
  box.bottom <= area.bottom;

export const overlap = (a: Box, b: Box, gap = 0): boolean =>
  a.left < b.right + gap &&
  b.left < a.right + gap &&
  a.top < b.bottom + gap &&
  b.top < a.bottom + gap;

/** The line from the nearest edge of the box; none where the box covers what is named, or nearly. */
function lineOf({ x, y }: Name, box: Box): PlacedName['line'] {
  const nearX = Math.min(Math.max(x, box.left), box.right);
  const nearY = Math.min(Math.max(y, box.top), box.bottom);
  return Math.hypot(nearX - x, nearY - y) < 14 ? null : [nearX, nearY, x, y];
}

function crossings(box: Box, line: PlacedName['line'], placed: readonly PlacedName[]): number {
  let cost = 0;
  for (const other of placed) {
    if (other.line !== null && touches(other.line, box)) cost += CROSSED;
    if (line === null) continue;
    if (touches(line, other.box)) cost += CROSSED;
    if (other.line !== null && cross(line, other.line)) cost += CROSSED;
  }
  return cost;
}

type Line = NonNullable<PlacedName['line']>;

const side = (ax: number, ay: number, bx: number, by: number, px: number, py: number): number =>
  Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));

const cross = ([ax, ay, bx, by]: Line, [cx, cy, dx, dy]: Line): boolean =>
  side(ax, ay, bx, by, cx, cy) !== side(ax, ay, bx, by, dx, dy) &&
  side(cx, cy, dx, dy, ax, ay) !== side(cx, cy, dx, dy, bx, by);

/** Whether a line runs through a box; its own box it only touches at the edge, and is not asked about. */
function touches(line: Line, { left, top, right, bottom }: Box): boolean {
  const [x1, y1, x2, y2] = line;
  const within = (x: number, y: number): boolean => x > left && x < right && y > top && y < bottom;
  if (within(x1, y1) || within(x2, y2)) return true;
  return cross(line, [left, top, right, bottom]) || cross(line, [left, bottom, right, top]);
}

const CELL = 4;

/** How much of a box points cover, 0 to 1, from a table of sums over small cells. */
function coverage(
  area: Box,
  { x, y }: { readonly x: Float32Array; readonly y: Float32Array },
): (box: Box) => number {
  const columns = Math.max(1, Math.ceil((area.right - area.left) / CELL));
  const rows = Math.max(1, Math.ceil((area.bottom - area.top) / CELL));
  const sums = new Float64Array((columns + 1) * (rows + 1));
  const column = (value: number): number => Math.floor((value - area.left) / CELL);
  const row = (value: number): number => Math.floor((value - area.top) / CELL);
  for (let i = 0; i < x.length; i += 1) {
    const [c, r] = [column(x[i]!), row(y[i]!)];
    if (c >= 0 && r >= 0 && c < columns && r < rows) sums[(r + 1) * (columns + 1) + c + 1] = 1;
  }
  for (let r = 1; r <= rows; r += 1) {
    for (let c = 1; c <= columns; c += 1) {
      const at = r * (columns + 1) + c;
      sums[at]! += sums[at - 1]! + sums[at - columns - 1]! - sums[at - columns - 2]!;
    }
  }
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return ({ left, top, right, bottom }) => {
    const [c1, c2] = [clamp(column(left), columns), clamp(column(right) + 1, columns)];
    const [r1, r2] = [clamp(row(top), rows), clamp(row(bottom) + 1, rows)];
    const cells = Math.max(1, (c2 - c1) * (r2 - r1));
    const at = (r: number, c: number): number => sums[r * (columns + 1) + c]!;
    return (at(r2, c2) - at(r1, c2) - at(r2, c1) + at(r1, c1)) / cells;
  };
}
