import { allocateIn, loadCompiled, type WasmMemory, type WasmModule } from '../../compute/wasm.ts';
import type { Lists, SharedSearch } from './shared.ts';

/** native/nearest.ts */
interface NearestExports {
  readonly memory: WasmMemory;
  allocate(bytes: number): number;
  open(n: number, places: number, extremes: boolean): number;
  scoresAt(): number;
  targetsAt(): number;
  leastScoresAt(): number;
  leastTargetsAt(): number;
  refreshLimits(n: number): void;
  shift(...args: readonly number[]): void;
  scan(...args: readonly number[]): void;
  scanLeast(...args: readonly number[]): void;
}

/** The lists of one thread, and the tile whose scores go into them. */
export interface Best {
  /** Where the product of up to `rows` × `columns` goes before `offer`. */
  tile(rows: number, columns: number): Float32Array;
  /** The row numbers of the tile's columns; write them before `offer`. */
  columns(count: number): Int32Array;
  /** Offers all that is in the tile, whose rows are `first` and those after it, to both sides. */
  offer(first: number, rows: number, columns: number, diagonal: boolean): void;
  /** Copies the lists out. */
  publish(to: Lists): void;
  /** Goes on from these lists in place of its own. */
  adopt(from: Lists): void;
}

/** Bytes that a thread's lists take. */
export const bestBytes = (n: number, width: number): number => n * (8 * width + 12);

/** `rows` and `columns` are the most that a tile has. */
export async function openBest(
  module: WasmModule,
  { rows: { n }, offsets, width, extremes }: SharedSearch,
  most: { readonly rows: number; readonly columns: number },
): Promise<Best> {
  const wasm = await loadCompiled<NearestExports>(module);
  if (wasm.open(n, width, extremes) === 0) throw new Error(`no memory for the lists of ${n} rows`);
  const tile = allocateIn(wasm, 4 * most.rows * most.columns, 'a tile');
  const names = allocateIn(wasm, 4 * most.columns, 'columns');
  const beaten = allocateIn(wasm, 4 * most.columns, 'columns');
  const shifts = offsets === null ? 0 : allocateIn(wasm, 4 * n, 'offsets');
  const { buffer } = wasm.memory;
  if (offsets !== null) new Float32Array(buffer, shifts, n).set(offsets);
  const scores = new Float32Array(buffer, wasm.scoresAt() >>> 0, n * width);
  const targets = new Int32Array(buffer, wasm.targetsAt() >>> 0, n * width);
  const least = extremes ? n : 0;
  const leastScores = new Float32Array(buffer, wasm.leastScoresAt() >>> 0, least);
  const leastTargets = new Int32Array(buffer, wasm.leastTargetsAt() >>> 0, least);
  return {
    tile: (rows, columns) => new Float32Array(buffer, tile, rows * columns),
    columns: (count) => new Int32Array(buffer, names, count),
    offer(first, rows, columns, diagonal) {
      if (offsets !== null) wasm.shift(tile, rows, columns, names, first, shifts);
      const where = [tile, rows, columns, names, beaten, first, diagonal ? 1 : 0];
      wasm.scan(...where);
      if (extremes) wasm.scanLeast(...where);
    },
    publish(to) {
      to.scores.set(scores);
      to.rows.set(targets);
      to.leastScores.set(leastScores);
      to.leastRows.set(leastTargets);
    },
    adopt(from) {
      scores.set(from.scores);
      targets.set(from.rows);
      leastScores.set(from.leastScores);
      leastTargets.set(from.leastRows);
      wasm.refreshLimits(n);
    },
  };
}
