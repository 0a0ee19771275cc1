import type { CompareReport, SpreadReport } from '../../compare/report.ts';
import { formatCount, formatNumber, formatRows, formatShare } from '../format.ts';
import { oneLine } from '../text.ts';
import { edgeWords, type HistogramWords, LENGTHS, PAIRS, stepsOf } from './histogram.ts';
import { linesOf } from './lines.ts';
import type { Figure } from './marks.ts';
import { linear, logarithmic, type Scale } from './scale.ts';
import { finely, LEAST } from './spectrum.ts';
import { apartWords } from './together.ts';

/** Sentences of single datasets in a caption. */
const TOLD = 4;

/** How the rows of each dataset are spread, all at one number of rows and on the same axes. */
export function spreadFigures(report: CompareReport): Figure[] {
  const { pairs, lengths } = report.distributions;
  return [
    spectra(report),
    ranks(report),
    pairs && histogram(report, pairs, PAIRS),
    lengths && histogram(report, lengths, LENGTHS),
  ].filter((figure) => figure !== null);
}

const namesOf = ({ datasets }: CompareReport): string[] =>
  datasets.map(({ name }) => oneLine(name));

/** A sentence for each of the first datasets. */
const told = (names: readonly string[], say: (dataset: number) => string): string =>
  `${names
    .slice(0, TOLD)
    .map((name, d) => `${name} ${say(d)}`)
    .join(', ')}${names.length > TOLD ? ', … (all in the table)' : ''}`;

/** The ends of a scale alone, where there is room for no more. */
const sparse = (scale: Scale, small: boolean): Scale =>
  small && scale.ticks.length > 2
    ? { ...scale, ticks: [scale.ticks[0]!, scale.ticks.at(-1)!] }
    : scale;

function spectra(report: CompareReport): Figure | null {
  const { spectra: all } = report.distributions;
  if (!all.some(({ ranks: found }) => found.length > 2)) return null;
  const names = namesOf(report);
  const lines = all.map(({ ranks: found, shares }) =>
    found.flatMap((rank, i) => (shares[i]! >= LEAST ? [[rank, shares[i]!] as const] : [])),
  );
  const places = lines.flat();
  const last = Math.max(10, ...places.map(([rank]) => rank));
  const shares = places.map(([, share]) => share);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const holds = `Half of what varies lies in so many directions: ${told(names, (d) => formatCount(all[d]!.half))}.`;
  const longest = all.reduce((a, b) => (b.ranks.length > a.ranks.length ? b : a));
  return {
    id: 'spectrum',
    title: 'Spectrum',
    caption: `${holds} A line that stays high is varied, one that falls steeply has few directions.${apartWords(names)}`,
    label: `Shares of directions by rank. ${holds}`,
    ...linesOf(names, {
      lines,
      x: (ends, small) => sparse(logarithmic(1, last, ends), small),
      y: (ends, small) => sparse(logarithmic(least, most, ends, finely), small),
      titles: { x: 'direction, largest first', y: 'share' },
    }),
    table: {
      columns: ['Direction', ...names],
      rows: longest.ranks.map((rank) => [
        formatCount(rank),
        ...all.map(({ ranks: found, shares: of }) => {
          const at = found.indexOf(rank);
          return at < 0 ? '' : formatNumber(of[at]!);
        }),
      ]),
    },
  };
}

/** Shares of the clusters that all share, each dataset's largest first (Whittaker 1965). */
function ranks(report: CompareReport): Figure | null {
  const names = namesOf(report);
  const sorted = names.map((_, d) =>
    report.clusters
      .map(({ shares }) => shares[d]!)
      .filter((share) => share > 0)
      .sort((a, b) => b - a),
  );
  const most = Math.max(...sorted.map(({ length }) => length));
  if (most < 3) return null;
  const least = Math.min(...sorted.flat());
  const half = (d: number): number => {
    let count = 0;
    for (let sum = 0; sum < 0.5 - 1e-12; count += 1) sum += sorted[d]![count]!;
    return count;
  };
  const words = `Half of the rows lie in so many of the ${formatRows(report.clusters.length, 'shared cluster')}: ${told(names, (d) => formatCount(half(d)))}.`;
  return {
    id: 'clusters-by-rank',
    title: 'Clusters by rank',
    caption: `${words} A flat line is even, a steep one is crowded into few.${apartWords(names)}`,
    label: `Shares of shared clusters by rank. ${words}`,
    ...linesOf(names, {
      lines: sorted.map((shares) => shares.map((share, rank) => [rank + 1, share] as const)),
      x: (ends, small) => linear(1, most, ends, small ? 2 : 5, formatCount),
      y: (ends, small) =>
        sparse(logarithmic(10 ** Math.floor(Math.log10(least)), 1, ends, formatShare), small),
      titles: { x: 'cluster, largest first', y: 'share of the rows' },
    }),
    table: {
      columns: ['Rank', ...names],
      rows: Array.from({ length: most }, (_, rank) => [
        formatCount(rank + 1),
        ...sorted.map((shares) => (rank < shares.length ? formatShare(shares[rank]!) : '')),
      ]),
    },
  };
}

function histogram(report: CompareReport, found: SpreadReport, words: HistogramWords): Figure {
  const names = namesOf(report);
  const { from, width, open, sides } = found;
  const bins = sides[0]!.shares.length;
  const high = Math.max(...sides.flatMap(({ shares }) => shares));
  const means = `Means: ${told(names, (d) => formatNumber(sides[d]!.mean))}.`;
  const last = open ? ' The last step holds everything beyond.' : '';
  return {
    id: words.id,
    title: words.title,
    caption: `${means} ${words.reads}${last}${apartWords(names)}`,
    label: `Histograms of ${words.x}. ${means}`,
    ...linesOf(names, {
      lines: sides.map(({ shares }) => stepsOf(found, shares)),
      x: (ends, small) => linear(from, from + bins * width, ends, small ? 2 : 5),
      y: (ends, small) => linear(0, high, ends, small ? 2 : 3, formatShare),
      titles: { x: words.x, y: words.y },
      filled: true,
    }),
    table: {
      columns: [words.x, ...names],
      rows: Array.from({ length: bins }, (_, bin) => [
        edgeWords(found, bin, bins),
        ...sides.map(({ shares }) => formatShare(shares[bin]!)),
      ]),
    },
  };
}
