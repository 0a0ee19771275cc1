import type { CompareReport } from '../../compare/report.ts';
import type { About, Value } from '../../measures/measure.ts';
import { shownIds } from '../compare.ts';
import { formatRows, formatValue } from '../format.ts';
import { cut, oneLine } from '../text.ts';
import { area, type Figure, legend, line, type Mark, text } from './marks.ts';
import { seriesOf } from './series.ts';

/** Measures of each axis that make a spoke, and datasets whose lines can still be told apart. */
const SPOKES = 4;
const LINES = 9;
const WIDTH = 540;
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
  const datasets = report.datasets.slice(0, LINES);
  const ids = report.rankings
    .flatMap((ranking) => shownIds(ranking, report, SPOKES))
    .filter((id) => report.measures[id]!.values.filter(({ value }) => value !== null).length > 1);
  if (ids.length < 3) return null;
  const middle: Place = [WIDTH / 2, RADIUS + 60];
  const at = (spoke: number, share: number): Place => {
    const angle = (2 * Math.PI * spoke) / ids.length - Math.PI / 2;
    const r = RADIUS * (LEAST + (1 - LEAST) * share);
    return [middle[0] + r * Math.cos(angle), middle[1] + r * Math.sin(angle)];
  };
  const closed = (points: readonly Place[]): readonly Place[] =>
    points.length < 3 ? points : [...points, points[0]!];
  const marks: Mark[] = [0, 0.5, 1].map((share) =>
    line(closed(ids.map((_, spoke) => at(spoke, share))), 'grid'),
  );
  const shares = ids.map((id) => sharesOf(report, id));
  for (const [spoke, id] of ids.entries()) {
    const [x, y] = at(spoke, 1.14);
    const side = Math.abs(x - middle[0]) < 8 ? 'middle' : x > middle[0] ? 'start' : 'end';
    const title = oneLine(about[id]?.title ?? report.measures[id]!.title);
    marks.push(text(cut(title, LABEL), x, y + 4.5, side, 'ink'));
  }
  for (const [d] of datasets.entries()) {
    const points = ids.flatMap((_, spoke) => {
      const share = shares[spoke]![d];
      return share == null ? [] : [at(spoke, share)];
    });
    if (points.length > 2) marks.push(area(points, seriesOf(d), 0.05));
    marks.push(line(closed(points), seriesOf(d), { width: 2 }));
  }
  const names = datasets.map(({ name }, d) => ({
    name: cut(oneLine(name), 20),
    tone: seriesOf(d),
  }));
  const height = 2 * RADIUS + 120;
  for (let first = 0; first < names.length; first += 4) {
    marks.push(...legend(names.slice(first, first + 4), WIDTH - 4, height + 20 * (first / 4)));
  }
  const left = report.datasets.length - datasets.length;
  return {
    id: 'radar',
    title: 'Leading measures',
    caption: `Outward is more of the axis. Every spoke runs from the least to the most among these datasets, so a small difference can look large: the intervals of each measure say which are.${left > 0 ? ` ${formatRows(left, 'dataset')} more are in the tables alone.` : ''}`,
    label: `${formatRows(datasets.length, 'dataset')} on ${formatRows(ids.length, 'measure')}, each from the least to the most among them.`,
    ...{ width: WIDTH, height: height + 20 * Math.ceil(names.length / 4), marks },
    table: {
      columns: ['Measure', ...report.datasets.map(({ name }) => oneLine(name))],
      rows: ids.map((id) => [
        oneLine(report.measures[id]!.title),
        ...report.measures[id]!.values.map(({ value }) => formatValue(value, about[id])),
      ]),
    },
  };
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
