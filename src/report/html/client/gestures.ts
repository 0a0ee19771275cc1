import type { Spot } from './lasso.ts';
import type { Camera } from './surface.ts';

export interface Gestures {
  /** The camera now, in pixels of the style sheet. */
  readonly camera: () => Camera;
  readonly move: (camera: Camera) => void;
  readonly reset: () => void;
  /** The pointer rests here; null when it has left. */
  readonly hover: (at: Spot | null) => void;
  readonly pick: (at: Spot) => void;
  readonly release: () => void;
  /** Whether dragging draws a line around points instead of moving the map; Shift does so too. */
  readonly lassoing: () => boolean;
  readonly toggleLasso: () => void;
  /** The line so far, and whether it is whole; null when it was given up. */
  readonly lasso: (line: readonly Spot[] | null, whole: boolean) => void;
}

/** The camera after zooming by a factor about a place that stays where it is. */
export const zoomed = (camera: Camera, factor: number, x: number, y: number): Camera => ({
  scale: camera.scale * factor,
  left: x - (x - camera.left) * factor,
  top: y - (y - camera.top) * factor,
});

/** Pixels that a pointer may move and still have clicked. */
const STILL = 4;
const STEP = 60;
const ZOOM = 1.4;

/**
 * Mouse, touch and keys on the map. The wheel scrolls the page until the map has been clicked (or
 * with Ctrl, which is also what pinching a track pad sends), so that nobody gets caught in it.
 */
export function listen(canvas: HTMLCanvasElement, on: Gestures): void {
  const pointers = new Map<number, Spot>();
  let travelled = 0;
  let line: Spot[] | null = null;
  const place = (event: MouseEvent): Spot => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  canvas.addEventListener('pointerdown', (event) => {
    pointers.set(event.pointerId, place(event));
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 1) travelled = 0;
    line = pointers.size === 1 && (event.shiftKey || on.lassoing()) ? [place(event)] : null;
    on.hover(null);
  });

  canvas.addEventListener('pointermove', (event) => {
    const now = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      on.hover(now);
      return;
    }
    const camera = on.camera();
    const dx = now.x - before.x;
    const dy = now.y - before.y;
    travelled += Math.hypot(dx, dy);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (line !== null) {
      line.push(now);
      on.lasso(line, false);
    } else if (other) {
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      on.move(zoomed(camera, factor, (now.x + other.x) / 2, (now.y + other.y) / 2));
    } else if (travelled > STILL) {
      on.move({ scale: camera.scale, left: camera.left + dx, top: camera.top + dy });
    }
  });

  const lift = (event: PointerEvent): void => {
    const clicked = event.type === 'pointerup' && pointers.size === 1 && travelled <= STILL;
    pointers.delete(event.pointerId);
    if (line !== null && !clicked) on.lasso(event.type === 'pointerup' ? line : null, true);
    line = null;
    if (clicked) on.pick(place(event));
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', () => on.hover(null));

  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      const { x, y } = place(event);
      const speed = event.ctrlKey ? 0.01 : 0.0015;
      on.move(zoomed(on.camera(), Math.exp(-event.deltaY * speed), x, y));
    },
    { passive: false },
  );

  canvas.addEventListener('dblclick', (event) => {
    const { x, y } = place(event);
    on.move(zoomed(on.camera(), 2, x, y));
  });

  canvas.addEventListener('keydown', (event) => {
    if (!key(event.key, canvas, on)) return;
    event.preventDefault();
  });
}

const distance = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Whether the key means something to the map. */
function key(name: string, canvas: HTMLCanvasElement, on: Gestures): boolean {
  const camera = on.camera();
  const middle = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
  const shift = (dx: number, dy: number): void =>
    on.move({ scale: camera.scale, left: camera.left + dx, top: camera.top + dy });
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => shift(STEP, 0),
    ArrowRight: () => shift(-STEP, 0),
    ArrowUp: () => shift(0, STEP),
    ArrowDown: () => shift(0, -STEP),
    '+': () => on.move(zoomed(camera, ZOOM, middle.x, middle.y)),
    '=': () => on.move(zoomed(camera, ZOOM, middle.x, middle.y)),
    '-': () => on.move(zoomed(camera, 1 / ZOOM, middle.x, middle.y)),
    '0': on.reset,
    l: on.toggleLasso,
    Enter: () => on.pick(middle),
    Escape: on.release,
  };
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  action?.();
  return action !== undefined;
}

/** Buttons for those who have neither wheel nor keys. */
export const zoomSteps = (
  on: Gestures,
  canvas: HTMLCanvasElement,
): readonly [string, string, () => void][] => {
  const zoom = (factor: number) => () =>
    on.move(zoomed(on.camera(), factor, canvas.clientWidth / 2, canvas.clientHeight / 2));
  return [
    ['+', 'Zoom in', zoom(ZOOM)],
    ['−', 'Zoom out', zoom(1 / ZOOM)],
    ['⤢', 'Show everything', on.reset],
  ];
};
