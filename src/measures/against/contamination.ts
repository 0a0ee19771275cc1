import { GROUPS } from '../../stats/groups.ts';
import type { Crossing } from '../crossing.ts';
import { family } from '../measure.ts';
import { has, tooFew, twoSampleValue } from '../two-samples.ts';
import { ofSample } from '../value.ts';

/**
 * contamination: the share of reference rows that the dataset gives away: with a run of 13 words that some row of the
 * dataset has too (Brown et al. 2020, arXiv 2005.14165, appendix C), or with a row at cosine ≥ 0.95. For runs words are
 * lower-cased and lose their signs; shorter rows have none. Rows that are vectors go by the cosine alone. Of a large
 * reference a sample of rows is held against the whole dataset.
 */
const CLOSE = 0.95;
/** Float32 vectors of equal direction differ by rounding. */
const SLACK = 1e-6;

export const contamination = family({
  family: 'contamination',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'sharedRuns', 'cosineNearestRows'],
  at: { one: 1, identical: 1, disjoint: 1, duplicated: 1 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  measures: {
    contamination: {
      title: 'Contamination',
      reads:
        'The share of reference rows that share 13 words in a row with the dataset, or nearly equal one of its rows.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'share of the reference',
      cite: 'Brown et al. 2020, arXiv 2005.14165, appendix C',
    },
  },
  finish({ rows, referenceRows: reference, sharedRuns, cosineNearestRows }) {
    const few = tooFew({ rows, reference }, 1);
    if (few !== null) return { contamination: few };
    const checked = sharedRuns?.rows ?? Int32Array.from({ length: reference.n }, (_, i) => i);
    const groups = Array.from(checked, (row) => reference.groups[row]!);
    const given = Array.from(
      checked,
      (row, place) => (sharedRuns?.groups[place] ?? 0) | closeGroups(cosineNearestRows, row),
    );
    const sizes = new Int32Array(GROUPS);
    for (const group of groups) sizes[group]! += 1;
    const m = checked.length;
    const shareOf = (a: number, b: number): number => {
      let rowsLeft = 0;
      let away = 0;
      for (let i = 0; i < m; i += 1) {
        if (!has(b, groups[i]!)) continue;
        rowsLeft += 1;
        if ((given[i]! & a) !== 0) away += 1;
      }
      return away / rowsLeft;
    };
    const sides = { rows, reference: { ...reference, sizes } };
    const value = twoSampleValue(sides, shareOf, { range: [0, 1], draws: m });
    const share = value.value!;
    const error = Math.sqrt((share * (1 - share)) / m);
    return { contamination: m === reference.n ? value : ofSample(value, error) };
  },
});

/** The groups of the dataset's rows that nearly equal a reference row, as far as its list reaches. */
function closeGroups({ targets, lists }: Crossing, row: number): number {
  const { k, ids, distances } = lists;
  let groups = 0;
  for (let at = row * k; at < (row + 1) * k && distances[at]! <= 1 - CLOSE + SLACK; at += 1) {
    groups |= 1 << targets.groups[ids[at]!]!;
  }
  return groups;
}
