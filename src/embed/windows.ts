import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { BUDGET_OF_A_THREAD, planBatches } from './batches.ts';
import type { EmbeddedTexts, Embedder, LongTexts } from './embedder.ts';

/** What it takes to embed texts of any length with a model that reads so many tokens at once. */
export interface WindowModel {
  readonly dims: number;
  /** Tokens in a window; tokens that the model puts around every text are not counted. */
  readonly maxTokens: number;
  /** Text put before every row. */
  readonly prefix: string;
  readonly long: LongTexts;
  readonly tokenise: (text: string) => Int32Array;
  /** Unit vectors of some windows of at most `length` tokens, row-major. */
  readonly run: (windows: readonly Int32Array[], length: number) => Promise<Float32Array>;
  /** How many runs may be under way at once, where so many are to come. Default one. */
  readonly expect?: (runs: number) => Promise<number>;
}

/** How many texts are tokenised before timers and signals get their turn. */
const TOKENISED_AT_ONCE = 512;

/**
 * Embeds texts in batches of windows of about the same length. A text of several windows gets their
 * mean, each weighing what it has tokens, normalised again.
 */
export async function embedTexts(
  model: WindowModel,
  texts: readonly string[],
  { signal, onTexts }: NonNullable<Parameters<Embedder['embed']>[1]>,
): Promise<EmbeddedTexts> {
  const { dims, maxTokens, prefix } = model;
  const tokens = new Int32Array(texts.length);
  /** The token ids of each window and the text it is from; a text's windows follow each other. */
  const windows: Int32Array[] = [];
  const owners: number[] = [];
  /** How many windows each text has. */
  const parts = new Int32Array(texts.length);
  for (const [text, content] of texts.entries()) {
    if (text % TOKENISED_AT_ONCE === 0) {
      await breathe();
      throwIfAborted(signal);
    }
    const ids = model.tokenise(prefix + content);
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
  const unfinished = parts.slice();
  const given = { tokens: windows.reduce((sum, window) => sum + window.length, 0), padding: 0 };
  const lengths = windows.map((window) => window.length);
  let batches = planBatches(lengths);
  const atOnce = (await model.expect?.(batches.length)) ?? 1;
  if (atOnce > 1) batches = planBatches(lengths, BUDGET_OF_A_THREAD);
  const produced = inOrder(batches, atOnce, (batch) => {
    throwIfAborted(signal);
    return model.run(
      batch.inputs.map((input) => windows[input]!),
      batch.length,
    );
  });
  for await (const [{ length, inputs }, found] of produced) {
    const batch = inputs.map((input) => windows[input]!);
    for (const window of batch) given.padding += length - window.length;
    let finished = 0;
    for (const [row, window] of batch.entries()) {
      const text = owners[inputs[row]!]!;
      const vector = found.subarray(row * dims, (row + 1) * dims);
      const into = vectors.subarray(text * dims, (text + 1) * dims);
      // A window weighs what it has tokens, lest three words at the end speak as loud as the hundred
      // before. Long batches come first and inputs rise, so windows add up in the order of the text.
      if (parts[text] === 1) into.set(vector);
      else addScaled(into, vector, window.length);
      unfinished[text]! -= 1;
      if (unfinished[text] === 0) {
        if (parts[text]! > 1) normalise(into);
        finished += 1;
      }
    }
    if (finished > 0) onTexts?.(finished);
  }
  return { vectors, tokens, given };
}

/** What `work` makes of every item, in their order, with at most so many under way at once. */
async function* inOrder<Item, Made>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Made>,
): AsyncGenerator<[Item, Made], void, undefined> {
  const underWay: Promise<Made>[] = [];
  const start = async (): Promise<void> => {
    await breathe();
    const next = items[started];
    if (next === undefined) return;
    started += 1;
    const made = work(next);
    // Awaited in its turn; what fails before that must not count as unhandled.
    made.catch(() => {});
    underWay.push(made);
  };
  let started = 0;
  try {
    while (started < Math.min(atOnce, items.length)) await start();
    for (const item of items) {
      const made = await underWay.shift()!;
      await start();
      yield [item, made];
    }
  } finally {
    await Promise.allSettled(underWay);
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
