import type { Colouring } from './colours.ts';
import { data, element } from './dom.ts';
import { inkOf, type Look } from './ink.ts';
import { paintPoints } from './paint.ts';
import type { Points } from './points.ts';
import type { Camera, Ink } from './surface.ts';
import { isDark } from './theme.ts';

/** Milliseconds of a frame in which panels are drawn; those that are left wait for the next. */
const BUDGET = 12;
/** Of a point, in pixels of the style sheet. */
const RADIUS = 1.6;

export interface Multiples {
  readonly box: HTMLElement;
  /** The camera and the size are those of the map, which the panels follow. */
  readonly paint: (
    look: Look,
    camera: Camera,
    size: readonly [width: number, height: number],
    /** Whether every panel must be drawn now, as paper wants it. */
    whole: boolean,
  ) => void;
}

/** The map once more for every group, the group in its colours and all others in grey. */
export function multiplesOf(points: Points, groups: Colouring): Multiples {
  const panels = groups.groups.map(({ cluster, name }) => {
    const canvas = element('canvas', { role: 'img', 'aria-label': `Map of ${name} alone` });
    const swatch = element('span', { class: 'swatch' });
    swatch.style.background = groups.style(cluster);
    const figure = element('figure', {}, canvas, element('figcaption', {}, swatch, data(name)));
    return { cluster, canvas, figure };
  });
  const box = element(
    'div',
    { class: 'multiples', hidden: '' },
    ...panels.map((one) => one.figure),
  );
  const inks = new Map<number, Ink>();
  let inked: readonly [look: Look | null, dark: boolean] = [null, false];
  let due: (() => void)[] = [];
  let waiting = false;
  /** Draws for a while, and the rest in the frames to come. */
  const work = (until: number): void => {
    do due.shift()?.();
    while (due.length > 0 && performance.now() < until);
    if (due.length === 0 || waiting) return;
    waiting = true;
    requestAnimationFrame((now) => {
      waiting = false;
      work(now + BUDGET);
    });
  };
  return {
    box,
    paint: (look, camera, [width, height], whole) => {
      if (box.hidden || width === 0) return;
      const dark = isDark();
      if (inked[0] !== look || inked[1] !== dark) {
        inks.clear();
        inked = [look, dark];
      }
      due = panels.map(({ cluster, canvas }) => () => {
        const ink = inks.get(cluster) ?? inkOf(points, look, dark, cluster);
        inks.set(cluster, ink);
        drawPanel(canvas, points, ink, { camera, width, height, dark });
      });
      work(whole ? Number.POSITIVE_INFINITY : performance.now() + BUDGET);
    },
  };
}

interface Of {
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
}

/** What the map shows, as large as the panel is wide. */
function drawPanel(
  canvas: HTMLCanvasElement,
  points: Points,
  ink: Ink,
  { camera, width, height, dark }: Of,
): void {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const across = canvas.clientWidth * ratio;
  const factor = across / width;
  canvas.width = Math.max(1, Math.round(across));
  canvas.height = Math.max(1, Math.round(height * factor));
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(canvas.width, canvas.height);
  paintPoints(image, points, ink, {
    camera: {
      scale: camera.scale * factor,
      left: camera.left * factor,
      top: camera.top * factor,
    },
    paper: dark ? [24, 26, 29] : [255, 255, 255],
    radius: RADIUS * ratio,
  });
  context.putImageData(image, 0, 0);
}
