import type { CompareReport } from '../../compare/report.ts';
import { formatRows, formatShare } from '../format.ts';
import { cut, oneLine } from '../text.ts';
import { area, dot, type Figure, legendRows, line, type Mark, OWN, text } from './marks.ts';
import { linear } from './scale.ts';
import { SERIES, seriesOf } from './series.ts';

const WIDTH = 540;
const ROW = 24;
const LEFT = 200;
/** Clusters that are drawn, columns of a cluster's name. */
const SHOWN = 16;
const NAME = 26;

interface Line {
  readonly name: string;
  readonly shares: readonly number[];
}

/** The share of each dataset in the clusters that all share, those first where they differ most; null with fewer than two. */
export function sharesFigure(
  report: CompareReport,
  names: readonly string[] | null,
): Figure | null {
  const spread = (shares: readonly number[]): number => Math.max(...shares) - Math.min(...shares);
  const all = report.clusters
    .filter(({ shares }) => shares.some((share) => share > 0))
    .toSorted((a, b) => spread(b.shares) - spread(a.shares) || a.cluster - b.cluster);
  const shown = all.slice(0, SHOWN).map(
    ({ cluster, shares }): Line => ({
      name: oneLine(names?.[cluster] ?? `cluster ${cluster + 1}`),
      shares,
    }),
  );
  if (shown.length < 2) return null;
  const datasets = report.datasets.map((dataset) => oneLine(dataset.name));
  const of = `${formatRows(shown.length, 'cluster')} of ${all.length}`;
  const reads = `The share of each dataset's rows in clusters that all share, ${of}, first those where the shares lie farthest apart.`;
  const [drawing, how] =
    datasets.length <= SERIES.length
      ? [dots(shown, datasets), 'Dots on the left edge: the dataset has next to nothing there.']
      : [
          tints(shown, datasets.length),
          `Stronger colour is more. Columns: ${datasets.map((own, d) => `${d + 1} ${own}`).join(', ')}.`,
        ];
  return {
    id: 'cluster-shares',
    title: 'Where the datasets differ',
    caption: `${reads} ${how}`,
    label: `Shares of ${formatRows(datasets.length, 'dataset')} in ${of}; they differ most in “${shown[0]!.name}”.`,
    ...drawing,
    table: {
      columns: ['Cluster', ...datasets],
      rows: shown.map(({ name, shares }) => [name, ...shares.map(formatShare)]),
    },
  };
}

type Drawing = Pick<Figure, 'width' | 'height' | 'marks'>;

const named = (name: string, y: number): Mark =>
  text(cut(name, NAME), LEFT - 10, y + 4.5, 'end', 'ink');

/** A line a cluster, a dot a dataset. */
function dots(shown: readonly Line[], datasets: readonly string[]): Drawing {
  const most = Math.max(...shown.flatMap(({ shares }) => shares));
  const frame = { top: 40, bottom: 40 + ROW * shown.length };
  const x = linear(0, most, [LEFT + 8, WIDTH - 12], 4, formatShare);
  const marks: Mark[] = x.ticks.flatMap((tick) => [
    line(
      [
        [tick.at, frame.top],
        [tick.at, frame.bottom],
      ],
      'grid',
    ),
    text(tick.text, tick.at, frame.bottom + 18, 'middle'),
  ]);
  for (const [i, { name, shares }] of shown.entries()) {
    const y = frame.top + ROW * (i + 0.5);
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    marks.push(
      named(name, y),
      line(
        [
          [x.of(low), y],
          [x.of(high), y],
        ],
        'soft',
        { width: 1 },
      ),
      ...shares.map((share, d) => dot(x.of(share), y, 5, seriesOf(d))),
    );
  }
  const series = datasets.map((own, d) => ({ name: cut(own, 20), tone: seriesOf(d) }));
  const legend = legendRows(series, WIDTH - 4, frame.bottom + 44);
  marks.push(...legend.marks);
  return { width: WIDTH, height: frame.bottom + 30 + legend.height, marks };
}

/** A line a cluster, a column a dataset. */
function tints(shown: readonly Line[], datasets: number): Drawing {
  const most = Math.max(...shown.flatMap(({ shares }) => shares));
  const across = (WIDTH - LEFT - 4) / datasets;
  const top = 28;
  const marks: Mark[] = Array.from({ length: datasets }, (_, d) =>
    text(`${d + 1}`, LEFT + (d + 0.5) * across, top - 8, 'middle'),
  );
  for (const [i, { name, shares }] of shown.entries()) {
    const [y, bottom] = [top + ROW * i, top + ROW * (i + 1) - 2];
    marks.push(named(name, (y + bottom) / 2));
    for (const [d, share] of shares.entries()) {
      const [from, to] = [LEFT + d * across, LEFT + (d + 1) * across - 2];
      const corners = [
        [from, y],
        [to, y],
        [to, bottom],
        [from, bottom],
      ] as const;
      if (share > 0) marks.push(area(corners, OWN, 0.06 + 0.84 * (share / most)));
    }
  }
  return { width: WIDTH, height: top + ROW * shown.length + 4, marks };
}
