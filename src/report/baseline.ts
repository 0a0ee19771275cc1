import { basename } from 'node:path';
import type { MeasureReport, Report } from '../audit/report.ts';
import { usageError } from '../base/errors.ts';
import { OF_REFERENCE } from '../measures/artefacts.ts';
import type { About, MeasureSettings, Need } from '../measures/measure.ts';
import { findMeasure } from '../measures/registry.ts';
import { differenceOf, verdictOf } from '../stats/difference.ts';
import { GROUPS } from '../stats/groups.ts';
import { formatInterval, formatRows, formatValue, moreWords } from './format.ts';
import { oneLine } from './text.ts';

/** What of a report says how its numbers came about. */
type Made = Pick<Report, 'gamut' | 'dataset' | 'reference' | 'embedder' | 'scorers' | 'settings'>;

/** An earlier report, to see how numbers have moved since. */
export interface Baseline {
  readonly name: string;
  readonly report: Made & Pick<Report, 'measures'>;
}

/** The measures that read a setting, each by the flag that sets it. */
export const READERS: Readonly<
  Record<keyof MeasureSettings, { readonly flag: string; readonly ids: readonly string[] }>
> = {
  duplicateAt: { flag: '--duplicate-at', ids: ['near-duplicates'] },
  bandwidth: { flag: '--bandwidth', ids: ['vendi.rbf', 'rke.rbf', 'dcscore', 'magnitude'] },
  buckets: { flag: '--buckets', ids: ['mauve', 'mauve.star'] },
};

/** What `gamut audit --json` wrote; anything else is refused with the reason. */
export function parseBaseline(text: string, path: string): Baseline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  if (!isReport(parsed)) {
    throw usageError(
      `--baseline ${path} is no report of an audit; give a file that gamut audit --json wrote.`,
    );
  }
  return { name: oneLine(basename(path)), report: parsed };
}

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

const isNumber = (it: unknown): it is number => typeof it === 'number';

/** Whether everything is there that is read of it here. */
function isReport(it: unknown): it is Report {
  if (!isObject(it) || it.schema !== 'gamut.report/1') return false;
  const { scorers = [], embedder, reference } = it;
  return (
    [it.dataset, it.settings, it.measures].every(isObject) &&
    [embedder, reference].every((one) => one === null || isObject(one)) &&
    Array.isArray(scorers) &&
    scorers.every((one) => isObject(one) && Array.isArray(one.measures)) &&
    Object.values(it.measures as object).every(isMeasure)
  );
}

const isMeasure = (it: unknown): boolean =>
  isObject(it) &&
  (it.value === null || isNumber(it.value)) &&
  isNumber(it.n) &&
  (it.interval === null ||
    (Array.isArray(it.interval) && it.interval.length === 2 && it.interval.every(isNumber)));

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
  const other = differs(id, about, report, before);
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
  const verdict = verdictOf(value, p, measure.more);
  return verdict === null
    ? `No more apart from the baseline (${number}) than chance explains.`
    : `${moreWords(measure.axis, verdict === 'more')} the baseline (${number}), by more than chance.`;
}

/** What keeps a measure's numbers in two reports from being compared; null where nothing does. */
function differs(id: string, about: About | undefined, report: Made, before: Made): string | null {
  const needs = new Set<Need>(findMeasure(id)?.family.needs);
  const any = (...some: readonly Need[]): boolean => some.some((need) => needs.has(need));
  const [now, then] = [report.settings, before.settings];
  const same = (of: (made: Made) => unknown): boolean =>
    JSON.stringify(of(report)) === JSON.stringify(of(before));
  const judged = any('judged', 'objectives');
  const sorted = any('cells', 'archive');
  const objectives = any('objectives');
  const clusters = any('clusters') || (sorted && names(now.cells ?? 'clusters', 'clusters'));
  const nearest =
    (judged && names(now.quality, 'nn-distance')) ||
    (objectives && names(now.pareto ?? 'nn-distance', 'nn-distance'));
  const sameVectors = same(vectorsOf);
  const checks: readonly (readonly [asked: boolean, same: boolean, what: string])[] = [
    [true, report.gamut === before.gamut, 'another version of gamut'],
    [judged, now.quality === then.quality, 'another --quality'],
    [sorted, now.cells === then.cells, 'other --cells'],
    [objectives, now.pareto === then.pareto, 'another --pareto'],
    [judged || any('marks', 'attempts'), same(({ settings }) => settings.answers), 'other answers'],
    [true, same(({ scorers }) => scorerOf(id, scorers)), 'another model that reads the rows'],
    [
      about?.rows !== undefined || clusters || nearest || any('regions'),
      sameVectors || (id.endsWith('.labels') && now.clusters?.source === 'given'),
      'other vectors',
    ],
    [id === 'length.tokens', sameVectors, 'other tokens'],
    [about?.rows === 'space', now.space === then.space, 'another space'],
    [clusters, same(clustersOf), 'other clusters'],
    [
      sorted || any(...OF_REFERENCE),
      same(({ reference }) => referenceOf(reference, sameVectors)),
      'another reference',
    ],
    ...Object.entries(READERS).map(([key, { flag, ids }]) => {
      const setting = key as keyof MeasureSettings;
      return [ids.includes(id), now[setting] === then[setting], `another ${flag}`] as const;
    }),
  ];
  return checks.find(([asked, alike]) => asked && !alike)?.[2] ?? null;
}

/** Whether one of these names, which are apart by commas, is that one. */
const names = (asked: string | undefined, name: string): boolean =>
  asked?.split(',').some((one) => one.trim().replace(/^-/, '') === name) ?? false;

/** Where the vectors come from. A model that is asked over the net has no hash. */
const vectorsOf = ({ embedder, dataset }: Made): unknown =>
  embedder && [
    embedder.hash || [embedder.source, embedder.model],
    ...[embedder.dims, embedder.prefix, embedder.pooling, embedder.dtype],
    ...[dataset.long?.treatment, dataset.long?.maxTokens],
  ];

/** How many labels came with the rows is of the data; how many clusters are found is a setting. */
const clustersOf = ({ settings: { clusters } }: Made): unknown =>
  clusters?.source === 'given' ? 'given' : clusters?.k;

/** The model that gave the rows the numbers of a measure. */
function scorerOf(id: string, scorers: Report['scorers']): unknown {
  const found = scorers?.find(({ measures }) => measures.includes(id));
  if (found === undefined) return null;
  const { hash, dtype, maxTokens, chat, input, head, label } = found;
  return { hash, dtype, maxTokens, chat, input, head, label };
}

/** As far as a report knows its reference; its tokens are those of a model. */
const referenceOf = (reference: Report['reference'], tokens: boolean): unknown =>
  reference && [
    ...[reference.sources, reference.rows, reference.exactDuplicates],
    tokens ? reference.tokens : null,
  ];
