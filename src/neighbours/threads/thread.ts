/**
 * One of the threads of threads.ts: a runtime with one thread of its own, and lists of all rows that it
 * offers the scores of the tiles it took to. Runs as dist/src/neighbours/threads/thread.js, because Node 20
 * cannot start a thread from a .ts file.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import type { WasmModule } from '../../compute/wasm.ts';
import { openBest } from './best.ts';
import { markFresh, mergeLists } from './merge.ts';
import { openProber, PROBE_ROWS, type Probing } from './probe.ts';
import { type Refinement, refineGroup, type Votes, votesFor } from './refine.ts';
import { type Rescored, rescoreLists } from './rescore.ts';
import { DONE, type Lists, type Meetings, NEXT, type SharedSearch, STOP } from './shared.ts';
import { GROUP_ROWS, openTile, TILE_ROWS, type TileModels } from './tiles.ts';

export interface ThreadData {
  readonly search: SharedSearch;
  readonly models: TileModels;
  readonly module: WasmModule;
}

/** What a thread is told to do together with the others; each piece is taken by one of them. */
export type Order =
  | { readonly task: 'round' }
  /** Every panel of GROUP_ROWS rows meets itself and all that come after it. */
  | { readonly task: 'meetAll' }
  | { readonly task: 'probe'; readonly probing: Probing }
  | { readonly task: 'meet'; readonly meetings: Meetings }
  | { readonly task: 'refine'; readonly round: Refinement }
  | { readonly task: 'publish'; readonly to: Lists }
  | { readonly task: 'adopt'; readonly from: Lists }
  | { readonly task: 'merge'; readonly from: readonly Lists[]; readonly into: Lists }
  | {
      readonly task: 'fresh';
      readonly before: Lists;
      readonly after: Lists;
      readonly fresh: Uint8Array;
    }
  | { readonly task: 'rescore'; readonly lists: Lists; readonly into: Rescored };

/** Rows in a piece of merging or rescoring. */
const PIECE_ROWS = 512;

const { search, models, module } = workerData as ThreadData;
const { control, rows, width } = search;
const best = await openBest(module, search, { rows: TILE_ROWS, columns: GROUP_ROWS });
const tile = await openTile(search, models, best);
let votes: Votes | null = null;

/** Calls `work` with the number of every piece that this thread gets. */
async function take(pieces: number, work: (piece: number) => void | Promise<void>): Promise<void> {
  while (Atomics.load(control, STOP) === 0) {
    const piece = Atomics.add(control, NEXT, 1);
    if (piece >= pieces) return;
    await work(piece);
    Atomics.add(control, DONE, 1);
  }
}

const takeRows = (work: (first: number, last: number) => void, each = PIECE_ROWS): Promise<void> =>
  take(Math.ceil(rows.n / each), (piece) =>
    work(piece * each, Math.min(rows.n, (piece + 1) * each)),
  );

async function meetAll(panel: number): Promise<void> {
  const first = panel * GROUP_ROWS;
  const last = Math.min(rows.n, first + GROUP_ROWS);
  await tile.group(Int32Array.from({ length: last - first }, (_, i) => first + i));
  for (let at = last; at < rows.n; at += GROUP_ROWS) {
    if (Atomics.load(control, STOP) !== 0) break;
    await tile.range(at, Math.min(rows.n, at + GROUP_ROWS));
  }
  await tile.flush();
}

async function meet(meetings: Meetings, group: number): Promise<void> {
  const { groups, members, starts, visitors } = meetings;
  await tile.group(members.subarray(groups[group]!, groups[group + 1]!));
  for (let v = starts[group]!; v < starts[group + 1]!; v += 1) await tile.row(visitors[v]!);
  await tile.flush();
}

async function probe(probing: Probing): Promise<void> {
  const prober = await openProber(search, models.scores);
  await take(Math.ceil(rows.n / PROBE_ROWS), (piece) =>
    prober.probe(probing, piece * PROBE_ROWS, Math.min(rows.n, (piece + 1) * PROBE_ROWS)),
  );
  await prober.close();
}

const perform = {
  round: () => takeRows(tile.round, TILE_ROWS),
  meetAll: () => take(Math.ceil(rows.n / GROUP_ROWS), meetAll),
  probe: ({ probing }: Order & { task: 'probe' }) => probe(probing),
  meet: ({ meetings }: Order & { task: 'meet' }) =>
    take(meetings.groups.length - 1, (group) => meet(meetings, group)),
  refine({ round }: Order & { task: 'refine' }) {
    votes ??= votesFor(rows.n, round.probing.offsets.length);
    const room = votes;
    const groups = round.meetings.groups.length - 1;
    return take(groups, (group) => refineGroup(tile, round, width, room, group));
  },
  publish: async ({ to }: Order & { task: 'publish' }) => best.publish(to),
  adopt: async ({ from }: Order & { task: 'adopt' }) => best.adopt(from),
  merge: ({ from, into }: Order & { task: 'merge' }) =>
    takeRows((first, last) => mergeLists(from, into, width, first, last)),
  fresh: ({ before, after, fresh }: Order & { task: 'fresh' }) =>
    takeRows((first, last) => markFresh(before, after, fresh, width, first, last)),
  rescore: ({ lists, into }: Order & { task: 'rescore' }) =>
    takeRows((first, last) => rescoreLists(rows, lists, width, into, first, last)),
};

const port = parentPort!;
port.on('message', async (order: Order | null) => {
  if (order === null) {
    await tile.close();
    port.close();
    return;
  }
  try {
    const task = perform[order.task] as (order: Order) => Promise<void>;
    await task(order);
    port.postMessage(null);
  } catch (error) {
    port.postMessage(messageOf(error));
  }
});
