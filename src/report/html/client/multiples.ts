import type { Colouring } from './colours.ts';
import { data, element } from './dom.ts';
import { inkOf, type Look } from './ink.ts';
import { paintPoints } from './paint.ts';
import type { Points } from './points.ts';
import type { Camera, Ink } from './surface.ts';
import { isDark } from './theme.ts';

/** Panels that are drawn: more would be too small to read and too slow to move. */
const PANELS = 12;
/** Of a point, in pixels of the style sheet. */
const RADIUS = 1.6;

export interface Multiples {
  readonly box: HTMLElement;
  /** The camera and the size are those of the map, which the panels follow. */
  readonly paint: (
    look: Look,
    camera: Camera,
    size: readonly [width: number, height: number],
  ) => void;
}

/** The map once more for every group, the group in its colours and all others in grey. */
export function multiplesOf(points: Points, groups: Colouring): Multiples {
  const panels = groups.groups.slice(0, PANELS).map(({ cluster, name }) => {
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
  let inks: Ink[] = [];
  let inked: readonly [look: Look | null, dark: boolean] = [null, false];
  return {
    box,
    paint: (look, camera, [width, height]) => {
      if (box.hidden || width === 0) return;
      const dark = isDark();
      if (inked[0] !== look || inked[1] !== dark) {
        inks = panels.map(({ cluster }) => inkOf(points, look, dark, cluster));
        inked = [look, dark];
      }
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      for (const [at, { canvas }] of panels.entries()) {
        const across = canvas.clientWidth * ratio;
        const factor = across / width;
        canvas.width = Math.max(1, Math.round(across));
        canvas.height = Math.max(1, Math.round(height * factor));
        const context = canvas.getContext('2d')!;
        const image = context.createImageData(canvas.width, canvas.height);
        paintPoints(image, points, inks[at]!, {
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
    },
  };
}
