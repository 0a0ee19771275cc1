import type { DistributionsReport, SpectrumReport } from '../../audit/report.ts';
import { formatCount, formatNumber, formatRows, formatShare } from '../../base/numbers.ts';
import {
  axes,
  DATASET,
  type Figure,
  legend,
  line,
  type Mark,
  REFERENCE,
  type Series,
} from './marks.ts';
import { logarithmic } from './scale.ts';

const [WIDTH, HEIGHT] = [480, 290];
const FRAME = { left: 62, top: 36, right: WIDTH - 14, bottom: HEIGHT - 48 };
/** Directions that hold less are noise of the arithmetic, or of no account. */
export const LEAST = 1e-6;

/** Shares far below a per mille too: the ticks of this figure fall by powers of ten. */
export const finely = (share: number): string =>
  share >= 1e-3 ? formatShare(share) : `${Number((100 * share).toPrecision(3))}\u202f%`;

/** Eigenvalues by rank, both in powers of ten: what falls steeply has few directions. null without two of them. */
export function spectrumFigure(found: DistributionsReport['spectrum']): Figure | null {
  if (found === null || found.dataset.ranks.length < 3) return null;
  const sides: (readonly [Series, SpectrumReport])[] = [[DATASET, found.dataset]];
  if (found.reference !== null) sides.push([REFERENCE, found.reference]);
  const shown = sides.map(([series, { ranks, shares }]) => ({
    series,
    points: ranks.flatMap((rank, i) => (shares[i]! >= LEAST ? [[rank, shares[i]!] as const] : [])),
  }));
  const every = shown.flatMap(({ points }) => points);
  const last = Math.max(...every.map(([rank]) => rank));
  const least = Math.min(...every.map(([, share]) => share));
  const most = Math.max(...every.map(([, share]) => share));
  const x = logarithmic(1, Math.max(last, 10), [FRAME.left, FRAME.right]);
  const y = logarithmic(least, most, [FRAME.bottom, FRAME.top], finely);
  const marks: Mark[] = [
    ...axes(FRAME, x, y, { x: 'direction, largest first', y: 'share' }),
    ...shown.toReversed().map(({ series, points }) =>
      line(
        points.map(([rank, share]) => [x.of(rank), y.of(share)]),
        series.tone,
        series.dashed ? { dashed: true, width: 2 } : { width: 2 },
      ),
    ),
    ...(sides.length > 1
      ? legend(
          sides.map(([series]) => series),
          FRAME.right,
          20,
        )
      : []),
  ];
  const { half, most: nine } = found.dataset;
  const beside =
    found.reference === null
      ? ''
      : ` (of the reference in ${formatCount(found.reference.half)} and ${formatCount(found.reference.most)})`;
  const holds = `Half of what varies lies in ${formatRows(half, 'direction')}, nine tenths in ${formatCount(nine)}${beside}.`;
  return {
    id: 'spectrum',
    title: 'Spectrum',
    caption: `${holds} A line that stays high is varied, one that falls steeply has few directions.`,
    label: `Shares of directions by rank. ${holds}`,
    ...{ width: WIDTH, height: HEIGHT, marks },
    table: {
      columns: ['Direction', ...sides.map(([{ name }]) => `Share, ${name}`)],
      rows: found.dataset.ranks.map((rank, i) => [
        formatCount(rank),
        formatNumber(found.dataset.shares[i]!),
        ...(found.reference === null ? [] : [shareAt(found.reference, rank)]),
      ]),
    },
  };
}

function shareAt({ ranks, shares }: SpectrumReport, rank: number): string {
  const at = ranks.indexOf(rank);
  return at < 0 ? '' : formatNumber(shares[at]!);
}
