import { blockOf, unpack } from './unpack.ts';

/** No group: a row of the reference, or one without a value. */
export const REFERENCE = 0xffff;

/** Positions from 0 to 1 in steps of the longer side, y upwards. */
export interface Points {
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly cluster: Uint16Array;
  /** What else the points can be coloured by: steps of amounts or numbers of names. */
  readonly fields: readonly Uint16Array[];
  /** Of so many rows at a time the texts are unpacked. */
  readonly block: number;
}

/** Columns of 16 bits, in the byte order of every machine that browsers run on. */
export async function readPoints(fields: number): Promise<Points> {
  const packed = await unpack(blockOf('points'));
  const count = packed.byteLength / (6 + 2 * fields);
  const column = (place: number): Uint16Array => new Uint16Array(packed, 2 * place * count, count);
  return {
    count,
    x: fractions(column(0)),
    y: fractions(column(1)),
    cluster: column(2),
    fields: Array.from({ length: fields }, (_, field) => column(3 + field)),
    block: Number(document.getElementById('points')!.dataset.block),
  };
}

function fractions(steps: Uint16Array): Float32Array {
  const values = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; i += 1) values[i] = steps[i]! / 65_535;
  return values;
}

/** The nearest point within a radius that passes the filter; null when there is none. */
export type FindNearest = (
  x: number,
  y: number,
  radius: number,
  accept: (point: number) => boolean,
) => number | null;

/** Points sorted into square cells, so that a search looks at few of them. */
export function gridSearch(points: Points): FindNearest {
  const side = Math.min(512, Math.max(1, Math.ceil(Math.sqrt(points.count / 2))));
  const cellOf = (value: number): number =>
    Math.min(side - 1, Math.max(0, Math.floor(value * side)));
  const starts = new Uint32Array(side * side + 1);
  const cells = new Uint32Array(points.count);
  for (let i = 0; i < points.count; i += 1) {
    const cell = cellOf(points.y[i]!) * side + cellOf(points.x[i]!);
    cells[i] = cell;
    starts[cell + 1]! += 1;
  }
  for (let cell = 0; cell < side * side; cell += 1) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const sorted = new Uint32Array(points.count);
  for (let i = 0; i < points.count; i += 1) sorted[next[cells[i]!]!++] = i;

  return (x, y, radius, accept) => {
    let found: number | null = null;
    let best = radius * radius;
    for (let row = cellOf(y - radius); row <= cellOf(y + radius); row += 1) {
      const from = starts[row * side + cellOf(x - radius)]!;
      const to = starts[row * side + cellOf(x + radius) + 1]!;
      for (let at = from; at < to; at += 1) {
        const point = sorted[at]!;
        const distance = (points.x[point]! - x) ** 2 + (points.y[point]! - y) ** 2;
        if (distance <= best && accept(point)) {
          best = distance;
          found = point;
        }
      }
    }
    return found;
  };
}

/** Where a cluster is on the map, in the map's units. */
export interface ClusterPlace {
  readonly x: number;
  readonly y: number;
  /** The height that nine in ten of its points stay below: a name above it covers few of them. */
  readonly above: number;
}

/** The median position of each group's points: in the middle of them also where a few stray. */
export function placesOf(
  points: Points,
  of: Uint16Array = points.cluster,
): Map<number, ClusterPlace> {
  const starts = new Uint32Array(REFERENCE + 1);
  for (const group of of) if (group !== REFERENCE) starts[group + 1]! += 1;
  for (let group = 0; group < REFERENCE; group += 1) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const xs = new Float32Array(starts[REFERENCE]!);
  const ys = new Float32Array(xs.length);
  for (let i = 0; i < points.count; i += 1) {
    const group = of[i]!;
    if (group === REFERENCE) continue;
    const at = next[group]!++;
    xs[at] = points.x[i]!;
    ys[at] = points.y[i]!;
  }
  const places = new Map<number, ClusterPlace>();
  for (let group = 0; group < REFERENCE; group += 1) {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    if (from === to) continue;
    const [x, y] = [xs.subarray(from, to).sort(), ys.subarray(from, to).sort()];
    const half = x.length >> 1;
    places.set(group, { x: x[half]!, y: y[half]!, above: y[Math.floor(0.9 * y.length)]! });
  }
  return places;
}
