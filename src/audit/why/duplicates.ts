import type { Rows } from '../../measures/rows.ts';
import type { DuplicateGroups } from '../../why/duplicates.ts';
import type { Part } from './part.ts';
import type { DuplicatesReport } from './report.ts';

/** Groups of the list, and ids of all of them together. */
const GROUPS = 1000;
const IDS = 10_000;
/** Groups that have samples, and how many. */
const SAMPLED = 200;
const SAMPLES = 3;

/** `at`: the cosine that joined rows; null where only equal rows were. */
export function duplicatesPart(
  { kinds }: Rows,
  ids: readonly string[],
  { groups }: DuplicateGroups,
  at: number | null,
): Part<DuplicatesReport> {
  const first = groups.slice(0, GROUPS);
  const most = limitOf(first.map(({ rows }) => rows.length));
  const listed = first.map((group, place) => {
    const shown = group.rows.slice(0, most);
    const samples = place < SAMPLED ? others(group.rows, group.keep, kinds) : [];
    return { ...group, ids: shown.map((row) => ids[row]!), samples };
  });
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  return {
    shown: listed.flatMap(({ keep, samples }) => [keep, ...samples]),
    report: (show) => ({
      at,
      groupCount: groups.length,
      rows,
      removable: rows - groups.length,
      exact: groups.reduce((sum, group) => sum + group.rows.length - group.distinct, 0),
      groups: listed.map((group) => ({
        ...{ rows: group.rows.length, distinct: group.distinct, least: group.least },
        ...{ keep: show(group.keep), ids: group.ids, samples: group.samples.map(show) },
      })),
    }),
  };
}

/** Ids that a group may have such that all groups together have IDS at most: one huge group takes none from the others. */
function limitOf(sizes: readonly number[]): number {
  let room = IDS;
  // From the smallest up: what a small group leaves is shared by the larger ones.
  const ascending = sizes.toSorted((a, b) => a - b);
  for (const [i, size] of ascending.entries()) {
    const share = Math.floor(room / (ascending.length - i));
    if (size > share) return share;
    room -= size;
  }
  return IDS;
}

/** The first rows of other contents than the one to keep. */
function others(rows: readonly number[], keep: number, kinds: Int32Array): number[] {
  const seen = new Set([kinds[keep]!]);
  const found: number[] = [];
  for (const row of rows) {
    if (found.length === SAMPLES) break;
    if (seen.has(kinds[row]!)) continue;
    seen.add(kinds[row]!);
    found.push(row);
  }
  return found;
}
