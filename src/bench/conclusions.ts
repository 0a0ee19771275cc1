import { formatCount } from '../base/numbers.ts';
import type { Value } from '../measures/measure.ts';
import type { Conclusions, Measured, Order } from './report.ts';

type Values = Readonly<Record<string, Value>>;

/** The values of every dataset beside the baseline's, with how far they drifted. */
export const measuredBeside = (
  here: readonly Values[],
  baseline: readonly Values[],
): Record<string, Measured>[] =>
  here.map((values, set) =>
    Object.fromEntries(
      Object.entries(values).map(([id, { value, interval }]) => [
        id,
        { value, interval, drift: driftOf(value, baseline[set]![id]!) },
      ]),
    ),
  );

/** In halves of the baseline's interval: within ±1 the value is one that the baseline allows for. */
export function driftOf(value: number | null, { value: before, interval }: Value): number | null {
  if (value === null || before === null || interval === null) return null;
  // An interval need not lie evenly around its value: the half on the side of the drift counts.
  const half = value < before ? before - interval[0] : interval[1] - before;
  return half > 0 ? (value - before) / half : value === before ? 0 : null;
}

/** Which of two values is higher, where their intervals do not overlap; 0 where that cannot be said. */
export function orderOf(a: Value | Measured, b: Value | Measured): -1 | 0 | 1 {
  if (a.interval === null || b.interval === null) return 0;
  if (a.interval[1] < b.interval[0]) return -1;
  return a.interval[0] > b.interval[1] ? 1 : 0;
}

/** All pairs of datasets on all measures. */
export function ordersOf(here: readonly Values[], baseline: readonly Values[]): Order[] {
  const orders: Order[] = [];
  for (const measure of Object.keys(here[0] ?? {})) {
    for (let b = 1; b < here.length; b += 1) {
      for (let a = 0; a < b; a += 1) {
        orders.push({
          ...{ measure, a, b },
          baseline: orderOf(baseline[a]![measure]!, baseline[b]![measure]!),
          here: orderOf(here[a]![measure]!, here[b]![measure]!),
        });
      }
    }
  }
  return orders;
}

export function conclusionsOf(
  name: string,
  here: readonly Values[],
  baseline: readonly Values[],
  datasets: readonly string[],
): Conclusions {
  const orders = ordersOf(here, baseline);
  const decided = orders.filter((order) => order.baseline !== 0);
  const drifts = measuredBeside(here, baseline)
    .flatMap((values) => Object.values(values))
    .flatMap(({ drift }) => drift ?? []);
  const counts = {
    within: drifts.filter((drift) => Math.abs(drift) <= 1).length,
    measured: drifts.length,
    decided: decided.length,
    kept: decided.filter((order) => order.here === order.baseline).length,
    swapped: decided.filter((order) => order.here === -order.baseline),
    lost: decided.filter((order) => order.here === 0),
    gained: orders.filter((order) => order.baseline === 0 && order.here !== 0),
  };
  return { ...counts, words: wordsOf(name, counts, datasets) };
}

/** Pairs that are named in a sentence; more are counted. */
const NAMED = 3;

function wordsOf(
  name: string,
  { within, measured, decided, kept, swapped, lost }: Omit<Conclusions, 'words'>,
  datasets: readonly string[],
): string {
  const inside = `${formatCount(within)} of ${formatCount(measured)} numbers stay within the baseline’s intervals`;
  if (datasets.length < 2) return `${name}: ${inside}.`;
  if (decided === 0) {
    return `${name}: the baseline tells no two datasets apart, so there is no ranking to keep; ${inside}.`;
  }
  if (kept === decided)
    return `${name} keeps every conclusion (${formatCount(decided)}); ${inside}.`;
  const parts: string[] = [];
  if (swapped.length > 0) parts.push(`swaps ${listed(swapped, datasets)}`);
  if (lost.length > 0) parts.push(`no longer tells apart ${listed(lost, datasets)}`);
  return `${name} keeps ${formatCount(kept)} of ${formatCount(decided)} conclusions: it ${parts.join(', and ')}.`;
}

/** 'B and C on coverage and recall, A and C on vendi'. */
function listed(orders: readonly Order[], datasets: readonly string[]): string {
  const byPair = new Map<string, string[]>();
  for (const { a, b, measure } of orders) {
    const pair = `${datasets[a]} and ${datasets[b]}`;
    byPair.set(pair, [...(byPair.get(pair) ?? []), measure]);
  }
  return Array.from(byPair, ([pair, ids]) => {
    const rest = ids.length - NAMED;
    const names = ids.slice(0, NAMED).join(', ');
    return `${pair} on ${names}${rest > 0 ? ` and ${rest} more` : ''}`;
  }).join('; ');
}
