import type { MapReport } from '../audit/report.ts';
import { formatCount, formatNumber, formatRows, formatShare } from '../base/numbers.ts';
import { snippet } from '../engine/reread.ts';
import type { Projection } from '../project/project.ts';
import { pageOf } from './html/page.ts';
import type { ColourView, GroupView, MapPageView } from './html/view.ts';
import { type Colouring, colouringOf } from './plot/colouring.ts';
import { shuffled } from './plot/order.ts';
import { placesOf } from './plot/places.ts';
import type { PictureOptions } from './plot/scene.ts';
import { hex, scaleColour, type Theme, themeOf, toneColour } from './plot/theme.ts';
import { oneLine } from './text.ts';

/** Points of a page: more would make it slow to open and, with their texts, too large to send. */
const PAGE_ROWS = 100_000;
/** Steps of a continuous scale. */
const SHADES = 64;

/**
 * The map as one HTML file to zoom, hover and search with the eye: the report's map, on a page of its
 * own, with the row under the pointer. Of more rows than a page can hold a seeded draw is shown.
 */
export async function renderMapHtml(
  projection: Projection,
  { color, title = 'Map' }: PictureOptions = {},
): Promise<string> {
  const colouring = await colouringOf(projection, color);
  const { groups, of } = groupsOf(colouring);
  const { n, clusters, labelled } = projection;
  const chosen = n <= PAGE_ROWS ? null : new Set(shuffled(n).subarray(0, PAGE_ROWS));
  const map = await pointsOf(projection, of, chosen);
  const shown =
    chosen === null
      ? `All ${formatRows(n)}`
      : `${formatCount(PAGE_ROWS)} of ${formatRows(n)}, drawn at random`;
  const view: MapPageView = {
    title: oneLine(title) || 'Map',
    summary: `${formatRows(n)}, ${formatRows(clusters.k, labelled ? 'label' : 'cluster')}`,
    map: {
      points: map.ids.length,
      referencePoints: 0,
      caption: `${shown}.`,
      legend:
        colouring.kind === 'categories' && colouring.title === 'Cluster'
          ? 'Clusters'
          : colouring.title,
      colours: coloursOf(colouring),
      ...(colouring.kind === 'scale' ? { ends: endsOf(colouring) } : {}),
    },
    clusters: groups,
  };
  return pageOf({
    title: 'gamut map',
    script: 'map-page',
    styles: ['page', 'map', 'narrow', 'print', 'whole'],
    view,
    map,
  });
}

async function pointsOf(
  projection: Projection,
  of: Int32Array,
  chosen: ReadonlySet<number> | null,
): Promise<MapReport> {
  const places = placesOf(projection);
  const kept: number[] = [];
  const ids: string[] = [];
  const texts: (string | null)[] = [];
  let i = 0;
  for await (const { row } of projection.rows()) {
    if (chosen === null || chosen.has(i)) {
      kept.push(i);
      ids.push(row.id);
      texts.push(snippet(row.text));
    }
    i += 1;
  }
  return {
    engine: '',
    x: Float32Array.from(kept, (row) => places.x[row]!),
    y: Float32Array.from(kept, (row) => places.y[row]!),
    cluster: Int32Array.from(kept, (row) => of[row]!),
    ids,
    texts,
    of: projection.n,
  };
}

/** The groups that points are coloured by; those of a scale are its steps, and one of no value. */
function groupsOf(colouring: Colouring): { groups: GroupView[]; of: Int32Array } {
  if (colouring.kind === 'categories') {
    const { categories, of } = colouring;
    const none = of.reduce((sum, group) => sum + (group < 0 ? 1 : 0), 0);
    const all = none === 0 ? categories : [...categories, { name: 'no value', count: none }];
    return {
      groups: all.map(({ name, count }, cluster) => ({
        cluster,
        name,
        share: formatShare(count / of.length),
      })),
      of: of.map((group) => (group < 0 ? categories.length : group)),
    };
  }
  const { low, high, of, title } = colouring;
  const step = (value: number): number => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round(Math.min(1, Math.max(0, share)) * (SHADES - 1));
  };
  const about = (i: number): string =>
    i === SHADES
      ? 'no value'
      : `${title} about ${formatNumber(low + (i / (SHADES - 1)) * (high - low))}`;
  return {
    groups: Array.from({ length: SHADES + 1 }, (_, i) => ({
      cluster: i,
      name: about(i),
      share: '',
    })),
    of: Int32Array.from(of, (value) => (Number.isNaN(value) ? SHADES : step(value))),
  };
}

/** Of each group, light and dark; the last is that of rows without a value. */
function coloursOf(colouring: Colouring): ColourView[] {
  const [light, dark] = [themeOf('light'), themeOf('dark')];
  const one = (theme: Theme, i: number): string =>
    hex(
      colouring.kind === 'categories'
        ? toneColour(theme, colouring.categories[i]!.tone)
        : scaleColour(theme, i / (SHADES - 1)),
    );
  const count = colouring.kind === 'categories' ? colouring.categories.length : SHADES;
  const colours = Array.from(
    { length: count },
    (_, i): ColourView => [one(light, i), one(dark, i)],
  );
  return [...colours, [hex(light.none), hex(dark.none)]];
}

const endsOf = ({ low, high, beyond }: Colouring & { kind: 'scale' }): [string, string] => [
  `${beyond[0] ? '≤ ' : ''}${formatNumber(low)}`,
  `${beyond[1] ? '≥ ' : ''}${formatNumber(high)}`,
];
