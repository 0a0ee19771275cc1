import type { Value } from '../measures/measure.ts';
import type { Novelty } from '../novelty/novelty.ts';
import type { IndexCard } from '../novelty/saved-index.ts';
import { formatInterval, formatNumber, formatRows, formatShare } from './format.ts';
import { cut, oneLine, pad } from './text.ts';

const SHOWN = 8;
const SHARE = { unit: 'share of rows' } as Parameters<typeof formatInterval>[1];

/** What a person reads after `gamut novelty`: how much is new, and the newest rows. */
export function renderNovelty({ index, share, distance, rows }: Novelty, columns: number): string {
  const width = Math.min(100, Math.max(60, columns));
  const lines = [
    `${formatRows(rows.length)} held against an index of ${formatRows(index.rows)}`,
    ...(index.recall === undefined ? [] : [foundBy(index.recall)]),
    '',
    `  novel       ${formatShare(share.value ?? 0)}${between(share, true)}`,
    `              of the rows lie farther from the index than ${formatNumber(index.ownDistance95)},`,
    '              which 95 % of the indexed rows are within of each other',
    `  distance    ${formatNumber(distance.value ?? 0)}${between(distance, false)}`,
    '              mean cosine distance to the nearest indexed row',
    '',
    'Newest rows, each with its distance and the nearest indexed row',
  ];
  const newest = rows.toSorted((a, b) => b.distance - a.distance).slice(0, SHOWN);
  for (const { id, text, distance: far, nearest } of newest) {
    lines.push(cut(`  ${pad(formatNumber(far), 7, 'left')}  ${named(id, text)}`, width));
    lines.push(cut(`           ${named(nearest.id, nearest.text)}`, width));
  }
  return `${lines.join('\n')}\n`;
}

/** How well the graph finds what is nearest, where that was measured. */
const foundBy = ({ share, rows }: NonNullable<IndexCard['recall']>): string =>
  `  found by hnsw, recall ${formatShare(share)} on ${formatRows(rows)} of the index`;

const named = (id: string, text: string | null): string =>
  `${pad(oneLine(id), 12)} ${text === null ? '' : oneLine(text)}`.trimEnd();

const between = ({ interval }: Value, asShare: boolean): string =>
  interval === null ? '' : `  (${formatInterval(interval, asShare ? SHARE : undefined)})`;
