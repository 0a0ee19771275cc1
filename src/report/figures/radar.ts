import type { CompareReport } from '../../compare/report.ts';
import type { About, Value } from '../../measures/measure.ts';
import { shownIds } from '../compare.ts';
import { formatRows, formatValue } from '../format.ts';
import { cut, oneLine } from '../text.ts';
import { area, type Figure, line, type Mark, text, widthOf } from './marks.ts';
import { apartWords, areApart, type Paper, together } from './together.ts';

/** Measures of each axis that make a spoke at most, and spokes of a drawing, of a small one fewer. */
const SPOKES = { axis: 4, all: 20, small: 12 };
const WIDTH = 600;
const RADIUS = 140;
/** The least of the datasets is not in the middle, where all lines would meet. */
const LEAST = 0.15;
const LABEL = 26;

type Place = readonly [x: number, y: number];

/** A spoke a measure, a closed line a dataset; outward is more of the measure's axis. null with fewer than three spokes. */
export function radarFigure(
  report: CompareReport,
  about: Readonly<Record<string, About>>,
): Figure | null {
  const names = report.datasets.map(({ name }) => oneLine(name));
  const ids = spokes(report, areApart(names) ? SPOKES.small : SPOKES.all);
  if (ids.length < 3) return null;
  const titles = ids.map((id) => oneLine(about[id]?.title ?? report.measures[id]!.title));
  const shares = ids.map((id) => sharesOf(report, id));
  const apart = apartWords(names);
  const numbered =
    apart === ''
      ? ''
      : ` The spokes, from the top: ${titles.map((title, i) => `${i + 1} ${title}`).join(', ')}.`;
  return {
    id: 'radar',
    title: 'Leading measures',
    caption: `Outward is more of the axis. Every spoke runs from the least to the most among these datasets, so a small difference can look large: the intervals of each measure say which are.${apart}${numbered}`,
    label: `${formatRows(names.length, 'dataset')} on ${formatRows(ids.length, 'measure')}, each from the least to the most among them.`,
    ...together(names, { width: WIDTH, height: 2 * RADIUS + 104 }, (paper) =>
      web(paper, titles, shares),
    ),
    table: {
      columns: ['Measure', ...names],
      rows: ids.map((id) => [
        oneLine(report.measures[id]!.title),
        ...report.measures[id]!.values.map(({ value }) => formatValue(value, about[id])),
      ]),
    },
  };
}

/** As many leading measures of every axis as leave room for all. */
function spokes(report: CompareReport, most: number): string[] {
  const all = report.rankings.map((ranking) =>
    shownIds(ranking, report, SPOKES.axis).filter(
      (id) => report.measures[id]!.values.filter(({ value }) => value !== null).length > 1,
    ),
  );
  let each = SPOKES.axis;
  const of = (): string[] => all.flatMap((ids) => ids.slice(0, each));
  while (each > 1 && of().length > most) each -= 1;
  return of();
}

function web(
  { left, top, width, height, small, order, toneOf, strong }: Paper,
  titles: readonly string[],
  shares: readonly (readonly (number | null)[])[],
): Mark[] {
  const radius = small ? height / 2 - 18 : RADIUS;
  const middle: Place = [left + width / 2, top + (small ? height / 2 : RADIUS + 60)];
  const at = (spoke: number, share: number): Place => {
    const angle = (2 * Math.PI * spoke) / titles.length - Math.PI / 2;
    const r = radius * (LEAST + (1 - LEAST) * share);
    return [middle[0] + r * Math.cos(angle), middle[1] + r * Math.sin(angle)];
  };
  const closed = (points: readonly Place[]): readonly Place[] =>
    points.length < 3 ? points : [...points, points[0]!];
  const marks: Mark[] = (small ? [1] : [0, 0.5, 1]).map((share) =>
    line(closed(titles.map((_, spoke) => at(spoke, share))), 'grid'),
  );
  for (const [spoke, title] of titles.entries()) {
    const [x, y] = at(spoke, 1.14);
    const side = Math.abs(x - middle[0]) < 8 ? 'middle' : x > middle[0] ? 'start' : 'end';
    const room = side === 'middle' ? width : Math.min(x - left, left + width - x);
    const fits = Math.floor(room / widthOf('x'));
    marks.push(
      small
        ? text(`${spoke + 1}`, x, y + 4.5, 'middle')
        : text(cut(title, Math.min(LABEL, fits)), x, y + 4.5, side, 'ink'),
    );
  }
  for (const d of order) {
    const points = titles.flatMap((_, spoke) => {
      const share = shares[spoke]![d];
      return share == null ? [] : [at(spoke, share)];
    });
    if (points.length > 2 && strong(d)) marks.push(area(points, toneOf(d), small ? 0.15 : 0.05));
    marks.push(line(closed(points), toneOf(d), { width: strong(d) ? 2 : 1 }));
  }
  return marks;
}

/** From 0, the least of the axis, to 1, the most; null where a dataset has no value. */
function sharesOf({ measures }: CompareReport, id: string): (number | null)[] {
  const { values, more } = measures[id]!;
  const known = values.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values.map(({ value }: Value) => {
    if (value === null) return null;
    if (high === low) return 0.5;
    return more === 'more' ? (value - low) / (high - low) : (high - value) / (high - low);
  });
}
