/**
 * One of the threads of threads.ts: a runtime with one thread of its own, and lists of all rows that it
 * offers the scores of the tiles it took to. Runs as dist/src/neighbours/threads/thread.js, because Node 20
 * cannot start a thread from a .ts file.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import { onnxruntime, openSession } from '../../compute/session.ts';
import type { WasmModule } from '../../compute/wasm.ts';
import { openBest } from './best.ts';
import { mergeLists } from './merge.ts';
import { PanelCache } from './panels.ts';
import { type Rescored, rescoreLists } from './rescore.ts';
import { DONE, type Lists, NEXT, type Panel, type SharedSearch, STOP } from './shared.ts';

export interface ThreadData {
  readonly search: SharedSearch;
  /** The product of two panels; see threads.ts. */
  readonly model: Uint8Array;
  readonly module: WasmModule;
  /** The most rows a panel has. */
  readonly panelRows: number;
  /** Bytes of rows that the thread may hold. */
  readonly cacheBytes: number;
}

/** What a thread is told to do together with the others; each piece is taken by one of them. */
export type Order =
  /** Offer all scores of these pairs of panels, two numbers a pair, to both sides. */
  | { readonly task: 'tiles'; readonly panels: readonly Panel[]; readonly pairs: Int32Array }
  | { readonly task: 'publish'; readonly to: Lists }
  | { readonly task: 'adopt'; readonly from: Lists }
  | { readonly task: 'merge'; readonly from: readonly Lists[]; readonly into: Lists }
  | { readonly task: 'rescore'; readonly lists: Lists; readonly into: Rescored };

/** Rows in a piece of merging or rescoring. */
const PIECE_ROWS = 512;

const { search, model, module, panelRows, cacheBytes } = workerData as ThreadData;
const { control, rows, width } = search;
const { Tensor } = onnxruntime();
const [session, best] = await Promise.all([
  openSession(model, { threads: 1 }),
  openBest(module, search, { rows: panelRows, columns: panelRows }),
]);
const cache = new PanelCache(rows, cacheBytes);

/** Calls `work` with the number of every piece that this thread gets. */
async function take(pieces: number, work: (piece: number) => void | Promise<void>): Promise<void> {
  while (Atomics.load(control, STOP) === 0) {
    const piece = Atomics.add(control, NEXT, 1);
    if (piece >= pieces) return;
    await work(piece);
    Atomics.add(control, DONE, 1);
  }
}

const takeRows = (work: (first: number, last: number) => void): Promise<void> =>
  take(Math.ceil(rows.n / PIECE_ROWS), (piece) =>
    work(piece * PIECE_ROWS, Math.min(rows.n, (piece + 1) * PIECE_ROWS)),
  );

async function offerProduct(
  first: Panel,
  data: Float32Array,
  count: number,
  others: Float32Array,
  diagonal: boolean,
): Promise<void> {
  const shape = [first.rows, count];
  await session.run(
    {
      rows: new Tensor('float32', data, [first.rows, rows.dims]),
      columns: new Tensor('float32', others, [count, rows.dims]),
    },
    { scores: new Tensor('float32', best.tile(first.rows, count), shape) },
  );
  best.offer(first.first, first.rows, count, diagonal);
}

const perform = {
  tiles: ({ panels, pairs }: Order & { task: 'tiles' }) =>
    take(pairs.length / 2, async (pair) => {
      const [a, b] = [panels[pairs[2 * pair]!]!, panels[pairs[2 * pair + 1]!]!];
      const names = best.columns(b.rows);
      for (let j = 0; j < b.rows; j += 1) names[j] = b.first + j;
      await offerProduct(a, cache.get(a), b.rows, cache.get(b), a === b);
    }),
  publish: async ({ to }: Order & { task: 'publish' }) => best.publish(to),
  adopt: async ({ from }: Order & { task: 'adopt' }) => best.adopt(from),
  merge: ({ from, into }: Order & { task: 'merge' }) =>
    takeRows((first, last) => mergeLists(from, into, width, first, last)),
  rescore: ({ lists, into }: Order & { task: 'rescore' }) =>
    takeRows((first, last) => rescoreLists(rows, lists, width, into, first, last)),
};

const port = parentPort!;
port.on('message', async (order: Order | null) => {
  if (order === null) {
    await session.release();
    port.close();
    return;
  }
  try {
    await perform[order.task](order as never);
    port.postMessage(null);
  } catch (error) {
    port.postMessage(messageOf(error));
  }
});
