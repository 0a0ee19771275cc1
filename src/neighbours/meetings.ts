import { cpu } from '../compute/device.ts';
import { products } from '../compute/kernels/products.ts';
import type { Centres } from './lists.ts';
import type { Probing } from './threads/probe.ts';
import { type Meetings, sharedInts } from './threads/shared.ts';
import { GROUP_ROWS } from './threads/tiles.ts';

/** From the first list always on to the nearest that is left: what is visited together lies together. */
export async function chainOf({ data, offsets }: Centres, dims: number): Promise<Int32Array> {
  const count = offsets.length;
  const tile = await products(cpu, data, data, dims);
  const chain = new Int32Array(count);
  const used = new Uint8Array(count);
  for (let step = 0, list = 0; step < count; step += 1) {
    chain[step] = list;
    used[list] = 1;
    const from = list * count;
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < count; c += 1) {
      const score = tile[from + c]! + offsets[c]!;
      if (used[c] === 1 || score < best) continue;
      best = score;
      list = c;
    }
  }
  return chain;
}

/**
 * Groups and their visitors: every row visits the lists it is shown to beside its own. A list that is too long for a group is several
 * groups, each of which the members of later ones visit too.
 */
export function meetingsOf({ lists, counts, depth }: Probing, chain: Int32Array): Meetings {
  const n = counts.length;
  const place = new Int32Array(chain.length);
  for (const [p, list] of chain.entries()) place[list] = p;
  const { begins: first, rows: members } = byList(n, chain.length, (visit) => {
    for (let i = 0; i < n; i += 1) visit(place[lists[i * depth]!]!, i);
  });
  const { begins, rows: shown } = byList(n, chain.length, (visit) => {
    for (const i of members) {
      for (let r = 1; r < counts[i]!; r += 1) visit(place[lists[i * depth + r]!]!, i);
    }
  });
  const groups = [0];
  const parts: Int32Array[] = [];
  for (let list = 0; list < chain.length; list += 1) {
    const [from, to] = [first[list]!, first[list + 1]!];
    const visitors = shown.subarray(begins[list]!, begins[list + 1]!);
    for (let at = from; at < to; at += GROUP_ROWS) {
      const end = Math.min(to, at + GROUP_ROWS);
      groups.push(end);
      parts.push(merged(members.subarray(end, to), visitors));
    }
  }
  const starts = sharedInts(parts.length + 1);
  for (const [g, part] of parts.entries()) starts[g + 1] = starts[g]! + part.length;
  const visitors = sharedInts(starts.at(-1)!);
  for (const [g, part] of parts.entries()) visitors.set(part, starts[g]!);
  const bounds = sharedInts(groups.length);
  bounds.set(groups);
  return { groups: bounds, members, starts, visitors };
}

/** The rows of each list, in the order in which they come. */
function byList(
  n: number,
  count: number,
  each: (visit: (list: number, row: number) => void) => void,
): { begins: Int32Array; rows: Int32Array } {
  const begins = new Int32Array(count + 1);
  each((list) => {
    begins[list + 1]! += 1;
  });
  for (let list = 0; list < count; list += 1) begins[list + 1]! += begins[list]!;
  const next = begins.slice();
  const rows = sharedInts(Math.max(n, begins[count]!)).subarray(0, begins[count]!);
  each((list, row) => {
    rows[next[list]!++] = row;
  });
  return { begins, rows };
}

function merged(a: Int32Array, b: Int32Array): Int32Array {
  if (a.length === 0) return b;
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
