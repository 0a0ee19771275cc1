import { messageOf, runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import type { DeviceName, Session } from '../compute/device.ts';
import { planBatches } from './batches.ts';
import type { EmbeddedTexts, Embedder, LongTexts, ModelCard } from './embedder.ts';
import type { Tokenise } from './tokenise/unigram.ts';

export interface OnnxTextModel {
  readonly card: ModelCard;
  /** Takes `tokens`, int32 [batch, length], −1 where padded; gives `vectors`, unit rows. */
  readonly session: Session;
  readonly device: DeviceName;
  readonly tokenise: Tokenise;
  readonly long: LongTexts;
  /** Goes up whenever tokenising, windowing or padding changes a vector. */
  readonly version: number;
}

/** How many texts are tokenised before timers and signals get their turn. */
const TOKENISED_AT_ONCE = 512;

/** The embedder of a model that is an ONNX graph from token ids to unit vectors, in float32. */
export function createOnnxTextEmbedder(model: OnnxTextModel): Embedder {
  const { card, session, device, long, version } = model;
  return {
    card,
    dims: card.dims,
    device,
    long,
    fingerprint: `${card.name} ${card.hash} ${device} float32 ${long} v${version}`,
    embed: (texts, options = {}) => embedTexts(model, texts, options),
    close: () => session.release(),
  };
}

async function embedTexts(
  model: OnnxTextModel,
  texts: readonly string[],
  { signal, onTexts }: NonNullable<Parameters<Embedder['embed']>[1]>,
): Promise<EmbeddedTexts> {
  const { dims, maxTokens, prefix } = model.card;
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
  for (const { length, inputs } of planBatches(windows.map((window) => window.length))) {
    await breathe();
    throwIfAborted(signal);
    const batch = inputs.map((input) => windows[input]!);
    const produced = await run(model.session, batch, length);
    let finished = 0;
    for (const [row, window] of batch.entries()) {
      const text = owners[inputs[row]!]!;
      const vector = produced.subarray(row * dims, (row + 1) * dims);
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
  return { vectors, tokens };
}

async function run(
  session: Session,
  batch: readonly Int32Array[],
  length: number,
): Promise<Float32Array> {
  const padded = new Int32Array(batch.length * length).fill(-1);
  for (const [row, window] of batch.entries()) padded.set(window, row * length);
  try {
    const results = await session.run({ tokens: [padded, [batch.length, length]] });
    return results.vectors!.data as Float32Array;
  } catch (error) {
    throw runtimeError(
      `ONNX Runtime failed on ${batch.length} texts of ${length} tokens: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function addScaled(into: Float32Array, vector: Float32Array, scale: number): void {
  for (let i = 0; i < into.length; i++) into[i]! += scale * vector[i]!;
}

function normalise(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  // Opposite windows could cancel out; the vector then stays all zeros rather than NaN.
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < vector.length; i++) vector[i]! *= scale;
}
