import type { Probing } from './probe.ts';
import { EMPTY, type Lists, type Meetings } from './shared.ts';
import type { Tile } from './tiles.ts';

/** One round of neighbours of neighbours. */
export interface Refinement {
  /** Who has met already. */
  readonly meetings: Meetings;
  readonly probing: Probing;
  readonly found: Lists;
  /** 1 for every place of `found` that is new since the round before. */
  readonly fresh: Uint8Array;
  /** The most rows that a group meets in a round. */
  readonly most: number;
  /** Neighbours of each row that are followed. */
  readonly follow: number;
}

/** What a thread needs for it: how often each row came up for the group at hand. */
export interface Votes {
  readonly count: Int32Array;
  readonly rows: Int32Array;
  /** 1 for every list that the row at hand was shown to. */
  readonly shown: Uint8Array;
}

export const votesFor = (n: number, lists: number): Votes => ({
  count: new Int32Array(n),
  rows: new Int32Array(n),
  shown: new Uint8Array(lists),
});

/** The votes of a row that the group has met, or is of the group: below any count. */
const MET = -1;

/**
 * Neighbours of neighbours (Dong, Moses & Li 2011) for a whole group at once: the rows that most often
 * are one for a row of the group, and have not met the group, meet it in products. Only paths that are
 * new since the last round are followed.
 */
export async function refineGroup(
  tile: Tile,
  round: Refinement,
  width: number,
  votes: Votes,
  group: number,
): Promise<void> {
  const { meetings, most } = round;
  const own = meetings.members.subarray(meetings.groups[group]!, meetings.groups[group + 1]!);
  const known = meetings.visitors.subarray(meetings.starts[group]!, meetings.starts[group + 1]!);
  for (const row of own) votes.count[row] = MET;
  for (const row of known) votes.count[row] = MET;
  const seen = countPaths(own, round, width, votes);
  const chosen = mostVoted(votes, seen, most);
  for (const row of own) votes.count[row] = 0;
  for (const row of known) votes.count[row] = 0;
  for (let s = 0; s < seen; s += 1) votes.count[votes.rows[s]!] = 0;
  if (chosen.length === 0) return;
  await tile.group(own);
  for (const row of chosen) await tile.row(row);
  await tile.flush();
}

function countPaths(
  own: Int32Array,
  { found, fresh, follow, probing }: Refinement,
  width: number,
  { count, rows, shown }: Votes,
): number {
  const near = found.rows;
  let seen = 0;
  const { lists, depth, counts } = probing;
  for (const x of own) {
    const probed = lists.subarray(x * depth, x * depth + counts[x]!);
    for (const list of probed) shown[list] = 1;
    for (let a = x * width; a < x * width + follow; a += 1) {
      const u = near[a]!;
      if (u === EMPTY) break;
      const isNew = fresh[a] === 1;
      for (let b = u * width; b < u * width + follow; b += 1) {
        const z = near[b]!;
        if (z === EMPTY) break;
        if (count[z] === MET || (!isNew && fresh[b] === 0)) continue;
        if (shown[lists[z * depth]!] === 1) continue;
        if (count[z] === 0) rows[seen++] = z;
        count[z]! += 1;
      }
    }
    for (const list of probed) shown[list] = 0;
  }
  return seen;
}

/** The rows with most votes, of equals the lower numbers; ascending. */
function mostVoted({ count, rows }: Votes, seen: number, most: number): Int32Array {
  const all = rows.slice(0, seen).sort();
  if (seen <= most) return all;
  const highest = all.reduce((top, row) => Math.max(top, count[row]!), 0);
  const having = new Int32Array(highest + 1);
  for (const row of all) having[count[row]!]! += 1;
  let least = highest;
  let room = most;
  while (having[least]! <= room) room -= having[least--]!;
  // All with more votes than `least`, and the first of those that have as many.
  return all.filter((row) => count[row]! > least || (count[row] === least && room-- > 0));
}
