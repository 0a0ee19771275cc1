import type { Rgb } from './palette.ts';
import type { Points } from './points.ts';

/** From the map's units to pixels: x·scale + left, and top − y·scale. */
export interface Camera {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export interface Layer {
  /** Which points belong to the layer. */
  readonly has: (cluster: number) => boolean;
  readonly colour: (cluster: number) => Rgb;
  /** Radius in pixels of the canvas. */
  readonly radius: number;
  /** From 0 to 1. */
  readonly opacity: number;
}

/** Positions of a disc within a pixel that are told apart, per axis; without it points jitter. */
const PHASES = 4;

/** How much of each pixel a disc covers, for each position of its centre within a pixel. */
function discs(radius: number): { size: number; masks: Float32Array[] } {
  const size = 2 * Math.ceil(radius + 1) + 1;
  const middle = (size - 1) / 2;
  const masks: Float32Array[] = [];
  for (let py = 0; py < PHASES; py += 1) {
    for (let px = 0; px < PHASES; px += 1) {
      const mask = new Float32Array(size * size);
      for (let y = 0; y < size; y += 1) {
        for (let x = 0; x < size; x += 1) {
          const dx = x - middle - px / PHASES;
          const dy = y - middle - py / PHASES;
          mask[y * size + x] = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
        }
      }
      masks.push(mask);
    }
  }
  return { size, masks };
}

/**
 * Blends the points into the pixels, layer over layer. Plain arithmetic on an array: as quick as a
 * graphics card needs to be for a hundred thousand points, and the same on machines without one.
 */
export function paintPoints(
  image: ImageData,
  background: Rgb,
  points: Points,
  camera: Camera,
  layers: readonly Layer[],
): void {
  const pixels = image.data;
  const [red, green, blue] = background;
  // One word a pixel, alpha in the highest byte on the little-endian machines that browsers run on.
  new Uint32Array(pixels.buffer).fill(((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
  for (const layer of layers) paintLayer(image, points, camera, layer);
}

function paintLayer(image: ImageData, points: Points, camera: Camera, layer: Layer): void {
  const { width, height, data: pixels } = image;
  const { size, masks } = discs(layer.radius);
  const reach = (size - 1) / 2;
  for (let i = 0; i < points.count; i += 1) {
    const cluster = points.cluster[i]!;
    if (!layer.has(cluster)) continue;
    const cx = points.x[i]! * camera.scale + camera.left;
    const cy = camera.top - points.y[i]! * camera.scale;
    const left = Math.floor(cx);
    const top = Math.floor(cy);
    if (left < -reach || top < -reach || left > width + reach || top > height + reach) continue;
    const phase = Math.floor((cy - top) * PHASES) * PHASES + Math.floor((cx - left) * PHASES);
    const mask = masks[phase]!;
    const [red, green, blue] = layer.colour(cluster);
    for (let my = 0; my < size; my += 1) {
      const y = top - reach + my;
      if (y < 0 || y >= height) continue;
      for (let mx = 0; mx < size; mx += 1) {
        const x = left - reach + mx;
        if (x < 0 || x >= width) continue;
        const cover = mask[my * size + mx]! * layer.opacity;
        if (cover === 0) continue;
        const at = 4 * (y * width + x);
        pixels[at] = pixels[at]! + (red - pixels[at]!) * cover;
        pixels[at + 1] = pixels[at + 1]! + (green - pixels[at + 1]!) * cover;
        pixels[at + 2] = pixels[at + 2]! + (blue - pixels[at + 2]!) * cover;
      }
    }
  }
}
