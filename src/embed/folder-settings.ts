import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inputError } from '../base/errors.ts';
import type { Pooling } from './embedder.ts';
import { readJson } from './model-files.ts';

/** How a model wants to be used, as far as the files of its folder say. */
export interface FolderSettings {
  /** null where no file says. */
  readonly pooling: Pooling | null;
  /** Longest input in tokens that it was trained with, those around every text included; null where no file says. */
  readonly maxTokens: number | null;
  /** Longest input that its tokeniser lets through; null where no file says. */
  readonly tokeniserLimit: number | null;
  /** Text before every row; null where no file says. */
  readonly prefix: string | null;
  /** Folders of dense layers behind the pool, in order. */
  readonly dense: readonly string[];
}

/** What BERT-like models read when their files do not say. */
export const DEFAULT_TOKENS = 512;

/** The modules of sentence-transformers that are known, by the end of their names. */
const MODULES = ['Transformer', 'Pooling', 'Dense', 'Normalize'];

/**
 * Reads sentence-transformers' files: `modules.json`, the pool's `config.json`,
 * `sentence_bert_config.json` and the prompts of `config_sentence_transformers.json`; and the
 * tokeniser's own limit. Any of them may be missing.
 */
export function readFolderSettings(folder: string): FolderSettings {
  const modules = modulesOf(folder);
  const pool = modules.find(({ type }) => type === 'Pooling')?.path ?? '1_Pooling';
  return {
    pooling: poolingOf(join(folder, pool, 'config.json')),
    maxTokens: lengthOf(join(folder, 'sentence_bert_config.json'), 'max_seq_length'),
    tokeniserLimit: lengthOf(join(folder, 'tokenizer_config.json'), 'model_max_length'),
    prefix: prefixOf(join(folder, 'config_sentence_transformers.json')),
    dense: modules.filter(({ type }) => type === 'Dense').map(({ path }) => join(folder, path)),
  };
}

interface Module {
  readonly type: string;
  readonly path: string;
}

function modulesOf(folder: string): Module[] {
  const file = join(folder, 'modules.json');
  if (!existsSync(file)) return [];
  const list = readJson(file) as unknown;
  if (!Array.isArray(list)) throw inputError(`${file} is no list of modules.`);
  return (list as { type?: string; path?: string }[]).map(({ type = '', path = '' }) => {
    const name = type.split('.').at(-1)!;
    if (!MODULES.includes(name)) {
      throw inputError(
        `${file} names a module that gamut does not know, ${type}; known are ${MODULES.join(', ')}.`,
      );
    }
    return { type: name, path };
  });
}

const POOLS: Readonly<Record<string, Pooling>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_lasttoken: 'last',
};
/** The same as newer versions write them, under the key pooling_mode. */
const NAMED_POOLS: Readonly<Record<string, Pooling>> = {
  cls: 'cls',
  mean: 'mean',
  lasttoken: 'last',
};

function poolingOf(file: string): Pooling | null {
  if (!existsSync(file)) return null;
  const config = readJson(file);
  const { pooling_mode: named } = config;
  if (typeof named === 'string' && Object.hasOwn(NAMED_POOLS, named)) return NAMED_POOLS[named]!;
  if (named !== undefined) {
    throw inputError(
      `${file} asks for the pooling ${JSON.stringify(named)}; known are ${Object.keys(NAMED_POOLS).join(', ')}.`,
    );
  }
  const asked = Object.keys(config).filter(
    (key) => key.startsWith('pooling_mode_') && config[key] === true,
  );
  const known = asked.map((key) => POOLS[key]);
  if (known.length === 1 && known[0] !== undefined) return known[0];
  throw inputError(
    `${file} asks for ${asked.join(' and ') || 'no pooling'}; known are ${Object.keys(POOLS).join(', ')}, one at a time.`,
  );
}

/** A length that a file states; tokenisers without a limit say 1e30. */
function lengthOf(file: string, key: string): number | null {
  const value = existsSync(file) ? readJson(file)[key] : null;
  return typeof value === 'number' && value > 2 && value < 1e6 ? value : null;
}

/** The prompt that sentence-transformers would put before a text nobody names a prompt for. */
function prefixOf(file: string): string | null {
  if (!existsSync(file)) return null;
  const { prompts, default_prompt_name: name } = readJson(file);
  if (typeof name !== 'string') return null;
  const prompt = (prompts as Record<string, unknown> | undefined)?.[name];
  if (typeof prompt === 'string') return prompt;
  throw inputError(`${file} names the prompt '${name}' as its default, but has none of that name.`);
}
