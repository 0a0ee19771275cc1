import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { BUDGET_OF_A_THREAD, planBatches } from './batches.ts';
import type { EmbeddedTexts, Embedder, LongTexts } from './embedder.ts';
import type { Tokens } from './tokenise/thread-tokens.ts';

/** What it takes to embed texts of any length with a model that reads so many tokens at once. */
export interface WindowModel {
  readonly dims: number;
  /** Tokens in a window; tokens that the model puts around every text are not counted. */
  readonly maxTokens: number;
  readonly long: LongTexts;
  readonly tokens: Pick<Tokens, 'of'>;
  /** Unit vectors of some windows of at most `length` tokens, row-major. */
  readonly run: (windows: readonly Int32Array[], length: number) => Promise<Float32Array>;
  /** How many runs may be under way at once, where so many are to come. Default one. */
  readonly expect?: (runs: number) => Promise<number>;
}

/** Texts from which on a thread tokenises: it has started long before a model has run on so many. */
export const WORTH_A_THREAD = 1024;

/**
 * Embeds texts in batches of windows of about the same length. A text of several windows gets their
 * mean, each weighing what it has tokens, normalised again.
 */
export async function embedTexts(
  model: WindowModel,
  texts: readonly string[],
  { signal, onTexts }: NonNullable<Parameters<Embedder['embed']>[1]>,
): Promise<EmbeddedTexts> {
  const { dims, maxTokens } = model;
  const tokens = new Int32Array(texts.length);
  /** The token ids of each window and the text it is from; a text's windows follow each other. */
  const windows: Int32Array[] = [];
  const owners: number[] = [];
  /** How many windows each text has. */
  const parts = new Int32Array(texts.length);
  for (const [text, ids] of (await model.tokens.of(texts, signal)).entries()) {
    tokens[text] = ids.length;
    const end = model.long === 'truncate' ? Math.min(ids.length, maxTokens) : ids.length;
    // An empty text is one window without tokens: the model has a vector for it.
    for (let from = 0; from === 0 || from < end; from += maxTokens) {
      windows.push(ids.subarray(from, Math.min(from + maxTokens, end)));
      owners.push(text);
      parts[text]! += 1;
    }
  }

  const vectors = new Float32Array(texts.length * dims);
  const given = { tokens: windows.reduce((sum, window) => sum + window.length, 0), padding: 0 };
  const lengths = windows.map((window) => window.length);
  let batches = planBatches(lengths);
  const atOnce = (await model.expect?.(batches.length)) ?? 1;
  if (atOnce > 1) batches = planBatches(lengths, BUDGET_OF_A_THREAD);
  const whole = new WholeTexts(windows, owners, parts, dims);
  await forEachAtOnce(batches, atOnce, async ({ length, inputs }) => {
    throwIfAborted(signal);
    const batch = inputs.map((input) => windows[input]!);
    const found = await model.run(batch, length);
    for (const window of batch) given.padding += length - window.length;
    let finished = 0;
    for (const [row, input] of inputs.entries()) {
      const text = owners[input]!;
      const into = vectors.subarray(text * dims, (text + 1) * dims);
      if (whole.add(input, found.subarray(row * dims, (row + 1) * dims), into)) finished += 1;
    }
    if (finished > 0) onTexts?.(finished);
  });
  return { vectors, tokens, given };
}

/** Puts texts together from their windows, in whichever order these come. */
class WholeTexts {
  private readonly windows: readonly Int32Array[];
  private readonly owners: readonly number[];
  private readonly dims: number;
  private readonly unfinished: Int32Array;
  /** The first window of each text, and the vectors so far of texts that have several. */
  private readonly firsts: Int32Array;
  private readonly held = new Map<number, Float32Array>();

  constructor(
    windows: readonly Int32Array[],
    owners: readonly number[],
    parts: Int32Array,
    dims: number,
  ) {
    this.windows = windows;
    this.owners = owners;
    this.dims = dims;
    this.unfinished = parts.slice();
    this.firsts = new Int32Array(parts.length);
    for (let text = 1; text < parts.length; text += 1) {
      this.firsts[text] = this.firsts[text - 1]! + parts[text - 1]!;
    }
  }

  /** Takes a window's vector; true when that finishes its text, whose vector is then in `into`. */
  add(window: number, vector: Float32Array, into: Float32Array): boolean {
    const { dims } = this;
    const text = this.owners[window]!;
    const first = this.firsts[text]!;
    const left = this.unfinished[text]!;
    this.unfinished[text] = left - 1;
    const held = this.held.get(text);
    if (left === 1 && held === undefined) {
      into.set(vector);
      return true;
    }
    const all = held ?? new Float32Array(left * dims);
    all.set(vector, (window - first) * dims);
    if (left > 1) {
      this.held.set(text, all);
      return false;
    }
    // A window weighs what it has tokens, lest three words at the end speak as loud as the hundred before.
    for (let at = 0; at < all.length; at += dims) {
      const weight = this.windows[first + at / dims]!.length;
      addScaled(into, all.subarray(at, at + dims), weight);
    }
    normalise(into);
    this.held.delete(text);
    return true;
  }
}

/** Does `work` for every item, begun in their order, with at most so many under way at once. */
async function forEachAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      await breathe();
      const item = items[next];
      if (item === undefined) return;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  const lanes = Array.from({ length: Math.min(atOnce, items.length) }, lane);
  for (const ended of await Promise.allSettled(lanes)) {
    if (ended.status === 'rejected') throw ended.reason;
  }
}

function addScaled(into: Float32Array, vector: Float32Array, scale: number): void {
  for (let i = 0; i < into.length; i++) into[i]! += scale * vector[i]!;
}

/** Scales a vector to length one, in place; zeros stay zeros. */
export function normalise(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  // Opposite windows could cancel out; the vector then stays all zeros rather than NaN.
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < vector.length; i++) vector[i]! *= scale;
}
