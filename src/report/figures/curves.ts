import type { MeasureReport, Report } from '../../audit/report.ts';
import type { About } from '../../measures/measure.ts';
import { AXES, leadingIds, SECTIONS } from '../choose.ts';
import { formatCount, formatRows, formatValue, sizeWords } from '../format.ts';
import { oneLine } from '../text.ts';
import { area, axes, dot, type Figure, line, type Mark, OWN } from './marks.ts';
import { linear, logarithmic } from './scale.ts';

type Abouts = Readonly<Record<string, About>>;

const [WIDTH, HEIGHT] = [320, 210];
const FRAME = { left: 54, top: 34, right: WIDTH - 12, bottom: HEIGHT - 44 };
/** Curves that are drawn; every other one is in the measures' own lines. */
const SHOWN = 9;
/** Points that make a curve. */
const FEW = 3;

/** The leading measures as they grow with the rows: one small figure each. */
export function curveFigures({ measures }: Report, about: Abouts): Figure[] {
  const leading = AXES.flatMap((axis) => SECTIONS.flatMap((section) => leadingIds(axis, section)));
  const first = leading.filter((id) => measures[id] !== undefined);
  const growing = Object.keys(measures).filter(
    (id) => about[id]?.growsWithN && !first.includes(id),
  );
  return [...first, ...growing]
    .map((id) => curveFigure(id, measures[id]!, about[id]))
    .filter((figure) => figure !== null)
    .slice(0, SHOWN);
}

function curveFigure(id: string, measure: MeasureReport, about: About | undefined): Figure | null {
  const curve = measure.size?.curve ?? [];
  if (curve.length < FEW) return null;
  const values = curve.map(({ value }) => value);
  const { interval } = measure;
  const ends = [...values, ...(interval ?? [])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // A change of less than a fifth of the value is drawn as small as it is.
  const room = Math.max(0, Math.max(Math.abs(high), Math.abs(low)) / 5 - (high - low)) / 2;
  const words = (value: number): string => formatValue(value, about);
  const x = logarithmic(curve[0]!.n, curve.at(-1)!.n, [FRAME.left + 6, FRAME.right - 8]);
  const y = linear(low - room, high + room, [FRAME.bottom - 6, FRAME.top], 3, words);
  const rowsAt = curve
    .filter((_, i) => i === 0 || i === curve.length - 1)
    .map(({ n }) => ({ at: x.of(n), text: formatCount(n) }));
  const marks: Mark[] = axes(FRAME, { ...x, ticks: rowsAt }, y, { x: 'rows', y: '' });
  const end = curve.at(-1)!;
  if (interval !== null) {
    const [left, right] = [x.of(end.n) - 4, x.of(end.n) + 4];
    const [bottom, top] = [y.of(interval[0]), y.of(interval[1])];
    marks.push(
      area(
        [
          [left, bottom],
          [right, bottom],
          [right, top],
          [left, top],
        ],
        OWN,
        0.3,
      ),
    );
  }
  marks.push(
    line(
      curve.map(({ n, value }) => [x.of(n), y.of(value)]),
      OWN,
      { width: 2 },
    ),
    ...curve.map(({ n, value }) => dot(x.of(n), y.of(value), n === end.n ? 3.5 : 2, OWN)),
  );
  const verdict = sizeWords(measure, about) ?? '';
  return {
    id: `curve-${id}`,
    title: oneLine(measure.title),
    caption: verdict,
    label: `${oneLine(measure.title)} by the number of rows: ${curve.map(({ n, value }) => `${words(value)} at ${formatRows(n)}`).join(', ')}. ${verdict}`,
    ...{ width: WIDTH, height: HEIGHT, marks },
    table: {
      columns: ['Rows', oneLine(measure.title)],
      rows: curve.map(({ n, value }) => [formatCount(n), words(value)]),
    },
  };
}
