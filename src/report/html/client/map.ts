import type { GroupView, MapView, PointTexts } from '../view.ts';
import { type Colours, coloursOf } from './colours.ts';
import { data, element, section } from './dom.ts';
import { type Gestures, listen, zoomSteps } from './gestures.ts';
import { Labels } from './labels.ts';
import { legendOf, scaleLegend } from './legend.ts';
import { type Camera, type Layer, paintPoints } from './paint.ts';
import { type Rgb, referenceColour } from './palette.ts';
import {
  clusterPlaces,
  gridSearch,
  type Points,
  REFERENCE,
  readPoints,
  readTexts,
} from './points.ts';
import { isDark, onThemeChange } from './theme.ts';

/** Pixels around the points when all of them are in view. */
const MARGIN = 28;
/** How near to a point the pointer must be, in pixels. */
const REACH = 14;
const ZOOM_RANGE = [0.5, 60] as const;

/** What a page must know to show a map. */
export interface MapSource {
  readonly map: MapView | null;
  readonly clusters: readonly GroupView[];
}

/** The section with the map; the points are unpacked and drawn after it is on the page. */
export function mapFigure(view: MapSource): HTMLElement | null {
  if (!view.map) return null;
  const canvas = element('canvas', {
    tabindex: '0',
    role: 'application',
    'aria-label': `Map of ${view.map.points} rows. Arrow keys move, plus and minus zoom, 0 shows everything, Enter reads the row in the middle.`,
  });
  const stage = element('div', { class: 'stage' }, canvas);
  const aside = element('div', { class: 'beside' });
  const figure = element(
    'figure',
    { class: 'map' },
    stage,
    aside,
    element('figcaption', {}, caption(view.map)),
  );
  void draw(view, canvas, stage, aside).catch((error: unknown) => {
    stage.replaceChildren(element('p', { class: 'note' }, `The map could not be drawn: ${error}`));
  });
  return section(
    'map',
    'Map',
    'Every point is a row; rows that say similar things lie close together.',
    figure,
  );
}

const caption = (map: MapView): string =>
  `${map.caption} Only closeness means something: the axes, the empty space and distances across the map carry no meaning by themselves. Drag to move, click and scroll to zoom, click a point to keep its text.${map.ends ? '' : ' Colours repeat: click a cluster to see it alone.'}`;

interface State {
  camera: Camera;
  highlighted: number | null;
  reference: boolean;
  hovered: number | null;
  pinned: number | null;
}

async function draw(
  view: MapSource,
  canvas: HTMLCanvasElement,
  stage: HTMLElement,
  aside: HTMLElement,
): Promise<void> {
  const points = await readPoints();
  const find = gridSearch(points);
  const places = clusterPlaces(points);
  const named = view.clusters.filter(({ cluster }) => places.has(cluster));
  const colours = coloursOf(view.map, named, places);
  const labels = new Labels(
    view.map?.ends
      ? []
      : named.map(({ cluster, name }) => ({ cluster, name, ...places.get(cluster)! })),
  );
  const card = element('div', { class: 'tip', hidden: '' });
  const kept = element('div', { class: 'kept', 'aria-live': 'polite' });
  const state: State = {
    camera: { scale: 1, left: 0, top: 0 },
    highlighted: null,
    reference: true,
    hovered: null,
    pinned: null,
  };
  let texts: PointTexts | null = null;
  let fitted = 1;
  let waiting = false;

  const paint = (): void => {
    waiting = false;
    paintMap(canvas, stage, points, colours, state, fitted);
    labels.place(state.camera, canvas.clientWidth, canvas.clientHeight, state.highlighted);
  };
  const repaint = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(paint);
  };
  const visible = (point: number): boolean => {
    const cluster = points.cluster[point]!;
    if (cluster === REFERENCE) return state.reference;
    return state.highlighted === null || cluster === state.highlighted;
  };
  const pointAt = ({ x, y }: { x: number; y: number }): number | null => {
    const { scale, left, top } = state.camera;
    return find((x - left) / scale, (top - y) / scale, REACH / scale, visible);
  };
  const describe = (point: number): Node[] => rowCard(point, points, texts, view.clusters);

  const fit = (): void => {
    state.camera = fitCamera(points, canvas.clientWidth, canvas.clientHeight);
    fitted = state.camera.scale;
    repaint();
  };
  const gestures: Gestures = {
    camera: () => state.camera,
    move: (camera) => {
      const zoom = camera.scale / fitted;
      if (zoom >= ZOOM_RANGE[0] && zoom <= ZOOM_RANGE[1]) state.camera = camera;
      repaint();
    },
    reset: fit,
    hover: (at) => {
      const point = at && pointAt(at);
      if (point !== state.hovered) repaint();
      state.hovered = point;
      card.hidden = point === null;
      if (at === null || point === null) return;
      card.replaceChildren(...describe(point));
      card.style.left = `${Math.max(0, Math.min(at.x + 14, stage.clientWidth - card.offsetWidth - 8))}px`;
      const below = at.y + 18 + card.offsetHeight <= stage.clientHeight;
      card.style.top = `${below ? at.y + 18 : Math.max(0, at.y - card.offsetHeight - 12)}px`;
    },
    pick: (at) => {
      state.pinned = pointAt(at);
      kept.replaceChildren(...(state.pinned === null ? [] : describe(state.pinned)));
      card.hidden = true;
      repaint();
    },
    release: () => {
      state.pinned = null;
      kept.replaceChildren();
      choose(null);
    },
  };
  const choose = (cluster: number | null): void => {
    state.highlighted = cluster === state.highlighted ? null : cluster;
    legend.mark(state.highlighted);
    repaint();
  };
  const showReference = (shown: boolean): void => {
    state.reference = shown;
    repaint();
  };
  const hasReference = (view.map?.referencePoints ?? 0) > 0;
  const legend = view.map?.ends
    ? scaleLegend(view.map, colours)
    : legendOf(view.map?.legend, named, colours, hasReference, choose, showReference);

  const buttons = zoomSteps(gestures, canvas).map(([sign, title, action]) => {
    const button = element('button', { type: 'button', title, 'aria-label': title }, sign);
    button.addEventListener('click', action);
    return button;
  });
  stage.append(labels.layer, card, element('div', { class: 'zoom' }, ...buttons));
  aside.append(kept, legend.box);
  listen(canvas, gestures);
  // A theme changes before the paper is printed, so this one cannot wait for the next frame.
  onThemeChange(paint);
  new ResizeObserver(fit).observe(stage);
  texts = await readTexts();
  stage.setAttribute('data-ready', '');
}

/** The camera that shows every point, in the middle. */
function fitCamera(points: Points, width: number, height: number): Camera {
  let right = 0;
  let top = 0;
  for (let i = 0; i < points.count; i += 1) {
    right = Math.max(right, points.x[i]!);
    top = Math.max(top, points.y[i]!);
  }
  const room = (size: number): number => Math.max(1, size - 2 * MARGIN);
  const scale = Math.min(room(width) / Math.max(right, 1e-6), room(height) / Math.max(top, 1e-6));
  return { scale, left: (width - right * scale) / 2, top: (height + top * scale) / 2 };
}

function paintMap(
  canvas: HTMLCanvasElement,
  stage: HTMLElement,
  points: Points,
  colours: Colours,
  state: State,
  fitted: number,
): void {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const width = Math.max(1, Math.round(stage.clientWidth * ratio));
  const height = Math.max(1, Math.round(stage.clientHeight * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d')!;
  const dark = isDark();
  const camera = {
    scale: state.camera.scale * ratio,
    left: state.camera.left * ratio,
    top: state.camera.top * ratio,
  };
  const base = Math.min(3.6, Math.max(1, 3.6 - Math.log10(points.count / 300)));
  const radius = Math.min(7, base * (state.camera.scale / fitted) ** 0.35) * ratio;
  const image = context.createImageData(width, height);
  const paper: Rgb = dark ? [24, 26, 29] : [255, 255, 255];
  paintPoints(image, paper, points, camera, layersOf(colours, state, dark, radius));
  context.putImageData(image, 0, 0);
  for (const point of [state.hovered, state.pinned]) {
    if (point === null) continue;
    context.beginPath();
    const x = points.x[point]! * camera.scale + camera.left;
    const y = camera.top - points.y[point]! * camera.scale;
    context.arc(x, y, radius + 3 * ratio, 0, 2 * Math.PI);
    context.lineWidth = 2 * ratio;
    context.strokeStyle = dark ? '#fff' : '#111';
    context.stroke();
  }
}

/** The reference beneath, then what is not chosen, then what is. */
function layersOf(colours: Colours, state: State, dark: boolean, radius: number): Layer[] {
  const grey = referenceColour(dark);
  const colour = (cluster: number): Rgb => colours.colour(cluster, dark) ?? grey;
  const { highlighted } = state;
  const layers: Layer[] = [];
  if (state.reference) {
    const opacity = highlighted === null ? 0.6 : 0.3;
    layers.push({
      has: (cluster) => cluster === REFERENCE,
      colour: () => grey,
      radius: radius * 0.75,
      opacity,
    });
  }
  if (highlighted === null) {
    layers.push({ has: (cluster) => cluster !== REFERENCE, colour, radius, opacity: 0.82 });
  } else {
    const other = (cluster: number): boolean => cluster !== REFERENCE && cluster !== highlighted;
    layers.push({ has: other, colour, radius: radius * 0.85, opacity: 0.12 });
    layers.push({
      has: (cluster) => cluster === highlighted,
      colour,
      radius: radius * 1.15,
      opacity: 0.95,
    });
  }
  return layers;
}

/** What there is to know about a point: its cluster, its id, its text. */
function rowCard(
  point: number,
  points: Points,
  texts: PointTexts | null,
  clusters: readonly GroupView[],
): Node[] {
  const number = points.cluster[point]!;
  const cluster = clusters.find((one) => one.cluster === number);
  const whose = number === REFERENCE ? 'row of the reference' : (cluster?.name ?? '');
  const text = texts?.texts[point] ?? null;
  return [
    element('p', { class: 'whose' }, data(texts?.ids[point] ?? '', 'id'), data(whose)),
    element('p', { class: 'text' }, text === null ? null : data(text)),
  ];
}
