import type { CompareReport } from '../../compare/report.ts';
import { formatRows, formatShare } from '../format.ts';
import { cut, oneLine } from '../text.ts';
import { dot, type Figure, legend, line, type Mark, text } from './marks.ts';
import { linear } from './scale.ts';
import { seriesOf } from './series.ts';

const WIDTH = 540;
const ROW = 24;
const LEFT = 200;
/** Clusters that are drawn, datasets that are named, columns of a cluster's name. */
const SHOWN = 16;
const NAMED = 9;
const NAME = 26;

/** The share of each dataset in the clusters that all share, those first where they differ most; null with fewer than two. */
export function sharesFigure(
  report: CompareReport,
  names: readonly string[] | null,
): Figure | null {
  const spread = (shares: readonly number[]): number => Math.max(...shares) - Math.min(...shares);
  const all = report.clusters
    .filter(({ shares }) => shares.some((share) => share > 0))
    .toSorted((a, b) => spread(b.shares) - spread(a.shares) || a.cluster - b.cluster);
  const shown = all.slice(0, SHOWN);
  if (shown.length < 2) return null;
  const most = Math.max(...shown.flatMap(({ shares }) => shares));
  const frame = { top: 40, bottom: 40 + ROW * shown.length };
  const x = linear(0, most, [LEFT + 8, WIDTH - 12], 4, formatShare);
  const name = (cluster: number): string => oneLine(names?.[cluster] ?? `cluster ${cluster + 1}`);
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
  for (const [i, { cluster, shares }] of shown.entries()) {
    const y = frame.top + ROW * (i + 0.5);
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    marks.push(
      text(cut(name(cluster), NAME), LEFT - 10, y + 4.5, 'end', 'ink'),
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
  const datasets = report.datasets.map((dataset) => oneLine(dataset.name));
  const series = datasets
    .slice(0, NAMED)
    .map((own, d) => ({ name: cut(own, 20), tone: seriesOf(d) }));
  for (let first = 0; first < series.length; first += 4) {
    marks.push(
      ...legend(series.slice(first, first + 4), WIDTH - 4, frame.bottom + 44 + 20 * (first / 4)),
    );
  }
  const of = `${formatRows(shown.length, 'cluster')} of ${all.length}`;
  return {
    id: 'cluster-shares',
    title: 'Where the datasets differ',
    caption: `The share of each dataset's rows in clusters that all share, ${of}, first those where the shares lie farthest apart. Dots on the left edge: the dataset has next to nothing there.`,
    label: `Shares of ${formatRows(datasets.length, 'dataset')} in ${of}; they differ most in “${name(shown[0]!.cluster)}”.`,
    ...{ width: WIDTH, height: frame.bottom + 30 + 20 * Math.ceil(series.length / 4), marks },
    table: {
      columns: ['Cluster', ...datasets],
      rows: shown.map(({ cluster, shares }) => [name(cluster), ...shares.map(formatShare)]),
    },
  };
}
