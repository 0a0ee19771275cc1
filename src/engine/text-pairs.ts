import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import {
  allocateIn,
  loadWasm,
  type WasmBuild,
  type WasmMemory,
  wasmBuild,
} from '../compute/wasm.ts';
import type { TextPairs, TextSample } from '../measures/texts.ts';
import { GROUPS } from '../stats/groups.ts';

/** What native/pairs.ts exports; the contract is written there. */
interface Kernel {
  readonly memory: WasmMemory;
  allocate(bytes: number): number;
  differentWords(...args: readonly number[]): void;
  comparePairs(...args: readonly (number | boolean)[]): number;
}

/** Words of a text that a pair is compared on. */
const MOST_WORDS = 1024;
/** Machine words that comparing may take: about half a second. */
const BUDGET = 1.5e8;
/** What a pair costs beside, in the same unit. */
const PAIR_COST = 20;
/** Every text is compared with so many others at least. */
const LEAST_PARTNERS = 8;

export interface PairOptions {
  readonly budget?: number;
  readonly build?: WasmBuild;
}

/**
 * Every pair of texts while that takes no longer than the budget; else each text with as many of those after it
 * in the sample's order, which is random, as the budget allows: all texts are then in equally many pairs.
 */
export async function compareTexts(
  sample: TextSample,
  { budget = BUDGET, build = wasmBuild() }: PairOptions = {},
  signal?: AbortSignal,
): Promise<TextPairs> {
  const kernel = await loadWasm<Kernel>('pairs', build);
  const n = sample.texts.length;
  const partners = partnersOf(sample, budget);
  const wrap = partners < n - 1;
  const { memory, ...at } = layOut(kernel, sample);
  kernel.differentWords(at.words, at.starts, n, at.slots, at.masks, at.different);
  let stamp = 0;
  for (let i = 0; i < n; i += 1) {
    if (i % 256 === 0) {
      throwIfAborted(signal);
      await breathe();
    }
    stamp = kernel.comparePairs(
      ...[at.words, at.starts, n, at.groups, at.different, i, partners],
      wrap,
      ...[at.slots, at.masks, at.row, at.seen, stamp, at.rouge, at.jaccard],
    );
  }
  const cells = GROUPS * GROUPS;
  return {
    sample,
    compared: wrap ? n * partners : (n * (n - 1)) / 2,
    possible: (n * (n - 1)) / 2,
    counts: pairCounts(sample, partners, wrap),
    rouge: new Float64Array(memory.buffer, at.rouge, cells).slice(),
    jaccard: new Float64Array(memory.buffer, at.jaccard, cells).slice(),
  };
}

/** How many texts after it each is compared with; n − 1 is all of them. */
function partnersOf({ starts, texts }: TextSample, budget: number): number {
  const n = texts.length;
  if (n < 2) return 0;
  let words = 0;
  let masks = 0;
  for (let i = 0; i < n; i += 1) {
    const length = Math.min(MOST_WORDS, starts[i + 1]! - starts[i]!);
    words += length;
    masks += Math.ceil(length / 64);
  }
  // One text against all others: its masks times their words, and what every pair costs.
  const rounds = (masks / n) * words + PAIR_COST * n;
  const affordable = Math.max(LEAST_PARTNERS, Math.floor(budget / rounds));
  return 2 * affordable >= n - 1 ? n - 1 : affordable;
}

function layOut(
  kernel: Kernel,
  { words, starts, groups, texts, vocabulary }: TextSample,
): Readonly<
  Record<
    | 'words'
    | 'starts'
    | 'groups'
    | 'different'
    | 'slots'
    | 'masks'
    | 'row'
    | 'seen'
    | 'rouge'
    | 'jaccard',
    number
  >
> & {
  readonly memory: WasmMemory;
} {
  const place = (bytes: number): number => allocateIn(kernel, bytes, 'pairs of texts');
  const { memory } = kernel;
  const width = MOST_WORDS / 64;
  const at = {
    words: place(words.byteLength),
    starts: place(starts.byteLength),
    groups: place(groups.byteLength),
    different: place(4 * texts.length),
    slots: place(4 * vocabulary),
    masks: place(MOST_WORDS * width * 8),
    row: place(width * 8),
    seen: place((MOST_WORDS + 1) * 4),
    rouge: place(GROUPS * GROUPS * 8),
    jaccard: place(GROUPS * GROUPS * 8),
  };
  new Int32Array(memory.buffer, at.words, words.length).set(words);
  new Int32Array(memory.buffer, at.starts, starts.length).set(starts);
  new Uint8Array(memory.buffer, at.groups, groups.length).set(groups);
  return { memory, ...at };
}

/** How many pairs were compared, by the groups of their first and second text. */
function pairCounts({ groups }: TextSample, partners: number, wrap: boolean): Float64Array {
  const n = groups.length;
  const counts = new Float64Array(GROUPS * GROUPS);
  // Members of each group among the texts that follow, moved on with i.
  const ahead = new Float64Array(GROUPS);
  for (let step = 1; step <= partners && (wrap || step < n); step += 1)
    ahead[groups[step % n]!]! += 1;
  for (let i = 0; i < n; i += 1) {
    for (let g = 0; g < GROUPS; g += 1) counts[groups[i]! * GROUPS + g]! += ahead[g]!;
    if (i + 1 < n) ahead[groups[i + 1]!]! -= 1;
    const next = i + 1 + partners;
    if (wrap || next < n) ahead[groups[next % n]!]! += 1;
  }
  return counts;
}
