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
  /** The row numbers of the tile's rows and columns; write them before `offer`. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** Where the products of so many rows and columns go before `offer`. */
  tile(rows: number, columns: number): Float32Array;
  /** Offers all that is in the tile to both sides; `own` is the column that is the first row, or −1. */
  offer(rows: number, columns: number, own: number): void;
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
  const rowNames = allocateIn(wasm, 4 * most.rows, 'rows');
  const columnNames = allocateIn(wasm, 4 * most.columns, 'columns');
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
    rows: new Int32Array(buffer, rowNames, most.rows),
    columns: new Int32Array(buffer, columnNames, most.columns),
    tile: (rows, columns) => new Float32Array(buffer, tile, rows * columns),
    offer(rows, columns, own) {
      const where = [tile, rows, columns, rowNames, columnNames];
      if (offsets !== null) wasm.shift(...where, shifts);
      wasm.scan(...where, beaten, own);
      if (extremes) wasm.scanLeast(...where, beaten, own);
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
