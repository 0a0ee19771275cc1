import { onnxruntime, openSession } from '../../compute/session.ts';
import { BLOCK_ROWS } from '../../compute/vectors.ts';
import type { Best } from './best.ts';
import { FIGURES } from './rounded.ts';
import { copyRows, type SharedSearch } from './shared.ts';

/** The most rows of a group, which are the columns of its tiles: no power of two, whose lines share cache sets. */
export const GROUP_ROWS = 1008;
/** The most rows of a tile; with a whole group 1 MB of scores, which stay in a core's cache while they are copied. */
export const TILE_ROWS = 256;

/**
 * The share of a tile's pairs from which on scores made one by one cost more than products of rounded rows
 * save; and how many tiles then get whole products before rounded ones are tried again.
 */
const CROWDED = 0.05;
const WHOLE_TILES = 8;

/**
 * The tile of one thread. A group of rows stays as its columns while other rows come by; whenever it is
 * full, products are offered to both sides. The runtime takes no shared memory, so all are copies.
 */
export interface Tile {
  /** Rounds rows first…last−1 for all threads, before any of them meets: a multiple of TILE_ROWS and what follows up to the next. */
  round(first: number, last: number): void;
  /** Goes on with this group, at most GROUP_ROWS, whose rows meet each other. */
  group(rows: Int32Array): Promise<void>;
  /** One row meets the group. */
  row(row: number): Promise<void>;
  /** Rows first…last−1 meet the group. */
  range(first: number, last: number): Promise<void>;
  /** Offers what is left. To be called before the next group. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Models of the product of a tile's two sides; see threads.ts. */
export interface TileModels {
  readonly scores: Uint8Array;
  /** Of rows in bytes, where they are rounded. */
  readonly wholes: Uint8Array | null;
}

export async function openTile(
  { rows: vectors, rounded }: SharedSearch,
  models: TileModels,
  best: Best,
): Promise<Tile> {
  const { dims } = vectors;
  const { Tensor } = onnxruntime();
  const session = await openSession(models.scores, { threads: 1 });
  const wholes = models.wholes && (await openSession(models.wholes, { threads: 1 }));
  let turned: Int8Array = new Int8Array(0);
  let columns = 0;
  let filled = 0;
  /** Tiles to come that get whole products. */
  let crowded = 0;

  async function offer(own: number): Promise<void> {
    const shape = [filled, columns];
    if (wholes === null || crowded > 0) {
      const { rows, columns: others } = best;
      await session.run(
        {
          rows: new Tensor('float32', rows.data.subarray(0, filled * dims), [filled, dims]),
          columns: new Tensor('float32', others.data.subarray(0, columns * dims), [columns, dims]),
        },
        { scores: new Tensor('float32', best.tile(filled, columns), shape) },
      );
      best.offer(filled, columns, own);
      crowded = Math.max(0, crowded - 1);
    } else {
      const bytes = best.rows.bytes.subarray(0, filled * dims);
      await wholes.run(
        {
          rows: new Tensor('uint8', bytes, [filled, dims]),
          columns: new Tensor('int8', turned, [dims, columns]),
        },
        { scores: new Tensor('int32', best.wholes(filled, columns), shape) },
      );
      const made = best.offerRounded(filled, columns, own);
      if (made > CROWDED * filled * columns) crowded = WHOLE_TILES;
    }
    filled = 0;
  }

  /** Copies rows first…last−1 to a side's places from `place` on. */
  function copy(side: 'rows' | 'columns', first: number, last: number, place: number): void {
    const { names, data, bytes, figures } = best[side];
    for (let row = first; row < last; row += 1) names[place + row - first] = row;
    copyRows(vectors, first, last, data, place);
    if (rounded === null) return;
    copyRows(rounded.bytes, first, last, bytes, place);
    figures.set(rounded.figures.subarray(first * FIGURES, last * FIGURES), place * FIGURES);
  }

  /** Copies columns to the tile's rows. */
  function repeat(first: number, last: number): void {
    const { rows, columns: from } = best;
    rows.names.set(from.names.subarray(first, last));
    rows.data.set(from.data.subarray(first * dims, last * dims));
    if (rounded === null) return;
    rows.bytes.set(from.bytes.subarray(first * dims, last * dims));
    rows.figures.set(from.figures.subarray(first * FIGURES, last * FIGURES));
  }

  async function flush(): Promise<void> {
    if (filled > 0) await offer(-1);
  }

  return {
    round(first, last) {
      if (rounded === null) return;
      const { data, bytes, figures } = best.rows;
      const count = last - first;
      copyRows(vectors, first, last, data);
      best.round(count);
      const block = rounded.bytes.blocks[Math.floor(first / BLOCK_ROWS)]!;
      block.set(bytes.subarray(0, count * dims), (first % BLOCK_ROWS) * dims);
      rounded.figures.set(figures.subarray(0, count * FIGURES), first * FIGURES);
    },
    async group(rows) {
      columns = rows.length;
      for (const [place, row] of rows.entries()) copy('columns', row, row + 1, place);
      if (rounded !== null) turned = best.turned(columns);
      for (let first = 0; first < columns; first += TILE_ROWS) {
        const last = Math.min(columns, first + TILE_ROWS);
        repeat(first, last);
        filled = last - first;
        await offer(first);
      }
    },
    async row(row) {
      copy('rows', row, row + 1, filled);
      filled += 1;
      if (filled === TILE_ROWS) await flush();
    },
    async range(first, last) {
      for (let row = first; row < last; ) {
        const count = Math.min(last - row, TILE_ROWS - filled);
        copy('rows', row, row + count, filled);
        filled += count;
        row += count;
        if (filled === TILE_ROWS) await flush();
      }
    },
    flush,
    async close() {
      await session.release();
      await wholes?.release();
    },
  };
}
