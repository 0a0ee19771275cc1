import type { PointTexts } from '../view.ts';

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
}

async function unpack(id: string): Promise<Response> {
  const encoded = document.getElementById(id)!.textContent ?? '';
  const letters = atob(encoded);
  // A loop: Uint8Array.from walks the string by an iterator, ten times slower.
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
}

export async function readPoints(fields: number): Promise<Points> {
  const packed = new DataView(await (await unpack('points')).arrayBuffer());
  const count = packed.byteLength / (6 + 2 * fields);
  const column = (place: number): Uint16Array => {
    const values = new Uint16Array(count);
    for (let i = 0; i < count; i += 1) values[i] = packed.getUint16(2 * (place * count + i), true);
    return values;
  };
  return {
    count,
    x: Float32Array.from(column(0), (step) => step / 65_535),
    y: Float32Array.from(column(1), (step) => step / 65_535),
    cluster: column(2),
    fields: Array.from({ length: fields }, (_, field) => column(3 + field)),
  };
}

export const readTexts = async (): Promise<PointTexts> =>
  (await (await unpack('texts')).json()) as PointTexts;

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
  const members = new Map<number, number[]>();
  for (let i = 0; i < points.count; i += 1) {
    const cluster = of[i]!;
    if (cluster === REFERENCE) continue;
    const list = members.get(cluster);
    if (list) list.push(i);
    else members.set(cluster, [i]);
  }
  const places = new Map<number, ClusterPlace>();
  for (const [cluster, list] of members) {
    const xs = Float32Array.from(list, (i) => points.x[i]!).sort();
    const ys = Float32Array.from(list, (i) => points.y[i]!).sort();
    const half = list.length >> 1;
    places.set(cluster, { x: xs[half]!, y: ys[half]!, above: ys[Math.floor(0.9 * list.length)]! });
  }
  return places;
}
