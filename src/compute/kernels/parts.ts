import type { Device } from '../device.ts';
import type { Graph, Tensor } from '../graph.ts';
import type { Feed, Feeds } from '../session.ts';
import { type PairShape, QUERY_ROWS, TARGET_ROWS } from './tiles.ts';

/**
 * On the processor one run multiplies several parts of a tile one after the other: the products of a
 * part, at most 4 MB, stay in cache until they are reduced, and fewer runs have to be started. Smaller
 * parts would leave cores waiting for each other more often.
 * Cards like one large product better.
 */
export interface Part {
  /** Where it begins in the tile. */
  readonly first: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/** The most rows of a part on either side. */
export const PART_ROWS = 1024;
/** The most parts of a tile. */
export const MOST_PARTS = TARGET_ROWS / PART_ROWS;

/** Whether a processor does the work, with or without a native library. */
export const onProcessor = ({ name }: Device): boolean => name === 'cpu' || name === 'wasm';

/** How many parts suit so many rows. */
export const partCount = (device: Device, rows: number): number =>
  onProcessor(device) ? Math.max(1, Math.ceil(rows / PART_ROWS)) : 1;

/** `rows` as `count` parts of about one size, in order. */
export function partsOf(rows: Float32Array, dims: number, count: number): Part[] {
  const total = rows.length / dims;
  return Array.from({ length: count }, (_, p) => {
    const first = Math.round((p * total) / count);
    const last = Math.round(((p + 1) * total) / count);
    return { first, rows: last - first, data: rows.subarray(first * dims, last * dims) };
  });
}

/**
 * The parts of what belongs to a tile, each under its name and the part's number: `t0`, `t1`. Rows of
 * no width are numbers.
 */
export function partFeeds(
  whole: Readonly<Record<string, readonly [data: Float32Array, width: number | null]>>,
  parts: readonly Part[],
): Feeds {
  const feeds: Record<string, Feed> = {};
  for (const [name, [data, width]] of Object.entries(whole)) {
    for (const [p, { first, rows }] of parts.entries()) {
      const size = width ?? 1;
      const own = data.subarray(first * size, (first + rows) * size);
      feeds[`${name}${p}`] = [own, width === null ? [rows] : [rows, width]];
    }
  }
  return feeds;
}

/** The sum of what came of each part. */
export const added = (graph: Graph, [first, ...others]: readonly Tensor[]): Tensor =>
  others.length === 0 ? first! : graph.op('Sum', [first!, ...others]);

/**
 * Bytes of a pass: the products of one part `copies` times over (once, and once more for every operator
 * that cannot work in place), and the norms of both sides of the tile.
 */
export function partBytes(
  device: Device,
  { queries, targets }: Pick<PairShape, 'queries' | 'targets'>,
  copies: number,
): number {
  const q = Math.min(queries, QUERY_ROWS);
  const t = Math.min(targets, TARGET_ROWS);
  const part = onProcessor(device) ? Math.min(t, PART_ROWS) : t;
  return 4 * (copies * q * part + t + (1 + MOST_PARTS) * q);
}
