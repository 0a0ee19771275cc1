import type { Value } from '../measures/measure.ts';
import type { Novelty } from '../novelty/novelty.ts';
import { formatInterval, formatNumber, formatRows, formatShare } from './format.ts';
import { cut, oneLine, pad } from './text.ts';

const SHOWN = 8;
const SHARE = { unit: 'share of rows' } as Parameters<typeof formatInterval>[1];

/** What a person reads after `gamut novelty`: how much is new, and the newest rows. */
export function renderNovelty({ index, share, distance, rows }: Novelty, columns: number): string {
  const width = Math.min(100, Math.max(60, columns));
  const lines = [
    `${formatRows(rows.length)} held against an index of ${formatRows(index.rows)}`,
    '',
    `  novel       ${formatShare(share.value ?? 0)}${between(share, true)}`,
    `              of the rows lie farther from the index than ${formatNumber(index.ownDistance95)},`,
    '              which 95 % of the indexed rows are within of each other',
    `  distance    ${formatNumber(distance.value ?? 0)}${between(distance, false)}`,
    '              mean cosine distance to the nearest indexed row',
    '',
    'Newest rows (distance, id, nearest indexed row)',
  ];
  const newest = rows.toSorted((a, b) => b.distance - a.distance).slice(0, SHOWN);
  for (const { id, distance: far, nearest } of newest) {
    const text = nearest.text === null ? '' : `  ${oneLine(nearest.text)}`;
    const line = `  ${pad(formatNumber(far), 7, 'left')}  ${pad(oneLine(id), 16)} ${oneLine(nearest.id)}${text}`;
    lines.push(cut(line, width));
  }
  return `${lines.join('\n')}\n`;
}

const between = ({ interval }: Value, asShare: boolean): string =>
  interval === null ? '' : `  (${formatInterval(interval, asShare ? SHARE : undefined)})`;
