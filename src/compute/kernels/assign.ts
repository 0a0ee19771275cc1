import type { Device } from '../device.ts';
import { Graph, type Tensor } from '../graph.ts';
import type { Kernel } from '../kernel.ts';
import type { Feed } from '../session.ts';
import { MOST_PARTS, onProcessor, PART_ROWS, type Part, partCount, partsOf } from './parts.ts';
import { QUERY_ROWS, TARGET_ROWS } from './tiles.ts';

export interface Assigned {
  /** The nearest centre of every row; the first of equals. */
  readonly index: Int32Array;
  /** Its score. */
  readonly score: Float32Array;
}

/**
 * The nearest centre of every row: the one with the largest x·c + offset(c). With offset −½‖c‖² that
 * is the smallest euclidean distance, with 0 and unit centres the largest cosine. Product and arg-max
 * are one graph: only the winners come back.
 */
export async function assign(
  device: Device,
  rows: Float32Array,
  centres: Float32Array,
  offsets: Float32Array,
  dims: number,
): Promise<Assigned> {
  const n = dims === 0 ? 0 : rows.length / dims;
  const assigned = { index: new Int32Array(n), score: new Float32Array(n) };
  if (n === 0 || offsets.length === 0) return assigned;
  const tiles = Math.ceil(offsets.length / TARGET_ROWS);
  for (const [t, tile] of partsOf(centres, dims, tiles).entries()) {
    const right = partsOf(tile.data, dims, partCount(device, tile.rows));
    const added = right.map(({ first, rows: count }) =>
      offsets.subarray(tile.first + first, tile.first + first + count),
    );
    // As many parts of the rows in every run, so that one graph serves them all.
    const most = Math.max(1, Math.floor(MOST_PARTS / right.length));
    const height = onProcessor(device) ? Math.min(most, Math.ceil(n / PART_ROWS)) : 1;
    const runs = Math.ceil(n / (height * (onProcessor(device) ? PART_ROWS : QUERY_ROWS)));
    for (const run of partsOf(rows, dims, runs)) {
      const left = partsOf(run.data, dims, height);
      const winners = await winnersOf(device, left, right, added, dims);
      for (const [l, part] of left.entries()) {
        for (const [r, { first }] of right.entries()) {
          keep(assigned, winners[l * right.length + r]!, run.first + part.first, {
            from: tile.first + first,
            anew: t === 0 && r === 0,
          });
        }
      }
    }
  }
  return assigned;
}

/** Takes those winners that beat what is there: of equal scores the earlier centre stays. */
function keep(
  { index, score }: Assigned,
  winners: Assigned,
  row: number,
  { from, anew }: { readonly from: number; readonly anew: boolean },
): void {
  for (let i = 0; i < winners.index.length; i += 1) {
    if (!anew && winners.score[i]! <= score[row + i]!) continue;
    index[row + i] = from + winners.index[i]!;
    score[row + i] = winners.score[i]!;
  }
}

/** The winners of every part of the rows among those of every part of the centres, the former first. */
async function winnersOf(
  device: Device,
  left: readonly Part[],
  right: readonly Part[],
  offsets: readonly Float32Array[],
  dims: number,
): Promise<Assigned[]> {
  const sides: Record<string, Feed> = {};
  for (const [l, { data, rows }] of left.entries()) sides[`x${l}`] = [data, [rows, dims]];
  for (const [r, { data, rows }] of right.entries()) {
    sides[`c${r}`] = [data, [rows, dims]];
    sides[`offset${r}`] = [offsets[r]!, [rows]];
  }
  const found = left.flatMap(({ rows }) =>
    right.map(() => ({ index: new Int32Array(rows), score: new Float32Array(rows) })),
  );
  const into: Record<string, Feed> = {};
  for (const [at, { index, score }] of found.entries()) {
    into[`index${at}`] = [index, [index.length, 1]];
    into[`score${at}`] = [score, [score.length, 1]];
  }
  await device.run(assignment(device, left.length, right.length, dims), sides, into);
  return found;
}

function assignment(device: Device, left: number, right: number, dims: number): Kernel {
  const build = (): Graph => {
    const graph = new Graph('assign');
    const inputs = (stem: string, count: number, shape: readonly number[]): Tensor[] =>
      Array.from({ length: count }, (_, i) =>
        graph.input(`${stem}${i}`, 'float32', [`${stem}${i}`, ...shape]),
      );
    const x = inputs('x', left, [dims]);
    const c = inputs('c', right, [dims]);
    const offset = inputs('offset', right, []);
    for (let at = 0; at < left * right; at += 1) {
      const [l, r] = [Math.floor(at / right), at % right];
      const scores = graph.op('Gemm', [x[l]!, c[r]!, offset[r]!], { transB: 1 });
      const [best, winner] = largest(graph, scores, onProcessor(device));
      graph.output(`score${at}`, best, 'float32', [`x${l}`, 1]);
      graph.output(`index${at}`, graph.op('Cast', [winner], { to: 6 }), 'int32', [`x${l}`, 1]);
    }
    return graph;
  };
  return { key: `assign/${dims}/${left}x${right}`, build };
}

/** The largest number of every row and where it is. The processor's TopK passes over a tile once. */
function largest(graph: Graph, scores: Tensor, once: boolean): readonly [Tensor, Tensor] {
  if (once) return graph.ops('TopK', [scores, graph.ints(1)], 2, { axis: 1 }) as [Tensor, Tensor];
  return [
    graph.op('ReduceMax', [scores], { axes: [1] }),
    graph.op('ArgMax', [scores], { axis: 1 }),
  ];
}

/** Bytes that one call holds beside its inputs: the products of one part, the winners of a run, and the result. */
export const assignBytes = (device: Device, rows: number, centres: number): number => {
  const part = onProcessor(device);
  const tall = Math.min(rows, part ? PART_ROWS : QUERY_ROWS);
  const width = Math.min(centres, part ? PART_ROWS : TARGET_ROWS);
  return 4 * tall * width + 16 * MOST_PARTS * tall + 8 * rows;
};
