/**
 * UMAP's layout (McInnes, Healy & Melville 2018, arXiv 1802.03426, section 3.2), arranged so that
 * threads never see each other's writes.
 *
 * Every vertex gathers its own forces from positions that nobody changes meanwhile and writes only its
 * own new place, so the result does not depend on which thread takes which chunk. Vertices move in
 * ROUNDS rounds, one stretch of them after the other, and see where those of the rounds before have
 * gone: with all at once the layout keeps fewer neighbours. An edge is due in epoch e when ⌊(e+1)w⌋ > ⌊e·w⌋, w its weight
 * as a share of the largest: the schedule of umap-learn without its per-edge state. A due edge pulls
 * twice, as head and as tail, since the graph is symmetric, and brings five vertices drawn at random
 * that push. Draws come from (vertex, epoch, seed), never from a thread. d^2b is read off the bits of
 * d²: near enough for forces that are drawn at random.
 *
 * The caller (src/project/engines/wasm.ts, src/project/settle.ts) allocates, and keeps apart: `positions`
 * and `next`, `stride` float32 a vertex (2, or 4 for three dimensions), finite, vertices in a drawn order;
 * `positions` goes on with SPARE vertices, which repeat the first ones, so that a run may begin anywhere; `offsets`, `columns`
 * (int32) and `weights` (float32 in 0…1, readable 12 bytes beyond the last) of a graph in compressed
 * rows; all columns below n; `state`, STATE bytes of zeros.
 */
import { BARRIER, meet } from './barrier';
import { take } from './chunks';
import { mixed, setEpoch, setForces, setGraph } from './umap-forces';
import { moveInPlane, moveInSpace } from './umap-lanes';
import { moveAlone } from './umap-scalar';

export { restart } from './chunks';
export { allocate } from './heap';

/** Vertices that a thread takes at a time. */
const CHUNK: i32 = 32;
const ROUNDS: i32 = 8;
/** Vertices of a run less one. */
const SPARE: i32 = 3;
/** Bytes of `state`. */
export const STATE: i32 = <i32>BARRIER;

/** A task that does nothing: when it has run, every thread is there. */
export function ready(): void {}

/**
 * A task for `threads` threads: moves all vertices from epoch `first` to before `last` of `epochs`.
 * Threads meet after every round, so all of them must run it, and none may fail.
 */
export function layOut(
  positions: usize,
  next: usize,
  offsets: usize,
  columns: usize,
  weights: usize,
  n: i32,
  dims: i32,
  a: f32,
  b: f32,
  strongest: f32,
  first: i32,
  last: i32,
  epochs: i32,
  seed: i32,
  threads: i32,
  state: usize,
): void {
  setGraph(positions, n, columns, weights);
  setForces(a, b, 2, strongest);
  const bytes: usize = dims == 2 ? 8 : 16;
  // Every thread takes one number too many in each round, when nothing is left.
  let taken = 0;
  for (let epoch = first; epoch < last; epoch++) {
    setEpoch(epoch, 1 - <f32>epoch / <f32>epochs);
    for (let round = 0; round < ROUNDS; round++) {
      const begin = <i32>((<i64>n * round) / ROUNDS);
      const count = <i32>((<i64>n * (round + 1)) / ROUNDS) - begin;
      const chunks = (count + CHUNK - 1) / CHUNK;
      for (let chunk = take() - taken; chunk < chunks; chunk = take() - taken) {
        const to = begin + min(count, (chunk + 1) * CHUNK);
        for (let i = begin + chunk * CHUNK; i < to; i++) {
          const from = load<i32>(offsets + ((<usize>i) << 2));
          const end = load<i32>(offsets + ((<usize>i) << 2), 4);
          const start = mixed(<u32>i, <u32>epoch, <u32>seed);
          const at = <usize>i * bytes;
          move(positions + at, next + at, from, end, start, dims);
        }
      }
      taken += chunks + threads;
      meet(state, threads);
      const parts = (count + COPIED - 1) / COPIED;
      for (let part = take() - taken; part < parts; part = take() - taken) {
        const from = begin + part * COPIED;
        const to = begin + min(count, (part + 1) * COPIED);
        const at = <usize>from * bytes;
        memory.copy(positions + at, next + at, <usize>(to - from) * bytes);
        for (let i = from; i < min(SPARE, to); i++) {
          for (let spare = i; spare < SPARE; spare += n) {
            memory.copy(positions + <usize>(n + spare) * bytes, next + <usize>i * bytes, bytes);
          }
        }
      }
      taken += parts + threads;
      meet(state, threads);
    }
  }
}

/** Vertices whose new places a thread takes over at a time. */
const COPIED: i32 = 2048;

/**
 * A task for any number of threads: moves n new vertices among `fixed` ones (SPARE and all) that stay, through all
 * epochs, at `rate` of a layout's learning rate. Row i of the graph says which of the fixed ones pull
 * i; where a row is empty the vertex stays where it is. New vertices do not see each other, and draw
 * from (seeds[i], epoch): where one ends does not depend on the others.
 */
export function settle(
  places: usize,
  fixed: usize,
  fixedCount: i32,
  offsets: usize,
  columns: usize,
  weights: usize,
  seeds: usize,
  n: i32,
  dims: i32,
  a: f32,
  b: f32,
  strongest: f32,
  epochs: i32,
  rate: f32,
): void {
  setGraph(fixed, fixedCount, columns, weights);
  setForces(a, b, 1, strongest);
  const bytes: usize = dims == 2 ? 8 : 16;
  const chunks = (n + CHUNK - 1) / CHUNK;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    for (let i = chunk * CHUNK; i < min(n, (chunk + 1) * CHUNK); i++) {
      const from = load<i32>(offsets + ((<usize>i) << 2));
      const end = load<i32>(offsets + ((<usize>i) << 2), 4);
      const seed = load<u32>(seeds + ((<usize>i) << 2));
      const at = places + <usize>i * bytes;
      for (let epoch = 0; epoch < epochs; epoch++) {
        setEpoch(epoch, rate * (1 - <f32>epoch / <f32>epochs));
        move(at, at, from, end, mixed(seed, <u32>epoch, 0), dims);
      }
    }
  }
}

function move(own: usize, to: usize, from: i32, end: i32, start: u32, dims: i32): void {
  if (!ASC_FEATURE_SIMD) moveAlone(own, to, from, end, start, dims);
  else if (dims == 2) moveInPlane(own, to, from, end, start);
  else moveInSpace(own, to, from, end, start);
}
