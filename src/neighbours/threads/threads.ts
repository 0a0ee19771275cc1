import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { messageOf, runtimeError, throwIfAborted } from '../../base/errors.ts';
import { packagePath } from '../../base/package.ts';
import type { RunOptions } from '../../base/progress.ts';
import { Graph } from '../../compute/graph.ts';
import { defaultThreads } from '../../compute/pool.ts';
import type { Vectors } from '../../compute/vectors.ts';
import { moduleOf, type WasmBuild } from '../../compute/wasm.ts';
import type { NeighbourLists } from '../neighbours.ts';
import { bestBytes } from './best.ts';
import type { Probing } from './probe.ts';
import type { Refinement } from './refine.ts';
import { roomForRounded, wholeGraph } from './rounded.ts';
import * as shared from './shared.ts';
import type { Order, ThreadData } from './thread.ts';
import { GROUP_ROWS } from './tiles.ts';

/**
 * The search of a set's neighbours among itself, by threads that each have a runtime with one thread:
 * no operator waits for another thread, and scanning for the best is shared out as well. Products of
 * pairs of panels are offered to both sides, so half of all pairs is enough for all lists.
 *
 * Memory: the rows once more, shared, and a byte for each of their numbers where they are rounded; for every thread its
 * lists (8·width + 12 bytes a row), as much again while they are merged, and one tile with its rows and columns.
 */
export interface SearchThreads {
  readonly threads: number;
  /** Offers all pairs of rows. */
  meetAll(): Promise<void>;
  /** Offers all pairs that meet. Groups have at most GROUP_ROWS members. */
  meet(meetings: shared.Meetings): Promise<void>;
  /** Finds the lists that each row is shown to. */
  probe(probing: Probing): Promise<void>;
  /** Offers pairs that are neighbours of neighbours in what was found so far. */
  refine(round: Refinement): Promise<void>;
  /** Marks in `fresh` what is in `after` and was not in `before`. */
  markFresh(before: shared.Lists, after: shared.Lists, fresh: Uint8Array): Promise<void>;
  /** What all threads have found together; they go on from it. */
  lists(): Promise<shared.Lists>;
  /** The k nearest others by distances in float64. */
  rescored(
    lists: shared.Lists,
    k: number,
    order?: Int32Array | null,
  ): Promise<Omit<NeighbourLists, 'farthest'>>;
  close(): Promise<void>;
}

export interface SearchThreadOptions extends RunOptions {
  /** Places in a row's list. */
  readonly width: number;
  /** −½‖x‖² of every row, where lengths differ. */
  readonly offsets?: Float32Array | null;
  /** Where products of rounded rows are looked at first, the levels they have; then offsets must be given. */
  readonly levels?: number | null;
  readonly extremes?: boolean;
  readonly threads?: number | undefined;
  readonly build?: WasmBuild | undefined;
}

/** Lists of all threads together stay below this; then there are fewer threads. */
const LISTS_BYTES = 2 ** 31;
/** How often progress is looked at. */
const TICK_MS = 100;

export async function openSearchThreads(
  vectors: Vectors,
  options: SearchThreadOptions,
): Promise<SearchThreads> {
  const { n, dims } = vectors;
  const { width, extremes = false } = options;
  const room = Math.max(1, Math.floor(LISTS_BYTES / (2 * bestBytes(n, width))));
  const count = Math.min(options.threads ?? defaultThreads(), room);
  const rows = shared.sharedRows(n, dims);
  const offsets = options.offsets == null ? null : shared.sharedFloats(n);
  // Threads take these when they start.
  if (options.offsets != null) offsets?.set(options.offsets);
  const rounded = options.levels ? roomForRounded(vectors, options.levels) : null;
  const search = { rows, offsets, rounded, width, extremes, control: shared.sharedInts(4) };
  const data: ThreadData = {
    search,
    models: {
      scores: scoresGraph(dims).build(),
      wholes: rounded && wholeGraph(dims).build(),
    },
    module: await moduleOf('nearest', options.build),
  };
  // Threads start while rows are copied to where they will read them.
  const team = Array.from({ length: count }, () => startThread(data));
  shared.fillRows(rows, vectors);
  return threadsOf(team, search, options);
}

/** The product of the two sides of a tile, both row-major. */
function scoresGraph(dims: number): Graph {
  const graph = new Graph('scores');
  const rows = graph.input('rows', 'float32', ['n', dims]);
  const columns = graph.input('columns', 'float32', ['m', dims]);
  const scores = graph.op('Gemm', [rows, columns], { transB: 1 });
  graph.output('scores', scores, 'float32', ['n', 'm']);
  return graph;
}

function threadsOf(
  team: readonly Thread[],
  search: shared.SharedSearch,
  { signal, onProgress }: RunOptions,
): SearchThreads {
  const { rows, width, extremes, control } = search;
  const { n } = rows;
  const published: shared.Lists[] = [];

  /** All threads do it at once; for as long as `pieces` says, the share that is done is progress. */
  async function all(orders: (thread: number) => Order, pieces = 0): Promise<void> {
    throwIfAborted(signal);
    control.fill(0);
    const report = (): void => {
      if (signal?.aborted) Atomics.store(control, shared.STOP, 1);
      if (pieces === 0) return;
      const done = Math.floor(n * (Atomics.load(control, shared.DONE) / pieces));
      onProgress?.({ stage: 'neighbours', done, total: n, unit: 'rows' });
    };
    const ticking = setInterval(report, TICK_MS);
    try {
      const ended = await Promise.allSettled(team.map((thread, t) => thread.call(orders(t))));
      for (const result of ended) if (result.status === 'rejected') throw result.reason;
    } finally {
      clearInterval(ticking);
    }
    throwIfAborted(signal);
    report();
  }

  return {
    threads: team.length,
    async meetAll() {
      if (search.rounded !== null) await all(() => ({ task: 'round' }));
      await all(() => ({ task: 'meetAll' }), Math.ceil(n / GROUP_ROWS));
    },
    meet: (meetings) => all(() => ({ task: 'meet', meetings }), meetings.groups.length - 1),
    probe: (probing) => all(() => ({ task: 'probe', probing })),
    async refine(round) {
      await all(() => ({ task: 'adopt', from: round.found }));
      await all(() => ({ task: 'refine', round }));
    },
    markFresh: (before, after, fresh) => all(() => ({ task: 'fresh', before, after, fresh })),
    async lists() {
      while (published.length < team.length) published.push(shared.sharedLists(n, width, extremes));
      await all((t) => ({ task: 'publish', to: published[t]! }));
      const into = shared.sharedLists(n, width, extremes);
      await all(() => ({ task: 'merge', from: published, into }));
      return into;
    },
    async rescored(lists, k, order = null) {
      const [ids, distances] = [shared.sharedInts(n * k), shared.sharedDoubles(n * k)];
      await all(() => ({ task: 'rescore', lists, into: { k, order, ids, distances } }));
      // What leaves here is ordinary memory: not everything takes views of shared memory.
      return { k, ids: ids.slice(), distances: distances.slice() };
    },
    async close() {
      await Promise.all(team.map((thread) => thread.stop()));
    },
  };
}

interface Thread {
  call(order: Order): Promise<void>;
  stop(): Promise<void>;
}

function startThread(data: ThreadData): Thread {
  const program = packagePath('dist', 'src', 'neighbours', 'threads', 'thread.js');
  if (!existsSync(program)) {
    throw runtimeError(`${program} is missing. Run \`npm run build\` in gamut's folder.`);
  }
  // What this process was started with may suit its own program only.
  const worker = new Worker(program, { workerData: data, execArgv: [] });
  let waiting: { resolve(): void; reject(error: Error): void } | null = null;
  let broken: Error | null = null;
  const settle = (error: Error | null): void => {
    const caller = waiting;
    waiting = null;
    broken ??= error;
    if (error) caller?.reject(error);
    else caller?.resolve();
  };
  const failed = (what: string): Error => runtimeError(`A search thread failed: ${what}.`);
  worker.on('message', (error: string | null) => settle(error === null ? null : failed(error)));
  worker.on('error', (error) => settle(failed(messageOf(error))));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      settle(failed('it has ended'));
      resolve();
    });
  });
  return {
    call(order) {
      if (broken) return Promise.reject(broken);
      return new Promise<void>((resolve, reject) => {
        waiting = { resolve, reject };
        worker.postMessage(order);
      });
    },
    async stop() {
      worker.postMessage(null);
      await exited;
    },
  };
}
