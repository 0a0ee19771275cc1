import type { Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import type { ComparedDataset, ComparedMeasure, Ranking } from './report.ts';

/** Places from 1, most of the axis first; equal values share the mean of their places. */
export function ranksOf(
  values: readonly Value[],
  more: 'more' | 'less',
  datasets: readonly Pick<ComparedDataset, 'role'>[],
): (number | null)[] {
  const sign = more === 'more' ? 1 : -1;
  const score = (i: number): number | null => {
    const { value } = values[i]!;
    return value === null || datasets[i]!.role === 'reference' ? null : sign * value;
  };
  const scores = values.map((_, i) => score(i));
  return scores.map((own) => {
    if (own === null) return null;
    let before = 0;
    let equal = 0;
    for (const other of scores) {
      if (other === null) continue;
      if (other > own) before += 1;
      else if (other === own) equal += 1;
    }
    return before + (equal + 1) / 2;
  });
}

/** Rows that keep all rules. Where it is measured, a single rule ranks nobody: it is a part of it. */
const RULES = 'quality.rules';

/**
 * Who leads an axis: the mean of a dataset's places. Numbers that come out of one computation say much
 * the same, so their places are averaged first and count as one. Measures that some dataset lacks, or on
 * which all are equal, do not rank.
 */
export function rankingsOf(
  chosen: readonly Listed[],
  measures: Readonly<Record<string, ComparedMeasure>>,
  datasets: readonly Pick<ComparedDataset, 'role'>[],
): Ranking[] {
  const own = datasets.flatMap(({ role }, i) => (role === 'dataset' ? [i] : []));
  const rankings: Ranking[] = [];
  for (const key of new Set(chosen.map(keyOf))) {
    const here = chosen.filter((measure) => keyOf(measure) === key);
    const families = new Map<string, number[][]>();
    const whole = here.some(({ id }) => id === RULES);
    for (const { id, family } of here) {
      if (whole && id.startsWith(`${RULES}.`)) continue;
      const ranks = own.map((i) => measures[id]!.ranks[i]!);
      if (ranks.some((rank) => rank === null) || new Set(ranks).size === 1) continue;
      families.set(family.family, [...(families.get(family.family) ?? []), ranks]);
    }
    if (families.size === 0) continue;
    const order = own.map((dataset, i) => {
      const places = [...families.values()].map((all) => mean(all.map((ranks) => ranks[i]!)));
      return { dataset, meanRank: mean(places), ...standing(dataset, here, measures, own) };
    });
    const { axis, section } = here[0]!;
    order.sort((a, b) => a.meanRank - b.meanRank || a.dataset - b.dataset);
    rankings.push({ axis, section, families: families.size, order });
  }
  return rankings;
}

const keyOf = ({ axis, section }: Listed): string => `${axis} ${section ?? ''}`;

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

function standing(
  dataset: number,
  chosen: readonly Listed[],
  measures: Readonly<Record<string, ComparedMeasure>>,
  own: readonly number[],
): { more: number; less: number } {
  let [more, less] = [0, 0];
  for (const { id } of chosen) {
    for (const { a, b, verdict } of measures[id]!.pairs) {
      if (verdict === null || !own.includes(a) || !own.includes(b)) continue;
      if (a === dataset) verdict === 'more' ? more++ : less++;
      if (b === dataset) verdict === 'more' ? less++ : more++;
    }
  }
  return { more, less };
}
