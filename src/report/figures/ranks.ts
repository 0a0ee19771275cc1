import type { ClusterReport } from '../../audit/report.ts';
import { formatCount, formatRows, formatShare } from '../../base/numbers.ts';
import { oneLine } from '../text.ts';
import { axes, dot, type Figure, line, OWN } from './marks.ts';
import { linear, logarithmic, roundBeyond } from './scale.ts';

const [WIDTH, HEIGHT] = [480, 290];
const FRAME = { left: 62, top: 36, right: WIDTH - 14, bottom: HEIGHT - 48 };

/**
 * Shares of the clusters by rank, the shares in powers of ten: a flat line is an even dataset, a steep
 * one is crowded into few clusters (Whittaker 1965). null where there are too few to have a shape.
 */
export function ranksFigure(clusters: readonly ClusterReport[]): Figure | null {
  const shares = clusters.map(({ share }) => share);
  const least = shares.at(-1) ?? 0;
  if (shares.length < 3 || least <= 0) return null;
  const x = linear(1, shares.length, [FRAME.left + 6, FRAME.right - 6], 5, formatCount);
  const y = logarithmic(...roundBeyond(least, shares[0]!), [FRAME.bottom, FRAME.top], formatShare);
  const places = shares.map((share, rank) => [x.of(rank + 1), y.of(share)] as const);
  let half = 0;
  for (let sum = 0; sum < 0.5; half += 1) sum += shares[half]!;
  const words = `half of the rows lie in ${formatRows(half, 'cluster')} of ${formatCount(shares.length)}`;
  return {
    id: 'clusters-by-rank',
    title: 'Clusters by rank',
    caption: `Shares of the clusters, largest first: ${words}. A flat line is even, a steep one is crowded into few.`,
    label: `Shares of ${formatRows(shares.length, 'cluster')} by rank, from ${formatShare(shares[0]!)} to ${formatShare(least)}; ${words}.`,
    width: WIDTH,
    height: HEIGHT,
    marks: [
      ...axes(FRAME, x, y, { x: 'cluster, largest first', y: 'share of the rows' }),
      line(places, OWN, { width: 1.5 }),
      ...places.map(([cx, cy]) => dot(cx, cy, 2.5, OWN)),
    ],
    table: {
      columns: ['Rank', 'Cluster', 'Share'],
      rows: clusters.map(({ name, share }, rank) => [
        formatCount(rank + 1),
        oneLine(name),
        formatShare(share),
      ]),
    },
  };
}
