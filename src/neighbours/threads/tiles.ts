import { onnxruntime, openSession } from '../../compute/session.ts';
import { BLOCK_ROWS } from '../../compute/vectors.ts';
import type { Best } from './best.ts';
import { copyRows, type SharedSearch } from './shared.ts';

/** The most rows of a group, which are the columns of its tiles: no power of two, whose lines share cache sets. */
export const GROUP_ROWS = 1008;
/** The most rows of a tile; with a whole group 1 MB of scores, which stay in a core's cache while they are copied. */
export const TILE_ROWS = 256;

/**
 * The tile of one thread. A group of rows stays as its columns while other rows come by; whenever it is
 * full, products are offered to both sides. The runtime takes no shared memory, so all are copies.
 */
export interface Tile {
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

export async function openTile(
  { rows: vectors }: SharedSearch,
  model: Uint8Array,
  best: Best,
): Promise<Tile> {
  const { dims, blocks } = vectors;
  const { Tensor } = onnxruntime();
  const session = await openSession(model, { threads: 1 });
  const rowData = new Float32Array(TILE_ROWS * dims);
  const columnData = new Float32Array(GROUP_ROWS * dims);
  let columns = 0;
  let filled = 0;

  async function offer(own: number): Promise<void> {
    await session.run(
      {
        rows: new Tensor('float32', rowData.subarray(0, filled * dims), [filled, dims]),
        columns: new Tensor('float32', columnData.subarray(0, columns * dims), [columns, dims]),
      },
      { scores: new Tensor('float32', best.tile(filled, columns), [filled, columns]) },
    );
    best.offer(filled, columns, own);
    filled = 0;
  }

  function copy(row: number, to: Float32Array, place: number): void {
    const at = (row % BLOCK_ROWS) * dims;
    to.set(blocks[Math.floor(row / BLOCK_ROWS)]!.subarray(at, at + dims), place * dims);
  }

  async function flush(): Promise<void> {
    if (filled > 0) await offer(-1);
  }

  return {
    async group(rows) {
      columns = rows.length;
      best.columns.set(rows);
      for (let j = 0; j < columns; j += 1) copy(rows[j]!, columnData, j);
      for (let first = 0; first < columns; first += TILE_ROWS) {
        const own = rows.subarray(first, first + TILE_ROWS);
        best.rows.set(own);
        filled = own.length;
        rowData.set(columnData.subarray(first * dims, (first + filled) * dims));
        await offer(first);
      }
    },
    async row(row) {
      copy(row, rowData, filled);
      best.rows[filled] = row;
      filled += 1;
      if (filled === TILE_ROWS) await flush();
    },
    async range(first, last) {
      for (let row = first; row < last; ) {
        const count = Math.min(last - row, TILE_ROWS - filled);
        copyRows(vectors, row, row + count, rowData.subarray(filled * dims));
        for (let i = 0; i < count; i += 1) best.rows[filled + i] = row + i;
        filled += count;
        row += count;
        if (filled === TILE_ROWS) await flush();
      }
    },
    flush,
    close: () => session.release(),
  };
}
