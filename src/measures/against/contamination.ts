import { GROUPS } from '../../stats/groups.ts';
import { type Crossing, nearestWithout } from '../crossing.ts';
import { family } from '../measure.ts';
import type { SharedRuns } from '../texts.ts';
import { fromParts, tooFew } from '../two-samples.ts';
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
    const sizes = new Int32Array(GROUPS);
    const own = new Float64Array(GROUPS);
    const change = new Float64Array(GROUPS);
    let whole = 0;
    for (const [place, row] of checked.entries()) {
      const group = reference.groups[row]!;
      sizes[group]! += 1;
      const only = onlyGroup(place, row, sharedRuns, cosineNearestRows);
      if (only === CLEAN) continue;
      whole += 1;
      own[group]! += 1;
      if (only >= 0) change[only]! -= 1;
    }
    const m = checked.length;
    const value = fromParts(
      { rows, reference: { ...reference, sizes } },
      whole / m,
      change.map((part) => (whole + part) / m),
      own.map((part, g) => (whole - part) / (m - sizes[g]!)),
      { range: [0, 1] },
    );
    const share = whole / m;
    const error = Math.sqrt((share * (1 - share)) / m);
    return { contamination: m === reference.n ? value : ofSample(value, error) };
  },
});

const CLEAN = -2;
const SEVERAL = -1;

/** The only group of the dataset that gives a reference row away; SEVERAL, or CLEAN when none does. */
function onlyGroup(
  place: number,
  row: number,
  runs: SharedRuns | null,
  crossing: Crossing,
): number {
  const { targets, lists } = crossing;
  const close = (at: number): boolean => lists.distances[at]! <= 1 - CLOSE + SLACK;
  const first = row * lists.k;
  let groups = runs === null ? 0 : runs.groups[place]!;
  if (lists.k > 0 && close(first)) {
    const group = targets.groups[lists.ids[first]!]!;
    groups |= 1 << group;
    const other = nearestWithout(crossing, row, group);
    if (close(other)) groups |= 1 << targets.groups[lists.ids[other]!]!;
  }
  if (groups === 0) return CLEAN;
  return (groups & (groups - 1)) === 0 ? 31 - Math.clz32(groups) : SEVERAL;
}
