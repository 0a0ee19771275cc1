import type { Rgb } from '../html/client/palette.ts';

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Straight (not premultiplied) red, green, blue, alpha; four bytes a pixel. */
  readonly pixels: Uint8Array;
}

/** Positions of a disc within a pixel that are told apart, per axis. */
const PHASES = 4;

/** How much of each pixel a disc covers, for each position of its centre within a pixel. */
function discs(radius: number): { size: number; masks: Float32Array[] } {
  const size = 2 * Math.ceil(radius + 1) + 1;
  const middle = (size - 1) / 2;
  const masks = Array.from({ length: PHASES * PHASES }, (_, phase) => {
    const [px, py] = [(phase % PHASES) / PHASES, Math.floor(phase / PHASES) / PHASES];
    return Float32Array.from({ length: size * size }, (_, at) => {
      const distance = Math.hypot((at % size) - middle - px, Math.floor(at / size) - middle - py);
      const cover = Math.min(1, Math.max(0, radius + 0.5 - distance));
      // A disc smaller than a pixel covers less than the edge of a larger one would.
      return radius < 0.5 ? cover * 4 * radius * radius : cover;
    });
  });
  return { size, masks };
}

/**
 * Discs blended over each other on nothing, in the order given. The sums are floats, since a million
 * faint points lose their colour in bytes; 16 bytes a pixel are held.
 */
export function rasterise(
  size: { readonly width: number; readonly height: number },
  points: { readonly x: Float32Array; readonly y: Float32Array },
  order: Int32Array,
  colourOf: (point: number) => Rgb,
  radius: number,
  opacity: number,
): Raster {
  const { width, height } = size;
  const sums = new Float32Array(4 * width * height);
  const { size: side, masks } = discs(radius);
  const reach = (side - 1) / 2;
  for (const i of order) {
    const [cx, cy] = [points.x[i]!, points.y[i]!];
    const [left, top] = [Math.floor(cx), Math.floor(cy)];
    if (left < -reach || top < -reach || left > width + reach || top > height + reach) continue;
    const phase = Math.floor((cy - top) * PHASES) * PHASES + Math.floor((cx - left) * PHASES);
    const mask = masks[phase]!;
    const [red, green, blue] = colourOf(i);
    for (let my = Math.max(0, reach - top); my < side && top - reach + my < height; my += 1) {
      const row = (top - reach + my) * width + left - reach;
      for (let mx = Math.max(0, reach - left); mx < side && left - reach + mx < width; mx += 1) {
        const alpha = mask[my * side + mx]! * opacity;
        if (alpha === 0) continue;
        const at = 4 * (row + mx);
        const rest = 1 - alpha;
        sums[at] = sums[at]! * rest + red * alpha;
        sums[at + 1] = sums[at + 1]! * rest + green * alpha;
        sums[at + 2] = sums[at + 2]! * rest + blue * alpha;
        sums[at + 3] = sums[at + 3]! * rest + alpha;
      }
    }
  }
  return { width, height, pixels: straight(sums) };
}

function straight(sums: Float32Array): Uint8Array {
  const pixels = new Uint8Array(sums.length);
  for (let at = 0; at < sums.length; at += 4) {
    const alpha = sums[at + 3]!;
    if (alpha === 0) continue;
    for (let c = 0; c < 3; c += 1) pixels[at + c] = Math.round(sums[at + c]! / alpha);
    pixels[at + 3] = Math.round(255 * alpha);
  }
  return pixels;
}
