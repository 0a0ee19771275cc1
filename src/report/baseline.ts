import { basename } from 'node:path';
import type { MeasureReport, Report } from '../audit/report.ts';
import { usageError } from '../base/errors.ts';
import type { About } from '../measures/measure.ts';
import { differenceOf } from '../stats/difference.ts';
import { formatInterval, formatRows, formatValue, moreWords } from './format.ts';
import { oneLine } from './text.ts';

/** An earlier report, to see how numbers have moved since. */
export interface Baseline {
  readonly name: string;
  readonly report: Pick<Report, 'measures' | 'embedder' | 'settings'>;
}

/** Groups that intervals are made from, as audits have them. */
const GROUPS = 32;
/** Of a difference where there is none, above which it is no more than chance. */
const CHANCE = 0.05;

/** What `gamut audit --json` wrote; anything else is refused with the reason. */
export function parseBaseline(text: string, path: string): Baseline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  const { schema, measures, settings } = (parsed ?? {}) as Partial<Report>;
  if (schema !== 'gamut.report/1' || typeof measures !== 'object' || typeof settings !== 'object') {
    throw usageError(
      `--baseline ${path} is no report of an audit; give a file that gamut audit --json wrote.`,
    );
  }
  return { name: oneLine(basename(path)), report: parsed as Report };
}

/** Where a measure stands beside the baseline, in a sentence; null where that has no such number. */
export function baselineWords(
  id: string,
  measure: MeasureReport,
  { report: before }: Baseline,
  report: Report,
  about: About | undefined,
): string | null {
  const old = Object.hasOwn(before.measures, id) ? before.measures[id]! : null;
  if (old === null || old.value === null || measure.value === null) return null;
  const interval = old.interval === null ? '' : `, ${formatInterval(old.interval, about)}`;
  const number = `${formatValue(old.value, about)}${interval}`;
  const other = differs(report, before);
  if (other !== null) return `Baseline ${number}: not compared, for it is of ${other}.`;
  if (old.n !== measure.n && about?.growsWithN) {
    return `Baseline ${number} at ${formatRows(old.n)}: it moves with the rows, so compare at equal n.`;
  }
  if (old.interval === null || measure.interval === null) {
    return old.value === measure.value
      ? `The same as in the baseline (${number}).`
      : `Baseline ${number}: without intervals, a difference cannot be told from chance.`;
  }
  const { value, p } = differenceOf(
    { value: measure.value, interval: measure.interval, groups: GROUPS },
    { value: old.value, interval: old.interval, groups: GROUPS },
  );
  if (value === 0 || (p !== null && p >= CHANCE)) {
    return `No more apart from the baseline (${number}) than chance explains.`;
  }
  const more = value > 0 === (measure.more === 'more');
  return `${moreWords(measure.axis, more)} the baseline (${number}), by more than chance.`;
}

/** What keeps numbers of two reports from being compared; null where nothing does. */
function differs(report: Report, before: Baseline['report']): string | null {
  if (report.embedder?.hash !== before.embedder?.hash) return 'other vectors';
  const [now, then] = [report.settings, before.settings];
  if (now.space !== then.space) return 'another space';
  if (now.bandwidth !== then.bandwidth || now.duplicateAt !== then.duplicateAt) {
    return 'other settings';
  }
  return null;
}
