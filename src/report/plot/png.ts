import sharp from 'sharp';
import type { Scene } from './scene.ts';
import { overlay, pointPixels } from './svg.ts';

/** Dots an inch at scale 1, so that the picture has the same size on paper at any scale. */
const DENSITY = 96;

/** The picture as PNG: the points as pixels of our own making, letters and lines over them. */
export async function png(scene: Scene, scale: number): Promise<Uint8Array> {
  const { width, height, pixels } = pointPixels(scene, scale);
  const [red, green, blue] = scene.theme.paper;
  const over = await sharp(Buffer.from(overlay(scene)), { density: 72 * scale, unlimited: true })
    .resize(width, height, { fit: 'fill' })
    .png()
    .toBuffer();
  return sharp({
    create: { width, height, channels: 3, background: { r: red, g: green, b: blue } },
  })
    .composite([
      { input: Buffer.from(pixels), raw: { width, height, channels: 4 } },
      { input: over },
    ])
    .withMetadata({ density: DENSITY * scale })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
