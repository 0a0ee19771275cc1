import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { inputError, usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import { DTYPES, type Dtype } from '../embed/embedder.ts';
import { parseHubId } from '../embed/hub/hub.ts';
import { fetchModel } from '../embed/hub/hub-model.ts';
import { readJson } from '../embed/model-files.ts';
import { SUFFIXES } from '../embed/model-folder.ts';

/** Where a model's files are, and what is known of where they come from. */
export interface ModelSource {
  readonly folder: string;
  /** The ONNX file. */
  readonly file: string;
  readonly dtype: Dtype;
  readonly name: string;
  readonly source: string;
  readonly revision: string;
  readonly licence: string;
  readonly warnings: readonly string[];
}

export interface SourceOptions extends RunOptions {
  /** The precision of the weights. Default: the first of DTYPES that it comes in. */
  readonly dtype?: Dtype | undefined;
  readonly cache?: string | undefined;
  readonly offline?: boolean | undefined;
}

export interface Sought {
  /** The flag that named it. */
  readonly flag: string;
  /** 'a language model' */
  readonly kind: string;
  /** Names of ONNX files without precision and ending, the preferred one first. */
  readonly stems: readonly string[];
}

/** Whether a name can be that of a model at all; what is mistyped is said before any work. */
export function checkModelName(name: string, { flag, kind }: Sought): void {
  if (isFolder(name) || parseHubId(name) !== null) return;
  throw usageError(
    `${flag} ${name} is ${kind} nowhere: name a folder with an ONNX model and its tokenizer.json, or a model of the Hugging Face hub as owner/name.`,
  );
}

/** Finds the files of a model in a folder, or fetches them from the hub. */
export async function openSource(
  name: string,
  sought: Sought,
  options: SourceOptions,
): Promise<ModelSource> {
  checkModelName(name, sought);
  if (isFolder(name)) {
    const folder = resolve(name);
    const has = (path: string): boolean => existsSync(join(folder, path));
    if (!has('tokenizer.json')) {
      throw inputError(
        `The model folder ${name} has no tokenizer.json; ${sought.flag} needs that and an ONNX file.`,
      );
    }
    const { path, dtype } = fileAmong(has, `The model folder ${name}`, sought, options.dtype);
    return {
      ...{ folder, file: join(folder, path), dtype, name: basename(folder), source: name },
      ...{ revision: '', licence: 'as the model’s own', warnings: [] },
    };
  }
  const id = parseHubId(name)!;
  const what = `The model ${id.repository}`;
  let chosen: { path: string; dtype: Dtype } | undefined;
  const { folder, card, warnings } = await fetchModel(
    id,
    undefined,
    (kept, paths) => {
      // Where another program fetched the model its listing is not known; what it left is.
      const has = (path: string): boolean =>
        paths.length > 0 ? paths.includes(path) : existsSync(join(kept, path));
      if (!existsSync(join(kept, 'tokenizer.json'))) {
        throw inputError(`${what} has no tokenizer.json, which gamut needs.`);
      }
      chosen = fileAmong(has, what, sought, options.dtype);
      const { path } = chosen;
      const beside = paths.filter(
        (other) => other.startsWith(`${path}_data`) || other === `${path}.data`,
      );
      return [path, ...beside];
    },
    options,
  );
  const { path, dtype } = chosen!;
  return {
    ...{ folder, file: join(folder, path), dtype, warnings },
    ...{ name: id.repository, source: card.source!, revision: card.revision! },
    licence: card.licence!,
  };
}

export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function fileAmong(
  has: (path: string) => boolean,
  what: string,
  { flag, stems }: Sought,
  asked: Dtype | undefined,
): { path: string; dtype: Dtype } {
  const find = (dtype: Dtype): string | undefined =>
    stems
      .map((stem) => `${stem}${SUFFIXES[dtype]}.onnx`)
      .flatMap((file) => [`onnx/${file}`, file])
      .find(has);
  const there = DTYPES.filter((dtype) => find(dtype) !== undefined);
  const dtype = asked ?? there[0];
  const path = dtype === undefined ? undefined : find(dtype);
  if (path !== undefined) return { path, dtype: dtype! };
  const wanted = stems.map((stem) => `onnx/${stem}${SUFFIXES[asked ?? 'fp32']}.onnx`).join(' or ');
  const remedy = there.length > 0 ? ` It comes in ${there.join(', ')}.` : '';
  throw inputError(`${what} has no ${wanted}, which ${flag} needs.${remedy}`);
}

/** What config.json says; nothing where there is none. */
export const readConfig = (
  folder: string,
  file = 'config.json',
): Readonly<Record<string, unknown>> =>
  existsSync(join(folder, file)) ? readJson(join(folder, file)) : {};

/** The most tokens that a model's files say it reads; what BERT-like and GPT-2-like models call it. */
export function readLimit(folder: string): number {
  const config = readConfig(folder);
  const { model_max_length: limit } = readConfig(folder, 'tokenizer_config.json');
  const names = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'];
  const sizes = [...names.map((name) => config[name]), limit].filter(
    (size): size is number => typeof size === 'number' && size > 1,
  );
  // RoBERTa counts places from two on.
  const lost = /roberta|camembert/u.test(String(config.model_type)) ? 2 : 0;
  return Math.min(
    Number.MAX_SAFE_INTEGER,
    ...sizes.map((size, i) => (i === 0 ? size - lost : size)),
  );
}
