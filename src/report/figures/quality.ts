import type { QualityCurve } from '../../audit/quality-curve.ts';
import type { TradeoffReport } from '../../audit/tradeoff.ts';
import type { CompareReport } from '../../compare/report.ts';
import { formatInterval, formatNumber, formatRows, formatShare } from '../format.ts';
import { cut, oneLine } from '../text.ts';
import { linesOf } from './lines.ts';
import {
  axes,
  band,
  dot,
  type Figure,
  legendRows,
  line,
  type Mark,
  OWN,
  type Series,
  text,
} from './marks.ts';
import { linear } from './scale.ts';
import { seriesOf } from './series.ts';
import { apartWords } from './together.ts';

const [WIDTH, HEIGHT] = [480, 300];
/** Answers of single datasets in a caption; what each is stands in the findings and the table. */
const TOLD = 9;
const FRAME = { left: 62, top: 40, right: WIDTH - 14, bottom: HEIGHT - 48 };

interface Curve extends Series {
  readonly curve: QualityCurve;
}

/**
 * The Vendi score at equal n against the mean quality of the rows that a rising threshold leaves, from all
 * rows on the left to the best few. null without a quality or where there is nothing to filter.
 */
export function qualityFigure(found: TradeoffReport | undefined): Figure | null {
  const curve = found?.curve ?? null;
  if (found === undefined || curve === null) return null;
  return qualityCurves([{ name: 'dataset', tone: OWN, curve }], found.quality.of, [curve.answer]);
}

/** The same of all datasets of a comparison on one pair of axes. */
export function comparedQuality({ curves = [], datasets, settings }: CompareReport): Figure | null {
  const own = datasets.filter(({ role }) => role === 'dataset');
  const series = own.flatMap(({ name }, d): Curve[] => {
    const curve = curves[d] ?? null;
    return curve === null ? [] : [{ name: cut(oneLine(name), 18), tone: seriesOf(d), curve }];
  });
  const words = series.map(({ name, curve }) => `${name}: ${curve.answer}`);
  return qualityCurves(series, settings.quality ?? 'quality', words);
}

function qualityCurves(
  all: readonly Curve[],
  of: string,
  answers: readonly string[],
): Figure | null {
  const drawn = all.flatMap(({ curve, ...series }) => {
    const vendi = curve.measures.find(({ id }) => id === 'vendi');
    return vendi === undefined ? [] : [{ ...series, curve, points: vendi.points }];
  });
  if (drawn.length === 0) return null;
  const values = drawn.flatMap(({ points }) =>
    points.flatMap(({ equal }) => [equal.value, ...(equal.interval ?? [])]),
  );
  const qualities = drawn.flatMap(({ curve }) =>
    curve.levels.map(({ meanQuality }) => meanQuality),
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A change of less than a fifth of the value is drawn as small as it is.
  const room = Math.max(0, high / 5 - (high - low)) / 2;
  const x = linear(
    Math.min(...qualities),
    Math.max(...qualities),
    [FRAME.left + 8, FRAME.right - 8],
    5,
  );
  const y = linear(low - room, high + room, [FRAME.bottom - 6, FRAME.top], 5);
  const n = drawn[0]!.curve.n;
  const quality = oneLine(of);
  const titles = { x: `mean of ${cut(quality, 40)}`, y: `Vendi score of ${formatRows(n)}` };
  const marks: Mark[] = axes(FRAME, x, y, titles);
  for (const { tone, dashed, curve, points } of drawn) {
    const places = points.map(
      ({ equal }, l) => [x.of(curve.levels[l]!.meanQuality), y.of(equal.value)] as const,
    );
    const ends = points.flatMap(({ equal }, l) =>
      equal.interval === null ? [] : [[places[l]![0], equal.interval] as const],
    );
    if (ends.length > 1) {
      const upper = ends.map(([at, interval]) => [at, y.of(interval[1])] as const);
      const lower = ends.map(([at, interval]) => [at, y.of(interval[0])] as const);
      marks.push(band(upper, lower, tone));
    }
    marks.push(line(places, tone, { width: 2, ...(dashed ? { dashed } : {}) }));
    for (const [l, [cx, cy]] of places.entries()) {
      const knee = curve.knee === l;
      marks.push(dot(cx, cy, knee ? 5.5 : 3, tone));
      if (knee) marks.push(text('knee', cx, cy - 11, 'middle', 'ink'));
    }
  }
  const series = drawn.map(({ name, tone }) => ({ name, tone }));
  const legend = legendRows(drawn.length > 1 ? series : [], FRAME.right, HEIGHT + 16);
  marks.push(...legend.marks);
  const height = HEIGHT + (legend.height > 0 ? legend.height + 6 : 0);
  const names = drawn.map(({ name }) => name);
  const apart = apartWords(names);
  const drawing =
    apart === ''
      ? { width: WIDTH, height, marks }
      : linesOf(names, {
          lines: drawn.map(({ curve, points }) =>
            points.map(({ equal }, l) => [curve.levels[l]!.meanQuality, equal.value] as const),
          ),
          x: (ends, small) =>
            linear(Math.min(...qualities), Math.max(...qualities), ends, small ? 2 : 5),
          y: (ends, small) => linear(low - room, high + room, ends, small ? 2 : 5),
          titles,
        });
  const told = answers.slice(0, TOLD).map(oneLine).join(' ');
  return {
    id: 'quality-diversity',
    title: 'Quality against diversity',
    caption: `Rows are kept from a rising threshold on: all of them at the left, the best at the right; every level at ${formatRows(n)}, with 95 % intervals. ${told}${apart}`,
    label: `Vendi score against the mean of ${quality}. ${told}`,
    ...drawing,
    table: {
      columns: [
        'Dataset',
        'Kept',
        'From',
        'Mean quality',
        `Vendi score of ${formatRows(n)}`,
        '95 % interval',
      ],
      rows: drawn.flatMap(({ name, curve, points }) =>
        points.map(({ equal }, l) => {
          const { share, threshold, meanQuality } = curve.levels[l]!;
          return [
            name,
            formatShare(share),
            formatNumber(threshold),
            formatNumber(meanQuality),
            formatNumber(equal.value),
            equal.interval === null ? '–' : formatInterval(equal.interval),
          ];
        }),
      ),
    },
  };
}
