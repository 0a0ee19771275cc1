import type { GroupView, MapView, PointTexts } from '../view.ts';
import { type Colouring, colouringsOf } from './colours.ts';
import { data, element, makeFolded, section } from './dom.ts';
import { type Gestures, listen, zoomSteps } from './gestures.ts';
import type { Look } from './ink.ts';
import { Labels } from './labels.ts';
import { inside, type Spot } from './lasso.ts';
import { colourChoice, type Legend, legendOf, switchOf } from './legend.ts';
import { multiplesOf } from './multiples.ts';
import { nearNames } from './near-names.ts';
import { referenceStyle } from './palette.ts';
import { type FindNearest, gridSearch, type Points, REFERENCE, readPoints } from './points.ts';
import { searchField } from './search.ts';
import { selectionTable } from './selection.ts';
import { overCanvas, stageOf } from './stage.ts';
import type { Camera } from './surface.ts';
import { forgiving, textsOf } from './texts.ts';
import { onThemeChange } from './theme.ts';

/** Pixels around the points when all of them are in view. */
const MARGIN = 28;
/** How near to a point the pointer must be, in pixels. */
const REACH = 14;
const ZOOM_RANGE = [0.5, 60] as const;
/** How near the map must be for names of parts. */
const NEAR = 2;

/** What a page must know to show a map. */
export interface MapSource {
  readonly map: MapView | null;
  readonly clusters: readonly GroupView[];
}

/** The section with the map; the points are unpacked and drawn after it is on the page. */
export function mapFigure(view: MapSource): HTMLElement | null {
  const { map, clusters } = view;
  if (!map) return null;
  const over = overCanvas(map.points);
  const stage = element('div', { class: 'stage' }, over);
  const tools = element('div', { class: 'tools' });
  const aside = element('div', { class: 'beside' });
  const below = element('div', { class: 'below' });
  const note = element('figcaption', {}, caption(map));
  const figure = element('figure', { class: 'map' }, tools, stage, aside, note, below);
  void draw(map, clusters, { over, stage, tools, aside, below })
    .catch((error: unknown) => {
      const words = `The map could not be drawn: ${error}`;
      stage.replaceChildren(element('p', { class: 'note' }, words));
    })
    .finally(makeFolded);
  return section(
    'map',
    'Map',
    'Every point is a row; rows that say similar things lie close together.',
    figure,
  );
}

const caption = (map: MapView): string =>
  `${map.caption} Only closeness means something: the axes, the empty space and distances across the map carry no meaning by themselves. Drag to move, click and scroll to zoom, Shift and drag to choose rows, click a point to keep its text.${repeated(map)}`;

function repeated({ ends, apart, colours = [] }: MapView): string {
  if (ends) return '';
  if (!apart) return ' Colours repeat: click a cluster to see it alone.';
  if (new Set(colours.map(String)).size === colours.length) return '';
  return ' Colours repeat: click a dataset to see it alone, or look at all side by side.';
}

interface Parts {
  readonly over: HTMLCanvasElement;
  readonly stage: HTMLElement;
  readonly tools: HTMLElement;
  readonly aside: HTMLElement;
  readonly below: HTMLElement;
}

/** What the reader has chosen: a group of the legend, or rows by a line or a search. */
interface State {
  camera: Camera;
  look: Look;
  group: number | null;
  contours: boolean;
  hovered: number | null;
  pinned: number | null;
  lassoing: boolean;
  line: readonly Spot[] | null;
}

async function draw(map: MapView, clusters: readonly GroupView[], parts: Parts): Promise<void> {
  const { over, stage, tools, aside, below } = parts;
  const points = await readPoints(map.fields?.length ?? 0);
  const unread = element('p', { class: 'note', role: 'status' });
  // Texts that cannot be unpacked leave the map as it is.
  const tell = (error: unknown): void => {
    unread.textContent = `Not all texts of the map could be read: ${error}`;
    below.prepend(unread);
  };
  const unpacked = textsOf(points);
  const texts = forgiving(unpacked, tell);
  let grid: FindNearest | null = null;
  const find: FindNearest = (...at) => {
    grid ??= gridSearch(points);
    return grid(...at);
  };
  const choices = colouringsOf(map, clusters, points);
  const own = choices[0]!.colouring();
  const named = map.named === undefined ? own : choices[1 + map.named]!.colouring();
  const { places } = named;
  const names = map.ends ? [] : named.groups.filter(({ cluster }) => places.has(cluster));
  const labels = new Labels(
    names.map(({ cluster, name }) => ({ cluster, name, ...places.get(cluster)! })),
  );
  const card = element('div', { class: 'tip', hidden: '' });
  const kept = element('div', { class: 'kept', 'aria-live': 'polite' });
  const state: State = {
    camera: { scale: 1, left: 0, top: 0 },
    look: { colouring: own, chosen: null, hidden: new Set() },
    group: null,
    contours: false,
    hovered: null,
    pinned: null,
    lassoing: false,
    line: null,
  };
  let namesNear: ReturnType<typeof nearNames> = () => [];
  let fitted = 1;
  let waiting = false;
  const ground = stageOf(stage, over, points);

  const paint = (whole = false): void => {
    waiting = false;
    const { camera, look, contours, hovered, pinned, line } = state;
    ground.paint(look, { contours, ringed: [hovered, pinned], lasso: line }, camera, fitted);
    const zoom = camera.scale / fitted;
    const near = zoom < NEAR || map.ends ? [] : namesNear(Math.floor(Math.log2(zoom)));
    const group = look.colouring === named ? state.group : null;
    labels.place(camera, over.clientWidth, over.clientHeight, group, near);
    multiples?.paint(look, camera, [over.clientWidth, over.clientHeight], whole);
  };
  const repaint = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => paint());
  };
  const seen = (point: number): boolean => !state.look.hidden.has(points.cluster[point]!);
  const alive = (point: number): boolean =>
    seen(point) && (state.look.chosen === null || state.look.chosen[point] === 1);
  const pointAt = ({ x, y }: Spot): number | null => {
    const { scale, left, top } = state.camera;
    return find((x - left) / scale, (top - y) / scale, REACH / scale, alive);
  };
  const nameOf = (point: number): string => nameOfRow(point, points, own);
  const describe = (point: number): Node[] => {
    const { colouring } = state.look;
    return rowCard(
      point,
      texts.known,
      nameOf(point),
      colouring === own ? '' : colouring.nameOf(point),
    );
  };

  const showAll = (): void => {
    state.camera = fitCamera(points, over.clientWidth, over.clientHeight);
    fitted = state.camera.scale;
  };
  /** Makes rows stand out and lists them; null for none. */
  const choose = (title: string, chosen: Uint8Array | null, group: number | null = null): void => {
    state.look = { ...state.look, chosen };
    state.group = group;
    legend.mark(group);
    void table.show(title, chosen && rowsOf(chosen));
    if (chosen === null) search.clear();
    repaint();
  };
  const chooseGroup = (group: number): void => {
    const { colouring } = state.look;
    if (group === state.group) {
      choose('', null);
      return;
    }
    const chosen = Uint8Array.from(colouring.of, (one, i) => (one === group && seen(i) ? 1 : 0));
    const name = colouring.groups.find(({ cluster }) => cluster === group)?.name ?? '';
    choose(name, chosen, group);
  };
  const gestures: Gestures = {
    camera: () => state.camera,
    move: (camera) => {
      const zoom = camera.scale / fitted;
      if (zoom >= ZOOM_RANGE[0] && zoom <= ZOOM_RANGE[1]) state.camera = camera;
      repaint();
    },
    reset: () => {
      showAll();
      repaint();
    },
    hover: (at) => {
      const point = at && pointAt(at);
      if (point !== state.hovered) repaint();
      state.hovered = point;
      card.hidden = point === null;
      if (at === null || point === null) return;
      if (!texts.has(point)) {
        void texts.need(point).then(() => {
          if (state.hovered === point && texts.has(point)) gestures.hover(at);
        });
      }
      card.replaceChildren(...describe(point));
      card.style.left = `${Math.max(0, Math.min(at.x + 14, stage.clientWidth - card.offsetWidth - 8))}px`;
      const below = at.y + 18 + card.offsetHeight <= stage.clientHeight;
      card.style.top = `${below ? at.y + 18 : Math.max(0, at.y - card.offsetHeight - 12)}px`;
    },
    pick: async (at) => {
      const point = pointAt(at);
      state.pinned = point;
      card.hidden = true;
      repaint();
      if (point !== null && !texts.has(point)) await texts.need(point);
      if (state.pinned !== point) return;
      kept.replaceChildren(...(point === null ? [] : describe(point)));
    },
    release: () => {
      state.pinned = null;
      kept.replaceChildren();
      choose('', null);
    },
    lassoing: () => state.lassoing,
    toggleLasso: () => {
      state.lassoing = !state.lassoing;
      lassoButton.setAttribute('aria-pressed', String(state.lassoing));
    },
    lasso: (line, whole) => {
      state.line = whole ? null : line;
      if (whole && line !== null)
        choose('inside the line', inside(points, line, state.camera, seen));
      repaint();
    },
  };
  const lassoButton = element(
    'button',
    { type: 'button', class: 'action', 'aria-pressed': 'false', title: 'Drag around rows (L)' },
    'Lasso',
  );
  lassoButton.addEventListener('click', gestures.toggleLasso);
  const search = searchField(async (query, current) => {
    if (query === '') {
      choose('', null);
      return;
    }
    const rows = await texts.all();
    if (current()) choose(`“${query}”`, matching(rows, query, seen));
  });
  let legend: Legend = legendOf(own, chooseGroup);
  const recolour = (colouring: Colouring): void => {
    const before = legend.box;
    if (state.group !== null) choose('', null);
    state.look = { ...state.look, colouring };
    legend = legendOf(colouring, chooseGroup);
    before.replaceWith(legend.box);
    repaint();
  };
  const choice = colourChoice(choices, recolour);
  const buttons = zoomSteps(gestures, over).map(([sign, title, action]) => {
    const button = element('button', { type: 'button', title, 'aria-label': title }, sign);
    button.addEventListener('click', action);
    return button;
  });
  stage.append(labels.layer, card, element('div', { class: 'zoom' }, ...buttons));
  tools.append(search.box, lassoButton, ...(choice ? [choice] : []));
  const show =
    (group: number) =>
    (on: boolean): void => {
      const hidden = new Set(state.look.hidden);
      if (on) hidden.delete(group);
      else hidden.add(group);
      state.look = { ...state.look, hidden };
      repaint();
    };
  const switches = [
    switchOf('density contours', false, null, (contours) => {
      state.contours = contours;
      repaint();
    }),
  ];
  if (map.referencePoints > 0) {
    switches.push(switchOf('rows of the reference', true, referenceStyle, show(REFERENCE)));
  }
  const multiples = map.apart ? multiplesOf(points, own) : null;
  if (multiples !== null) {
    switches.push(
      ...own.groups.map(({ cluster, name }) =>
        switchOf(`rows of ${name}`, true, own.style(cluster), show(cluster)),
      ),
      switchOf('side by side', false, null, (on) => {
        multiples.box.hidden = !on;
        repaint();
      }),
    );
    below.append(multiples.box);
  }
  aside.append(kept, legend.box, element('div', { class: 'switches' }, ...switches));
  const group = map.group ?? 'Cluster';
  const table = selectionTable(points, texts, group, nameOf, gestures.release);
  below.append(table.box);
  listen(over, gestures);
  // A theme changes before the paper is printed, so this one cannot wait for the next frame.
  onThemeChange(() => paint(true));
  let size = '';
  const fitAnew = (): void => {
    const now = `${over.clientWidth} × ${over.clientHeight}`;
    if (now === size || over.clientWidth === 0) return;
    size = now;
    showAll();
    // Not in the next frame: this one would show the points where they were, or all in a corner.
    paint();
  };
  fitAnew();
  new ResizeObserver(fitAnew).observe(stage);
  // Points are on the screen after the frame that follows the one that draws them.
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  stage.setAttribute('data-surface', ground.kind());
  stage.setAttribute('data-ready', '');
  try {
    namesNear = nearNames(points, await unpacked.all());
    stage.setAttribute('data-texts', '');
    repaint();
  } catch (error) {
    tell(error);
  }
}

const rowsOf = (chosen: Uint8Array): number[] => {
  const rows: number[] = [];
  for (let i = 0; i < chosen.length; i += 1) if (chosen[i] === 1) rows.push(i);
  return rows;
};

/** The rows whose id or text holds these letters, in whatever case. */
function matching(
  { ids, texts }: PointTexts,
  query: string,
  accept: (point: number) => boolean,
): Uint8Array {
  const wanted = query.toLowerCase();
  const holds = (text: string | null | undefined): boolean =>
    text?.toLowerCase().includes(wanted) ?? false;
  return Uint8Array.from(ids, (id, i) => (accept(i) && (holds(id) || holds(texts[i])) ? 1 : 0));
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

const nameOfRow = (point: number, { cluster }: Points, clusters: Colouring): string =>
  cluster[point] === REFERENCE ? 'row of the reference' : clusters.nameOf(point);

/** What there is to know about a point: its id, its cluster, its text, and what its colour says. */
function rowCard(point: number, texts: PointTexts, whose: string, says: string): Node[] {
  const text = texts.texts[point] ?? null;
  return [
    element('p', { class: 'whose' }, data(texts.ids[point] ?? '', 'id'), data(whose)),
    ...(says === '' ? [] : [element('p', { class: 'whose' }, data(says))]),
    element('p', { class: 'text' }, text === null ? null : data(text)),
  ];
}
