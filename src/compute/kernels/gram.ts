import type { Device } from '../device.ts';
import { float, Graph, type Tensor } from '../graph.ts';
import { added, partFeeds, partsOf } from './parts.ts';

export interface Gram {
  /** Xᵀ X, dims × dims. */
  readonly gram: Float64Array;
  /** The sum of the rows. */
  readonly sum: Float64Array;
}

/**
 * Xᵀ X and the column sums of a row-major block, in float64: the small eigenvalues that low-order Vendi
 * scores live on are lost in float32. The rows come as float32 and are widened inside the graph. A
 * device without float64 gets them in slices.
 */
export async function gram(device: Device, block: Float32Array, dims: number): Promise<Gram> {
  if (block.length === 0) return zeros(dims);
  if (!device.float64) return slicedGram(device, block, dims);
  const rows = block.length / dims;
  const panels = panelsFor(device, rows, dims);
  const parts = partsOf(block, dims, panels === 1 ? 1 : Math.ceil(rows / CHUNK_ROWS));
  const kernel = {
    key: `gram/${dims}/${panels}/${parts.length}`,
    build: () => panelGraph(dims, panels, parts.length),
  };
  const gram = new Float64Array(dims * dims);
  const sum = new Float64Array(dims);
  await device.run(kernel, partFeeds({ x: [block, dims] }, parts), {
    gram: [gram, [dims, dims]],
    sum: [sum, [dims]],
  });
  return { gram, sum };
}

/** Columns of a panel, about: narrower ones are slower, and wider ones multiply more for nothing. */
const PANEL_COLUMNS = 192;
/** With more, small products would take longer to start than to compute. */
const MOST_PANELS = 16;
/** With fewer rows one product is done before many are started. */
const ROWS_FOR_PANELS = 256;
/** Rows whose panels are multiplied together: they stay in cache, and all cores work on them at once. */
const CHUNK_ROWS = 1024;

/** How many panels of columns pay: in WASM one product of all is faster, and cards are slow at small ones. */
function panelsFor(device: Device, rows: number, dims: number): number {
  if (device.name !== 'cpu' || rows < ROWS_FOR_PANELS) return 1;
  return Math.min(MOST_PANELS, Math.max(1, Math.round(dims / PANEL_COLUMNS)));
}

/**
 * The product of every two panels of columns once, the other half of the matrix mirrored: little more than
 * half of the arithmetic of one product of all columns.
 */
function panelGraph(dims: number, panels: number, parts: number): Graph {
  const graph = new Graph('gram');
  const starts = Array.from({ length: panels + 1 }, (_, i) => Math.round((i * dims) / panels));
  const widths = Array.from({ length: panels }, (_, i) => starts[i + 1]! - starts[i]!);
  const joined = (list: readonly Tensor[], axis: number): Tensor =>
    list.length === 1 ? list[0]! : graph.op('Concat', list, { axis });
  const chunks = Array.from({ length: parts }, (_, p) => {
    const x = graph.input(`x${p}`, 'float32', [`n${p}`, dims]);
    const split =
      panels === 1 ? [x] : graph.ops('Split', [x, graph.ints(...widths)], panels, { axis: 1 });
    const wide = split.map((panel) => graph.op('Cast', [panel], { to: 11 }));
    const products = wide.map((left, i) =>
      wide.slice(0, i + 1).map((right) => graph.op('Gemm', [left, right], { transA: 1 })),
    );
    const sums = wide.map((panel) =>
      graph.op('ReduceSum', [panel, graph.ints(0)], { keepdims: 0 }),
    );
    return { products, sum: joined(sums, 0) };
  });
  const lower = widths.map((_, i) =>
    widths.slice(0, i + 1).map((_, j) =>
      added(
        graph,
        chunks.map(({ products }) => products[i]![j]!),
      ),
    ),
  );
  const rows = lower.map((own, i) => {
    const mirrored = lower.slice(i + 1).map((below) => graph.op('Transpose', [below[i]!]));
    return joined([...own, ...mirrored], 1);
  });
  graph.output('gram', joined(rows, 0), 'float64', [dims, dims]);
  const sum = added(
    graph,
    chunks.map((chunk) => chunk.sum),
  );
  graph.output('sum', sum, 'float64', [dims]);
  return graph;
}

/** Slices of a number, and the bits of each: 47 bits below the largest of the tile in all. */
const SLICES = 6;
const SLICE_BITS = 8;
/** Rows of a tile: sums of so many products of two slices are whole numbers that float32 holds. */
const SLICED_ROWS = 512;

/**
 * The same from float32 products alone (error-free splitting, Ozaki et al. 2012): every number is cut
 * into slices of 8 bits, S₁ … S₆, whose products add up without rounding. Products of two slices count
 * by their level i + j; those beyond the last level are below the last bit of a float64 sum.
 */
async function slicedGram(device: Device, block: Float32Array, dims: number): Promise<Gram> {
  const total = zeros(dims);
  for (let i = 0; i < block.length; i += 1) total.sum[i % dims]! += block[i]!;
  const kernel = { key: `gram/${dims}`, build: () => slicedGraph(dims) };
  for (let at = 0; at < block.length; at += SLICED_ROWS * dims) {
    const tile = block.subarray(at, at + SLICED_ROWS * dims);
    const { slices, scale } = slice(tile);
    const shape = [tile.length / dims, dims];
    const feeds = slices.map((data, i) => [`s${i + 1}`, [data, shape]] as const);
    const found = await device.run(kernel, Object.fromEntries(feeds));
    for (let level = 2; level <= SLICES + 1; level += 1) {
      const half = found[`level${level}`]!.data as Float32Array;
      const weight = scale ** -2 * 2 ** (-SLICE_BITS * (level - 2));
      for (let i = 0; i < dims; i += 1) {
        for (let j = 0; j < dims; j += 1) {
          total.gram[i * dims + j]! += weight * (half[i * dims + j]! + half[j * dims + i]!);
        }
      }
    }
  }
  return total;
}

/** x · scale = s₁ + s₂/2⁸ + s₃/2¹⁶ + …, all whole numbers from −128 to 128. */
function slice(tile: Float32Array): { slices: Float32Array[]; scale: number } {
  let largest = 0;
  for (const value of tile) largest = Math.max(largest, Math.abs(value));
  const exponent = largest === 0 ? 0 : Math.ceil(Math.log2(largest));
  const scale = 2 ** (SLICE_BITS - 1 - exponent);
  const slices = Array.from({ length: SLICES }, () => new Float32Array(tile.length));
  for (let i = 0; i < tile.length; i += 1) {
    let rest = tile[i]! * scale;
    for (const part of slices) {
      part[i] = Math.round(rest);
      rest = (rest - part[i]!) * 2 ** SLICE_BITS;
    }
  }
  return { slices, scale };
}

/** For each level half of its symmetric sum: S_iᵀ S_j for i < j, and half of S_iᵀ S_i. */
function slicedGraph(dims: number): Graph {
  const graph = new Graph('gram');
  const slices = Array.from({ length: SLICES }, (_, i) =>
    graph.input(`s${i + 1}`, 'float32', ['n', dims]),
  );
  for (let level = 2; level <= SLICES + 1; level += 1) {
    let sum: Tensor | undefined;
    for (let i = 1; 2 * i <= level; i += 1) {
      const [left, right] = [slices[i - 1]!, slices[level - i - 1]!];
      const alpha = float(2 * i === level ? 0.5 : 1);
      const product = graph.op('Gemm', [left, right], { transA: 1, alpha });
      sum = sum === undefined ? product : graph.op('Add', [sum, product]);
    }
    graph.output(`level${level}`, sum!, 'float32', [dims, dims]);
  }
  return graph;
}

const zeros = (dims: number): Gram => ({
  gram: new Float64Array(dims * dims),
  sum: new Float64Array(dims),
});

/** Bytes that one call holds beside its block: rows split and widened, or in slices, and matrices. */
export const gramBytes = (device: Device, rows: number, dims: number): number =>
  device.float64
    ? 12 * rows * dims + 8 * (3 + Math.ceil(rows / CHUNK_ROWS)) * dims * dims
    : 4 * SLICES * (Math.min(rows, SLICED_ROWS) * dims + 2 * dims * dims) + 8 * dims * dims;
