import type { OnProgress } from '../base/progress.ts';
import type { ArtefactSource } from '../engine/artefacts.ts';
import type { CellAxis } from '../measures/archive.ts';
import type { MeasureContext } from '../measures/measure.ts';
import { paretoFront } from '../stats/front.ts';
import { type Distribution, distributionOf } from '../stats/quantiles.ts';
import { type QualityCurve, qualityCurve } from './quality-curve.ts';
import type { RowReport } from './report.ts';

/** Quality against diversity; in the report where --quality names what judges the rows. */
export interface TradeoffReport {
  readonly quality: {
    /** What the rows are judged by: 'column score', 'correct', 'minus quality.rules'. */
    readonly of: string;
    /** Rows that have one. */
    readonly rows: number;
    /** What an empty cell counts for in the QD-score. */
    readonly floor: number;
    readonly distribution: Distribution | null;
  };
  /** The sides of the archive's grid; null where no measure asked for it. */
  readonly cells: { readonly of: number; readonly axes: readonly CellAxis[] } | null;
  /** Rows that no other row beats; null where `pareto` was not asked for. */
  readonly front: FrontReport | null;
  /** null where there is nothing to filter; `curveWhy` then says why. */
  readonly curve: QualityCurve | null;
  readonly curveWhy: string | null;
}

export interface FrontReport {
  readonly objectives: readonly string[];
  /** Rows on the front, of which the first are listed: those with most of the first objective. */
  readonly count: number;
  readonly rows: readonly (RowReport & { readonly numbers: readonly number[] })[];
}

/** The trade-off before its rows are given their texts. */
export interface FoundTradeoff extends Omit<TradeoffReport, 'front'> {
  readonly front: {
    readonly objectives: readonly string[];
    readonly count: number;
    readonly rows: readonly { readonly row: number; readonly numbers: readonly number[] }[];
  } | null;
}

/** Rows of the front that the report lists. */
const LISTED = 200;

export async function tradeoffOf(
  source: ArtefactSource,
  measured: { readonly cells: boolean; readonly front: boolean },
  context: MeasureContext,
  onProgress?: OnProgress,
): Promise<FoundTradeoff> {
  const judged = await source('judged');
  const distribution = distributionOf(judged.numbers);
  const rows = judged.numbers.reduce((sum, x) => sum + Number(!Number.isNaN(x)), 0);
  const curve = await qualityCurve(source, judged, context, onProgress);
  const cells = measured.cells ? await source('cells') : null;
  return {
    quality: { of: judged.of, rows, floor: judged.floor, distribution },
    cells: cells === null ? null : { of: cells.of, axes: cells.axes },
    front: measured.front ? await frontOf(source) : null,
    curve,
    curveWhy:
      curve === null
        ? 'too few rows of different quality: a threshold must leave 72 rows and leave some out'
        : null,
  };
}

async function frontOf(source: ArtefactSource): Promise<FoundTradeoff['front']> {
  const { names, columns } = await source('objectives');
  const front = paretoFront(columns);
  const best = front.sort((a, b) => columns[0]![b]! - columns[0]![a]! || a - b);
  const rows = best
    .slice(0, LISTED)
    .map((row) => ({ row, numbers: columns.map((column) => column[row]!) }));
  return { objectives: names, count: front.length, rows };
}

export const withRows = (
  { front, ...rest }: FoundTradeoff,
  show: (row: number) => RowReport,
): TradeoffReport => ({
  ...rest,
  front: front && {
    ...front,
    rows: front.rows.map(({ row, numbers }) => ({ ...show(row), numbers })),
  },
});
