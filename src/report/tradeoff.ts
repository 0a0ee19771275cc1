import type { TradeoffReport } from '../audit/tradeoff.ts';
import { formatCount, formatInterval, formatNumber, formatRows, formatShare } from './format.ts';
import { cut, oneLine, pad } from './text.ts';

type Found = TradeoffReport | undefined;

export const curveTitle = ({ quality }: TradeoffReport): string =>
  oneLine(`Diversity as quality rises (${quality.of})`);

/**
 * The curve of the Vendi score against a rising threshold as a table of cells, heads first; nothing
 * without a curve.
 */
export function curveCells(found: Found): string[][] {
  const curve = found?.curve ?? null;
  const vendi = curve?.measures.find(({ id }) => id === 'vendi');
  if (curve === null || vendi === undefined) return [];
  const heads = ['kept', 'rows', 'from', 'Vendi', `of ${formatRows(curve.n)}`, '95 % interval', ''];
  const rows = curve.levels.map(({ share, rows: kept, threshold }, l) => {
    const { value, equal, difference } = vendi.points[l]!;
    const words = [
      ...(difference?.verdict == null ? [] : [difference.verdict]),
      ...(curve.knee === l ? ['knee'] : []),
    ];
    return [
      formatShare(share),
      formatCount(kept),
      formatNumber(threshold),
      formatNumber(value),
      formatNumber(equal.value),
      equal.interval === null ? '–' : formatInterval(equal.interval),
      words.join(', '),
    ];
  });
  return [heads, ...rows];
}

const WIDTHS = [8, 8, 10, 9, 13, 17];

/** The same for a terminal: a heading, a note, and a line a level. */
export function tradeoffLines(found: Found, width: number): string[] {
  const cells = curveCells(found);
  if (cells.length === 0) return [];
  const line = (row: readonly string[]): string =>
    cut(
      `${WIDTHS.map((columns, i) => pad(row[i]!, columns, 'left')).join('')}  ${row.at(-1)!}`.trimEnd(),
      width,
    );
  const note = `  ${cut('more, less: than as many rows drawn from all (95 %, Holm over the levels)', width - 2)}`;
  return [cut(curveTitle(found!), width), note, ...cells.map(line)];
}
