import type { Points } from './points.ts';
import type { Frame, Ink } from './surface.ts';

/** Positions of a disc within a pixel that are told apart, per axis; without it points jitter. */
const PHASES = 4;

interface Discs {
  readonly size: number;
  /** How much of each pixel a disc covers, for each position of its centre within a pixel. */
  readonly masks: readonly Float32Array[];
}

function discs(radius: number): Discs {
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
 * Blends the points into the pixels in the ink's order: plain arithmetic on an array, for machines
 * whose browser gives no WebGL.
 */
export function paintPoints(image: ImageData, points: Points, ink: Ink, frame: Frame): void {
  const { width, height, data: pixels } = image;
  const { camera } = frame;
  const [red, green, blue] = frame.paper;
  // One word a pixel, alpha in the highest byte on the little-endian machines that browsers run on.
  new Uint32Array(pixels.buffer).fill(((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
  const known = new Map<number, Discs>();
  for (const i of ink.order) {
    const percent = ink.sizes[i]!;
    let own = known.get(percent);
    if (!own) {
      own = discs((frame.radius * percent) / 100);
      known.set(percent, own);
    }
    const { size } = own;
    const reach = (size - 1) / 2;
    const cx = points.x[i]! * camera.scale + camera.left;
    const cy = camera.top - points.y[i]! * camera.scale;
    const left = Math.floor(cx);
    const top = Math.floor(cy);
    if (left < -reach || top < -reach || left > width + reach || top > height + reach) continue;
    const phase = Math.floor((cy - top) * PHASES) * PHASES + Math.floor((cx - left) * PHASES);
    const mask = own.masks[phase]!;
    const [r, g, b] = [ink.colours[4 * i]!, ink.colours[4 * i + 1]!, ink.colours[4 * i + 2]!];
    const opacity = ink.colours[4 * i + 3]! / 255;
    for (let my = 0; my < size; my += 1) {
      const y = top - reach + my;
      if (y < 0 || y >= height) continue;
      for (let mx = 0; mx < size; mx += 1) {
        const x = left - reach + mx;
        if (x < 0 || x >= width) continue;
        const cover = mask[my * size + mx]! * opacity;
        if (cover === 0) continue;
        const at = 4 * (y * width + x);
        pixels[at] = pixels[at]! + (r - pixels[at]!) * cover;
        pixels[at + 1] = pixels[at + 1]! + (g - pixels[at + 1]!) * cover;
        pixels[at + 2] = pixels[at + 2]! + (b - pixels[at + 2]!) * cover;
      }
    }
  }
}
