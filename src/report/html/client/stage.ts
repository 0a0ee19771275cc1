import { contoursOf } from './contours.ts';
import { element } from './dom.ts';
import { inkOf, type Look } from './ink.ts';
import type { Spot } from './lasso.ts';
import type { Rgb } from './palette.ts';
import type { Points } from './points.ts';
import { type Camera, canvasSurface, type Ink, type Surface, surfaceOf } from './surface.ts';
import { isDark, isPrinting } from './theme.ts';

/** What lies over the points. */
export interface Overlay {
  readonly contours: boolean;
  readonly ringed: readonly (number | null)[];
  readonly lasso: readonly Spot[] | null;
}

export interface Stage {
  readonly kind: () => Surface['kind'];
  /** `fitted` is the scale at which the whole map is in view. */
  readonly paint: (look: Look, overlay: Overlay, camera: Camera, fitted: number) => void;
}

/** The canvas with the points, and the one above it with lines and rings. */
export function stageOf(stage: HTMLElement, over: HTMLCanvasElement, points: Points): Stage {
  let surface = surfaceOf(points);
  over.before(surface.canvas);
  let ink: Ink | null = null;
  let inked: readonly [look: Look | null, dark: boolean] = [null, false];
  let lines: ReturnType<typeof contoursOf> | null = null;
  let repeat = (): void => {};
  surface.canvas.addEventListener('webglcontextlost', () => {
    const plain = canvasSurface(points);
    surface.canvas.replaceWith(plain.canvas);
    surface = plain;
    repeat();
  });

  const paint: Stage['paint'] = (look, overlay, camera, fitted) => {
    repeat = () => paint(look, overlay, camera, fitted);
    const dark = isDark();
    if (ink === null || inked[0] !== look || inked[1] !== dark) {
      ink = inkOf(points, look, dark);
      inked = [look, dark];
    }
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    for (const canvas of [surface.canvas, over]) sizeTo(canvas, stage, ratio);
    const scaled = {
      scale: camera.scale * ratio,
      left: camera.left * ratio,
      top: camera.top * ratio,
    };
    const base = Math.min(3.6, Math.max(1, 3.6 - Math.log10(points.count / 300)));
    const radius = Math.min(7, base * (camera.scale / fitted) ** 0.35) * ratio;
    const paper: Rgb = dark ? [24, 26, 29] : [255, 255, 255];
    surface.draw(ink, { camera: scaled, paper, radius });

    const context = over.getContext('2d')!;
    context.clearRect(0, 0, over.width, over.height);
    // What a card draws does not reach the paper; a copy does.
    if (isPrinting()) context.drawImage(surface.canvas, 0, 0);
    if (overlay.contours) {
      lines ??= contoursOf(points);
      drawContours(context, lines, scaled, ratio, dark);
    }
    context.strokeStyle = dark ? '#fff' : '#111';
    context.lineWidth = 2 * ratio;
    for (const point of overlay.ringed) {
      if (point === null) continue;
      context.beginPath();
      const x = points.x[point]! * scaled.scale + scaled.left;
      const y = scaled.top - points.y[point]! * scaled.scale;
      context.arc(x, y, radius + 3 * ratio, 0, 2 * Math.PI);
      context.stroke();
    }
    if (overlay.lasso) drawLasso(context, overlay.lasso, ratio, dark);
  };
  return { kind: () => surface.kind, paint };
}

function sizeTo(canvas: HTMLCanvasElement, stage: HTMLElement, ratio: number): void {
  const width = Math.max(1, Math.round(stage.clientWidth * ratio));
  const height = Math.max(1, Math.round(stage.clientHeight * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function drawContours(
  context: CanvasRenderingContext2D,
  contours: readonly Float32Array[],
  camera: Camera,
  ratio: number,
  dark: boolean,
): void {
  context.lineWidth = ratio;
  for (const [level, lines] of contours.entries()) {
    const strength = 0.25 + 0.1 * level;
    context.strokeStyle = dark ? `rgb(255 255 255 / ${strength})` : `rgb(20 22 26 / ${strength})`;
    context.beginPath();
    for (let at = 0; at < lines.length; at += 4) {
      const place = (end: number): [number, number] => [
        lines[at + end]! * camera.scale + camera.left,
        camera.top - lines[at + end + 1]! * camera.scale,
      ];
      context.moveTo(...place(0));
      context.lineTo(...place(2));
    }
    context.stroke();
  }
}

function drawLasso(
  context: CanvasRenderingContext2D,
  line: readonly Spot[],
  ratio: number,
  dark: boolean,
): void {
  context.beginPath();
  for (const { x, y } of line) context.lineTo(x * ratio, y * ratio);
  context.closePath();
  context.fillStyle = dark ? 'rgb(108 178 242 / 0.15)' : 'rgb(11 92 173 / 0.1)';
  context.fill();
  context.setLineDash([5 * ratio, 4 * ratio]);
  context.lineWidth = 1.5 * ratio;
  context.stroke();
  context.setLineDash([]);
}

/** The canvas that people point at and that takes their keys. */
export const overCanvas = (rows: number): HTMLCanvasElement =>
  element('canvas', {
    class: 'over',
    tabindex: '0',
    role: 'application',
    'aria-label': `Map of ${rows} rows. Arrow keys move, plus and minus zoom, 0 shows everything, Enter reads the row in the middle, L draws a line around rows. The search field and the legend choose rows without a pointer.`,
  });
