import { BLOCK_ROWS, type Vectors } from '../../compute/vectors.ts';
import type { Panel } from './shared.ts';

/**
 * A thread's own copies of the panels it works on, since the runtime takes no shared memory. What was
 * used last is kept, up to `bytes` in all.
 */
export class PanelCache {
  private readonly rows: Vectors;
  private readonly most: number;
  private readonly kept = new Map<number, Float32Array>();
  private held = 0;

  constructor(rows: Vectors, bytes: number) {
    this.rows = rows;
    this.most = Math.floor(bytes / 4);
  }

  /** The rows of a panel, row-major. Good until the next call but one. */
  get(panel: Panel): Float32Array {
    const known = this.kept.get(panel.first);
    const length = panel.rows * this.rows.dims;
    if (known !== undefined && known.length === length) {
      this.kept.delete(panel.first);
      this.kept.set(panel.first, known);
      return known;
    }
    const copy = this.room(length);
    copyRows(this.rows, panel, copy);
    this.kept.set(panel.first, copy);
    return copy;
  }

  /** Room for a panel: a new one, or that of the panel which was not used for longest. */
  private room(length: number): Float32Array {
    let spare: Float32Array | null = null;
    for (const [first, oldest] of this.kept) {
      if (this.held + length <= this.most || this.kept.size <= 2) break;
      this.kept.delete(first);
      this.held -= oldest.length;
      spare = oldest;
    }
    this.held += length;
    return spare !== null && spare.length === length ? spare : new Float32Array(length);
  }
}

function copyRows({ blocks, dims }: Vectors, { first, rows }: Panel, to: Float32Array): void {
  let at = 0;
  for (let row = first; row < first + rows; ) {
    const start = row % BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS - start, first + rows - row);
    const block = blocks[Math.floor(row / BLOCK_ROWS)]!;
    to.set(block.subarray(start * dims, (start + count) * dims), at);
    at += count * dims;
    row += count;
  }
}
