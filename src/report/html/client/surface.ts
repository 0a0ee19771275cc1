import { element } from './dom.ts';
import { paintPoints } from './paint.ts';
import type { Rgb } from './palette.ts';
import type { Points } from './points.ts';
import { webglSurface } from './webgl.ts';

/** From the map's units to pixels: x·scale + left, and top − y·scale. */
export interface Camera {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** What the points look like now; none of it moves with the camera. */
export interface Ink {
  /** The points that are drawn, the lowest first. */
  readonly order: Uint32Array;
  /** Red, green, blue and opacity of every point. */
  readonly colours: Uint8Array;
  /** Percent of the radius, of every point. */
  readonly sizes: Uint8Array;
}

export interface Frame {
  readonly camera: Camera;
  readonly paper: Rgb;
  /** Of a point of full size, in pixels of the canvas. */
  readonly radius: number;
}

/** Something that draws points into a canvas; the same picture whichever it is. */
export interface Surface {
  readonly kind: 'webgl' | 'canvas';
  readonly canvas: HTMLCanvasElement;
  readonly draw: (ink: Ink, frame: Frame) => void;
}

/** The graphics card where the browser has one to give, plain arithmetic where not. */
export const surfaceOf = (points: Points): Surface =>
  webglSurface(blank(), points) ?? canvasSurface(points);

export function canvasSurface(points: Points): Surface {
  const canvas = blank();
  const context = canvas.getContext('2d')!;
  return {
    kind: 'canvas',
    canvas,
    draw: (ink, frame) => {
      const image = context.createImageData(canvas.width, canvas.height);
      paintPoints(image, points, ink, frame);
      context.putImageData(image, 0, 0);
    },
  };
}

const blank = (): HTMLCanvasElement => element('canvas', { class: 'ink', 'aria-hidden': 'true' });
