import { gzipSync } from 'node:zlib';
import type { MapReport } from '../../audit/report.ts';
import { snippet } from '../../engine/reread.ts';
import { oneLine, reveal } from '../text.ts';
import type { Field } from './fields.ts';
import type { PointTexts } from './view.ts';

/** Steps of a coordinate: finer than a pixel on a large screen at forty times zoom. */
const STEPS = 65_535;

/** A row that is in none of the clusters: it belongs to the reference. */
const NONE = 0xffff;

/**
 * Positions and clusters as one block of bytes: for n points, n x, n y (unsigned 16 bits, both in
 * steps of the longer side, y upwards), n clusters (unsigned 16 bits, 65,535 for the reference) and n
 * numbers for every field. Little-endian, compressed, as base64.
 */
export function packPoints(map: MapReport, fields: readonly Field[] = []): string {
  const n = map.x.length;
  const [left, right] = extent(map.x);
  const [bottom, top] = extent(map.y);
  const scale = STEPS / (Math.max(right - left, top - bottom) || 1);
  const packed = new DataView(new ArrayBuffer((6 + 2 * fields.length) * n));
  for (let i = 0; i < n; i += 1) {
    packed.setUint16(2 * i, Math.round((map.x[i]! - left) * scale), true);
    packed.setUint16(2 * (n + i), Math.round((map.y[i]! - bottom) * scale), true);
    const cluster = map.cluster[i]!;
    packed.setUint16(2 * (2 * n + i), cluster < 0 || cluster > NONE ? NONE : cluster, true);
    for (const [field, { of }] of fields.entries()) {
      packed.setUint16(2 * ((3 + field) * n + i), of[i]!, true);
    }
  }
  return compress(new Uint8Array(packed.buffer));
}

/** Characters of all texts together: what a browser unpacks in about a second while the page is read. */
const TEXTS = 24_000_000;
const SHORTEST = 60;

/** Rows whose texts are packed together: one of them is unpacked, and read, in a few milliseconds. */
export const TEXT_ROWS = 2000;

/**
 * Ids and texts of the points as JSON, a block for every so many rows, compressed, as base64, a line
 * each; of many points the texts are cut shorter.
 */
export function packTexts(map: MapReport): string {
  const room = Math.max(SHORTEST, Math.floor(TEXTS / Math.max(1, map.ids.length)));
  const blocks: string[] = [];
  for (let from = 0; from < map.ids.length; from += TEXT_ROWS) {
    const rows: PointTexts = {
      ids: map.ids.slice(from, from + TEXT_ROWS).map(oneLine),
      texts: map.texts.slice(from, from + TEXT_ROWS).map((text) => {
        const shown = snippet(text, room);
        return shown === null ? null : reveal(shown);
      }),
    };
    blocks.push(compress(Buffer.from(JSON.stringify(rows))));
  }
  return blocks.join('\n');
}

const compress = (bytes: Uint8Array): string => gzipSync(bytes).toString('base64');

function extent(values: Float32Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
