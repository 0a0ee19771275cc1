import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError, messageOf, runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import type { Device, Feed, Session } from '../compute/device.ts';
import { readBeside } from '../compute/external-data.ts';
import { DATA_TYPES } from '../compute/graph.ts';
import { planBatches } from '../embed/batches.ts';
import type { LongTexts } from '../embed/embedder.ts';
import { fileHash } from '../embed/model-files.ts';
import { modelHash } from '../embed/model-folder.ts';
import { openTokeniser } from '../embed/tokenise/tokenizer-json.ts';
import { openChatTemplate } from './chat-template.ts';
import {
  openSource,
  readConfig,
  readLimit,
  type Sought,
  type SourceOptions,
} from './model-source.ts';
import type { Item, Scorer, ScorerCard, Scores } from './scorer.ts';
import { LOSSES, type Port, TARGETS, withTokenLosses } from './token-losses.ts';

export const LANGUAGE_MODEL: Sought = {
  flag: '--language-model',
  kind: 'a language model',
  stems: ['model', 'decoder_model_merged', 'decoder_model'],
};

export interface LanguageModelOptions extends SourceOptions {
  readonly device: Device;
  readonly long?: LongTexts | undefined;
  /** Whether prompts are written by the model's own chat template, which then says all that stands before a response. */
  readonly chat?: boolean | undefined;
}

/** A causal language model as two scorers over one session. */
export interface LanguageModel {
  readonly card: ScorerCard;
  readonly warnings: readonly string[];
  /** Of a text: [mean loss of a token, in nats]. */
  readonly texts: Scorer;
  /**
   * Of a prompt and a response: [mean loss of the response's tokens after the prompt, and without it]. In a chat
   * template without it is with an empty prompt.
   */
  readonly responses: Scorer;
  close(): Promise<void>;
}

/** The most tokens of a window, whatever the model could read: what attention costs grows with its square. */
const LONGEST = 1024;
/** Logits of a batch at a time, so that memory stays bounded: 256 MB. */
const LOGITS = 2 ** 26;
/** Goes up whenever a loss could change. */
const VERSION = 1;

/** Tokens in a row, and which of them count. */
interface Window {
  readonly ids: Int32Array;
  /** The first token whose loss counts; it is predicted from those before. */
  readonly from: number;
  /** What its losses add to: an item, and one of its numbers. */
  readonly slot: number;
}

/**
 * Opens a causal language model: any ONNX export for text generation whose inputs are token ids, a mask,
 * positions and the keys and values of tokens before, which are given as empty. A text comes after the
 * marker that the tokeniser puts before every text or, where it puts none, the one that config.json calls
 * bos_token_id; where there is neither, its first token has nothing to be predicted from and does not count.
 */
export async function openLanguageModel(
  name: string,
  options: LanguageModelOptions,
): Promise<LanguageModel> {
  const source = await openSource(name, LANGUAGE_MODEL, options);
  const { folder, file, dtype } = source;
  const { device, long = 'mean' } = options;
  const tokeniser = await openTokeniser(folder);
  const { bos_token_id: bos } = readConfig(folder);
  const marker = typeof bos === 'number' && bos >= 0 ? [bos] : [];
  const before = tokeniser.before.length > 0 ? tokeniser.before : marker;
  const { bytes, inputs, vocabulary } = withTokenLosses(await readFile(file), source.name);
  const feedsOf = feedsFor(inputs, source.name);
  const beside = await readBeside(file);
  const session = await device.open(bytes, { beside }).catch((error: unknown) => {
    throw inputError(`The language model ${name} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const words = vocabulary ?? tokeniser.vocabulary.length;
  const longest = Math.max(
    2,
    Math.min(LONGEST, readLimit(folder), Math.floor((2 * LOGITS) / words)),
  );
  const budget = Math.max(16, Math.min(LONGEST, Math.floor(LOGITS / words)));
  const hash = await modelHash(file);
  const tokens = await fileHash(join(folder, 'tokenizer.json'));
  const card: ScorerCard = {
    ...{ name: source.name, source: source.source, licence: source.licence, hash },
    revision: source.revision === '' ? hash.slice(7, 19) : source.revision,
    ...{ dtype, device: device.name, maxTokens: longest },
  };
  const recipe = JSON.stringify([longest, before, device.name, dtype, long]);
  const fingerprint = `language model ${hash} ${tokens} ${recipe} v${VERSION}`;
  const start = Int32Array.from(before);
  const empty = new Int32Array(0);
  const chat = options.chat ? await openChatTemplate(folder, name) : null;
  const asking = (prompt: string): Int32Array => {
    if (chat !== null) return tokeniser.tokenise(chat(prompt));
    return prompt === '' ? empty : tokeniser.tokenise(`${prompt}\n`);
  };
  const recipeOfResponses = chat === null ? 'responses' : `responses in ${chat('one')} ${chat('')}`;

  /** Adds up the losses of windows: their sum and how many they are, by slot. */
  const run = async (
    windows: readonly Window[],
    slots: number,
    signal: AbortSignal | undefined,
  ): Promise<{ sums: Float64Array; counts: Int32Array }> => {
    const sums = new Float64Array(slots);
    const counts = new Int32Array(slots);
    const lengths = windows.map(({ ids }) => ids.length);
    for (const batch of planBatches(lengths, budget)) {
      await breathe();
      throwIfAborted(signal);
      const chosen = batch.inputs.map((input) => windows[input]!);
      const losses = await lossesOf(session, feedsOf, chosen, batch.length);
      for (const [row, { ids, from, slot }] of chosen.entries()) {
        // The loss of token i stands where it was predicted: at i − 1.
        for (let i = from; i < ids.length; i += 1)
          sums[slot]! += losses[row * batch.length + i - 1]!;
        counts[slot]! += ids.length - from;
      }
    }
    return { sums, counts };
  };

  const scorer = (
    what: string,
    width: number,
    windowsOf: (item: Item, first: number) => Window[],
  ): Scorer => ({
    card,
    fingerprint: `${fingerprint} ${what}`,
    width,
    async score(items, { signal, onItems } = {}): Promise<Scores> {
      const windows = items.flatMap((item, i) => windowsOf(item, width * i));
      const { sums, counts } = await run(windows, width * items.length, signal);
      onItems?.(items.length);
      return {
        values: Float32Array.from(sums, (sum, slot) => sum / counts[slot]!),
        tokens: Int32Array.from(items, (_, i) => counts[width * i]!),
      };
    },
  });

  return {
    card,
    warnings: source.warnings,
    texts: scorer('texts', 1, ([text], slot) =>
      textWindows(start, tokeniser.tokenise(text), longest, long).map((window) => ({
        ...window,
        slot,
      })),
    ),
    responses: scorer(recipeOfResponses, 2, ([prompt, response = ''], slot) => {
      const said = tokeniser.tokenise(response);
      const pair = responseWindows(
        chat === null ? start : empty,
        asking(prompt),
        said,
        longest,
        chat === null ? empty : asking(''),
      );
      return pair.map((window, i) => ({ ...window, slot: slot + i }));
    }),
    async close() {
      await session.release();
    },
  };
}

/**
 * The windows of a text. One that is too long is read in windows that overlap by half, so that every token but
 * those of the first half has at least so many before it; each counts once. Truncated, it is its first window.
 */
export function textWindows(
  start: Int32Array,
  ids: Int32Array,
  longest: number,
  long: LongTexts,
): Omit<Window, 'slot'>[] {
  const room = longest - start.length;
  const step = Math.max(1, Math.ceil(room / 2));
  const windows: Omit<Window, 'slot'>[] = [];
  let counted = 0;
  for (let at = 0; counted < ids.length; at += step) {
    const part = ids.subarray(at, at + room);
    const from = start.length + counted - at;
    windows.push({ ids: joined(start, part), from: Math.max(1, from) });
    counted = at + part.length;
    if (long === 'truncate') break;
  }
  return windows;
}

/**
 * A response after its prompt, and the same tokens after `none`, what is there without a prompt. Of what is too
 * long, half a window at most is the response's beginning, and the rest the prompt's end.
 */
export function responseWindows(
  start: Int32Array,
  prompt: Int32Array,
  response: Int32Array,
  longest: number,
  none: Int32Array = new Int32Array(0),
): Omit<Window, 'slot'>[] {
  const room = longest - start.length;
  const said = response.subarray(0, Math.max(room - prompt.length, Math.ceil(room / 2)));
  const end = (ids: Int32Array): Int32Array =>
    ids.subarray(Math.max(0, ids.length - (room - said.length)));
  const [asked, without] = [end(prompt), end(none)];
  // Both count the same tokens: where nothing stands before a text, its first one cannot be.
  const skipped = start.length + without.length === 0 ? 1 : 0;
  return [asked, without].map((before) => ({
    ids: joined(start, before, said),
    from: start.length + before.length + skipped,
  }));
}

function joined(...parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

type FeedsOf = (rows: number, width: number) => Record<string, Feed>;

/** The losses of some windows, rows × width. */
async function lossesOf(
  session: Session,
  feedsOf: FeedsOf,
  windows: readonly Window[],
  width: number,
): Promise<Float32Array> {
  const rows = windows.length;
  const feeds = feedsOf(rows, width);
  const [ids, mask] = [new BigInt64Array(rows * width), new BigInt64Array(rows * width)];
  const targets = new BigInt64Array(rows * width);
  // The lower halves of the numbers, which are all that a token needs: no BigInt is made for each.
  const [low, lowMask, lowTargets] = [ids, mask, targets].map(
    ({ buffer }) => new Int32Array(buffer),
  ) as [Int32Array, Int32Array, Int32Array];
  for (const [row, window] of windows.entries()) {
    for (const [i, id] of window.ids.entries()) {
      const at = 2 * (row * width + i);
      low[at] = id;
      lowMask[at] = 1;
      if (i > 0) lowTargets[at - 2] = id;
    }
  }
  const shape = [rows, width];
  feeds.input_ids = [ids, shape];
  if ('attention_mask' in feeds) feeds.attention_mask = [mask, shape];
  try {
    const results = await session.run({ ...feeds, [TARGETS]: [targets, [rows, width, 1]] });
    return results[LOSSES]!.data as Float32Array;
  } catch (error) {
    throw runtimeError(
      `ONNX Runtime failed on ${rows} texts of ${width} tokens: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** What goes into the model beside its tokens, by the names of its inputs. */
function feedsFor(inputs: readonly Port[], name: string): FeedsOf {
  const past = /^past[\w.]*\d[\w.]*$|^past_key_values/u;
  const known = new Set(['input_ids', 'attention_mask', 'position_ids', 'token_type_ids']);
  const single = new Set(['use_cache_branch', 'num_logits_to_keep']);
  const unknown = inputs.filter(
    (port) => !known.has(port.name) && !single.has(port.name) && !past.test(port.name),
  );
  if (unknown.length > 0 || !inputs.some((port) => port.name === 'input_ids')) {
    const why =
      unknown.length > 0
        ? `it wants the input ${unknown.map((port) => port.name).join(', ')}`
        : 'it does not take input_ids';
    throw inputError(
      `${name} is no language model that gamut can read: ${why}. Export it as a decoder for text generation.`,
    );
  }
  return (rows, width) =>
    Object.fromEntries(
      inputs.map((port): [string, Feed] => {
        const shape = [rows, width];
        if (port.name === 'position_ids') {
          const places = BigInt64Array.from({ length: rows * width }, (_, i) => BigInt(i % width));
          return [port.name, [places, shape]];
        }
        if (known.has(port.name)) return [port.name, [new BigInt64Array(rows * width), shape]];
        const dims = port.shape ?? [];
        // Nothing came before and no cache is used; and of all tokens the logits are wanted.
        if (port.name === 'use_cache_branch') return [port.name, [Uint8Array.of(0), [1], 'bool']];
        if (port.name === 'num_logits_to_keep') {
          return [port.name, [BigInt64Array.of(0n), dims.length === 0 ? [] : [1]]];
        }
        const sizes = dims.map((dim, i) => (typeof dim === 'number' ? dim : i === 0 ? rows : 0));
        const size = sizes.reduce((product, dim) => product * dim, 1);
        return port.type === DATA_TYPES.float16
          ? [port.name, [new Uint16Array(size), sizes, 'float16']]
          : [port.name, [new Float32Array(size), sizes]];
      }),
    );
}
