import { basename, join, resolve } from 'node:path';
import { inputError, messageOf, runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import type { Device, Feed, Session } from '../compute/device.ts';
import { floatsOf } from '../compute/token-pool.ts';
import { planBatches } from '../embed/batches.ts';
import type { LongTexts } from '../embed/embedder.ts';
import { fileHash } from '../embed/model-files.ts';
import { modelHash, openModel } from '../embed/model-folder.ts';
import { openTokeniser, type TokenizerJson } from '../embed/tokenise/tokenizer-json.ts';
import { type Head, type HeadConfig, headOf } from './head.ts';
import {
  isFolder,
  openSource,
  readConfig,
  readLimit,
  type Sought,
  type SourceOptions,
} from './model-source.ts';
import { type PairTemplate, pairTemplate } from './pair-template.ts';
import type { Item, Scorer } from './scorer.ts';

export const QUALITY_MODEL: Sought = {
  flag: '--quality-model',
  kind: 'a quality model',
  stems: ['model'],
};

/** A quality model as it is asked for: MODEL, or MODEL#LABEL. */
export interface AskedModel {
  readonly model: string;
  readonly label: string | null;
  /** What its measure is called: quality.model:NAME. */
  readonly name: string;
}

export function askedModel(text: string): AskedModel {
  const hash = isFolder(text) ? -1 : text.lastIndexOf('#');
  const model = hash < 0 ? text : text.slice(0, hash);
  const label = hash < 0 ? null : text.slice(hash + 1);
  const short = isFolder(model) ? basename(resolve(model)) : model.replace(/@.*$/u, '');
  return { model, label, name: label === null ? short : `${short}#${label}` };
}

export interface QualityModelOptions extends SourceOptions {
  readonly device: Device;
  readonly long?: LongTexts | undefined;
}

/** A classifier or reward model: one number a text, or a prompt and response that are read together. */
export interface QualityModel extends Scorer {
  readonly head: Omit<Head, 'of'>;
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** The most tokens of a window, whatever the model could read. */
const LONGEST = 2048;
/** Goes up whenever a number could change. */
const VERSION = 1;

interface Window {
  readonly ids: Int32Array;
  readonly types: Int32Array;
  readonly item: number;
  /** Tokens of text in it: what it weighs. */
  readonly weight: number;
}

/** Opens a text classifier, a regression or a reward model: an ONNX export for text classification. */
export async function openQualityModel(
  asked: AskedModel,
  options: QualityModelOptions,
): Promise<QualityModel> {
  const source = await openSource(asked.model, QUALITY_MODEL, options);
  const { folder, file, dtype } = source;
  const { device, long = 'mean' } = options;
  const tokeniser = await openTokeniser(folder);
  const template = pairTemplate(tokeniser.json as unknown as TokenizerJson);
  const session = await openModel(file, device).catch((error: unknown) => {
    throw inputError(`The quality model ${asked.model} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const feeds = feedsFor(session, source.name);
  const longest = Math.min(LONGEST, readLimit(folder));
  const single = { before: tokeniser.before, after: tokeniser.after };
  const logitsOf = async (windows: readonly Window[], width: number): Promise<Float32Array> => {
    try {
      const results = await session.run(feeds(windows, width));
      return floatsOf(results.logits ?? Object.values(results)[0]!);
    } catch (error) {
      throw runtimeError(
        `ONNX Runtime failed on ${windows.length} texts of ${width} tokens: ${messageOf(error)}`,
        { cause: error },
      );
    }
  };
  const probe = wrapped(Int32Array.of(Math.max(0, tokeniser.unknown)), single, 0);
  const outputs = (await logitsOf([probe], probe.ids.length)).length;
  const head = headOf(outputs, readConfig(folder) as HeadConfig, asked.label, asked.model);
  const hash = await modelHash(file);
  const tokens = await fileHash(join(folder, 'tokenizer.json'));
  const { of: numberOf, ...shown } = head;
  const recipe = JSON.stringify([longest, device.name, dtype, long, shown.kind, shown.label]);
  const windowsOf = ([text, second]: Item, item: number): Window[] => {
    if (second !== undefined && template !== null) {
      return [
        pairWindow(tokeniser.tokenise(text), tokeniser.tokenise(second), template, longest, item),
      ];
    }
    const whole = second === undefined ? text : `${text}\n${second}`;
    const ids = tokeniser.tokenise(whole);
    const room = Math.max(1, longest - single.before.length - single.after.length);
    const windows: Window[] = [];
    for (let at = 0; at === 0 || at < ids.length; at += room) {
      windows.push(wrapped(ids.subarray(at, at + room), single, item));
      if (long === 'truncate') break;
    }
    return windows;
  };
  return {
    card: {
      ...{ name: asked.name, source: source.source, licence: source.licence, hash },
      revision: source.revision === '' ? hash.slice(7, 19) : source.revision,
      ...{ dtype, device: device.name, maxTokens: longest },
    },
    fingerprint: `quality model ${hash} ${tokens} ${recipe} v${VERSION}`,
    width: 1,
    head: shown,
    warnings: source.warnings,
    async score(items, { signal } = {}) {
      const windows = items.flatMap(windowsOf);
      const sums = new Float64Array(items.length);
      const weights = new Float64Array(items.length);
      const counts = new Int32Array(items.length);
      for (const { length, inputs } of planBatches(windows.map(({ ids }) => ids.length))) {
        await breathe();
        throwIfAborted(signal);
        const batch = inputs.map((input) => windows[input]!);
        const logits = await logitsOf(batch, length);
        for (const [row, { item, weight, ids }] of batch.entries()) {
          // A window weighs what it has tokens.
          const number = numberOf(logits.subarray(row * outputs, (row + 1) * outputs));
          sums[item]! += Math.max(1, weight) * number;
          weights[item]! += Math.max(1, weight);
          counts[item]! += ids.length;
        }
      }
      return { values: Float32Array.from(sums, (sum, i) => sum / weights[i]!), tokens: counts };
    },
    close: () => session.release(),
  };
}

function wrapped(
  ids: Int32Array,
  { before, after }: { readonly before: readonly number[]; readonly after: readonly number[] },
  item: number,
): Window {
  const whole = Int32Array.from([...before, ...ids, ...after]);
  return { ids: whole, types: new Int32Array(whole.length), item, weight: ids.length };
}

/** Two texts together. Where they are too long the longer loses its end until both are as long, then both do. */
function pairWindow(
  first: Int32Array,
  second: Int32Array,
  { before, between, after, types }: PairTemplate,
  longest: number,
  item: number,
): Window {
  const room = Math.max(2, longest - before.length - between.length - after.length);
  const half = Math.floor(room / 2);
  const a = first.subarray(0, Math.max(half, room - second.length));
  const b = second.subarray(0, Math.max(room - half, room - a.length));
  const parts = [before, a, between, b, after];
  const ids = Int32Array.from(parts.flatMap((part) => Array.from(part)));
  const kinds = parts.flatMap((part, i) => Array.from(part, () => types[i]!));
  return { ids, types: Int32Array.from(kinds), item, weight: a.length + b.length };
}

type FeedsOf = (windows: readonly Window[], width: number) => Record<string, Feed>;

function feedsFor(session: Session, name: string): FeedsOf {
  const makers: Readonly<Record<string, (window: Window, i: number) => number>> = {
    input_ids: ({ ids }, i) => ids[i]!,
    attention_mask: () => 1,
    token_type_ids: ({ types }, i) => types[i]!,
    position_ids: (_, i) => i,
  };
  const unknown = session.inputs.filter((input) => !Object.hasOwn(makers, input));
  if (unknown.length > 0) {
    throw inputError(
      `The quality model ${name} wants the input ${unknown.join(', ')}, which gamut does not know; export it for text classification.`,
    );
  }
  return (windows, width) =>
    Object.fromEntries(
      session.inputs.map((input): [string, Feed] => {
        const make = makers[input]!;
        const data = new BigInt64Array(windows.length * width);
        for (const [row, window] of windows.entries()) {
          for (let i = 0; i < window.ids.length; i += 1) {
            data[row * width + i] = BigInt(make(window, i));
          }
        }
        return [input, [data, [windows.length, width]]];
      }),
    );
}
