import { allocateIn, loadCompiled, type WasmMemory, type WasmModule } from '../../compute/wasm.ts';
import { FIGURES } from './rounded.ts';
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
  round(...args: readonly number[]): void;
  turn(...args: readonly number[]): void;
  prepare(...args: readonly number[]): void;
  scanRounded(...args: readonly number[]): number;
  scanRoundedLeast(...args: readonly number[]): number;
}

/** One side of a tile, in the module's memory. */
export interface Side {
  /** The row numbers. */
  readonly names: Int32Array;
  readonly data: Float32Array;
  /** The rows in bytes, and what rounding may hide of them; empty where rows are not rounded. */
  readonly bytes: Uint8Array;
  readonly figures: Float32Array;
}

/** The lists of one thread, and the tile whose scores go into them. */
export interface Best {
  /** The two sides of the tile. Write them before anything that takes their numbers. */
  readonly rows: Side;
  readonly columns: Side;
  /** Where the products of so many rows and columns go before `offer`. */
  tile(rows: number, columns: number): Float32Array;
  /** Offers all that is in the tile to both sides; `own` is the column that is the first row, or −1. */
  offer(rows: number, columns: number, own: number): void;
  /** Rounds the first of `rows` to its bytes and figures. */
  round(rows: number): void;
  /** Makes ready the bytes of so many columns, which products are then made with: dims × columns. */
  turned(columns: number): Int8Array;
  /** Where the products of bytes go before `offerRounded`. */
  wholes(rows: number, columns: number): Int32Array;
  /** As `offer`, of what may belong to a list. Returns how many scores were made for it. */
  offerRounded(rows: number, columns: number, own: number): number;
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
  { rows: { n, dims }, offsets, rounded, width, extremes }: SharedSearch,
  most: { readonly rows: number; readonly columns: number },
): Promise<Best> {
  const wasm = await loadCompiled<NearestExports>(module);
  if (wasm.open(n, width, extremes) === 0) throw new Error(`no memory for the lists of ${n} rows`);
  const tile = allocateIn(wasm, 4 * most.rows * most.columns, 'a tile');
  const [beaten, parts, sums, steps] = [1, 2, 3, 4].map(() =>
    allocateIn(wasm, 4 * most.columns, 'columns'),
  ) as [number, number, number, number];
  const shifts = offsets === null ? 0 : allocateIn(wasm, 4 * n, 'offsets');
  const side = (count: number) => ({
    names: allocateIn(wasm, 4 * count, 'rows'),
    data: allocateIn(wasm, 4 * count * dims, 'rows'),
    bytes: rounded === null ? 0 : allocateIn(wasm, count * dims, 'rows'),
    figures: rounded === null ? 0 : allocateIn(wasm, 4 * count * FIGURES, 'rows'),
  });
  const [r, c] = [side(most.rows), side(most.columns)];
  const centre = rounded === null ? 0 : allocateIn(wasm, 4 * dims, 'a row');
  const across = rounded === null ? 0 : allocateIn(wasm, most.columns * dims, 'columns');
  const levels = rounded?.levels ?? 0;
  const { buffer } = wasm.memory;
  if (offsets !== null) new Float32Array(buffer, shifts, n).set(offsets);
  if (rounded !== null) new Float32Array(buffer, centre, dims).set(rounded.centre);
  const scores = new Float32Array(buffer, wasm.scoresAt() >>> 0, n * width);
  const targets = new Int32Array(buffer, wasm.targetsAt() >>> 0, n * width);
  const least = extremes ? n : 0;
  const leastScores = new Float32Array(buffer, wasm.leastScoresAt() >>> 0, least);
  const leastTargets = new Int32Array(buffer, wasm.leastTargetsAt() >>> 0, least);
  const sideAt = (at: typeof r, count: number): Side => ({
    names: new Int32Array(buffer, at.names, count),
    data: new Float32Array(buffer, at.data, count * dims),
    bytes: new Uint8Array(buffer, at.bytes, rounded === null ? 0 : count * dims),
    figures: new Float32Array(buffer, at.figures, rounded === null ? 0 : count * FIGURES),
  });
  return {
    rows: sideAt(r, most.rows),
    columns: sideAt(c, most.columns),
    tile: (rows, columns) => new Float32Array(buffer, tile, rows * columns),
    offer(rows, columns, own) {
      const where = [tile, rows, columns, r.names, c.names];
      if (offsets !== null) wasm.shift(...where, shifts);
      const from = rounded === null ? [0, 0] : [r.data, c.data];
      const scanned = [...where, beaten, own, shifts, ...from, dims];
      wasm.scan(...scanned);
      if (extremes) wasm.scanLeast(...scanned);
    },
    round: (rows) => wasm.round(r.data, rows, dims, centre, levels, r.bytes, r.figures),
    turned(columns) {
      wasm.turn(c.bytes, columns, dims, levels, across, sums);
      wasm.prepare(c.figures, columns, dims, steps);
      return new Int8Array(buffer, across, columns * dims);
    },
    wholes: (rows, columns) => new Int32Array(buffer, tile, rows * columns),
    offerRounded(rows, columns, own) {
      const where = [tile, rows, columns, r.names, c.names, beaten, own, parts, sums, steps];
      const from = [r.figures, c.figures, r.data, c.data, dims];
      const made = wasm.scanRounded(...where, ...from);
      return extremes ? made + wasm.scanRoundedLeast(...where, ...from) : made;
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
