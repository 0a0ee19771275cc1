import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputError, messageOf } from '../../base/errors.ts';
import { withAddedTokens } from './added-tokens.ts';
import type { BertRules } from './bert-text.ts';
import type { Source } from './thread-tokens.ts';
import type { Tokenise } from './unigram.ts';
import { unigramOf } from './unigram-json.ts';
import { createWordPiece } from './wordpiece.ts';

/** A model's tokeniser, from its `tokenizer.json`. */
export interface Tokeniser {
  /** The tokens of a text, without those that stand around every text. */
  readonly tokenise: Tokenise;
  /** What the model wants before and after every text: [CLS] and [SEP]. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The token of what the vocabulary cannot spell; −1 where it can spell everything. */
  readonly unknown: number;
  /** How each token is spelled; markers of no text, such as [PAD], are among them. */
  readonly vocabulary: readonly string[];
  /** How often each token occurs in text, as a share, where the file says. */
  readonly shares: Float64Array | null;
  /** The file's own content. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly single_word?: boolean;
  readonly normalized?: boolean;
}

/** The parts of a tokenizer.json that are read here. */
export interface TokenizerJson {
  readonly added_tokens?: readonly AddedToken[];
  readonly normalizer: Part | null;
  readonly pre_tokenizer: Part | null;
  readonly post_processor: Part | null;
  readonly model: Part & {
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
    readonly unk_token?: string | null;
    readonly unk_id?: number | null;
    readonly continuing_subword_prefix?: string;
    readonly max_input_chars_per_word?: number;
  };
}
type Part = { readonly type?: string } & Readonly<Record<string, unknown>>;

/**
 * Opens the tokeniser of a model folder. BERT's kind, which most embedding models have, runs in code of
 * ours, many times faster; every other runs through transformers.js. Both give the same tokens.
 */
export async function openTokeniser(folder: string): Promise<Tokeniser> {
  const json = readTokenizerJson(folder);
  return {
    ...(await partsOf(json, folder)),
    unknown: unknownOf(json),
    vocabulary: spellings(json),
    shares: sharesOf(json),
    json: json as unknown as Readonly<Record<string, unknown>>,
  };
}

/** The same tokeniser once more, for a thread, without what is known besides. */
export async function tokeniseOf(source: Source): Promise<Tokenise> {
  if ('folder' in source) {
    return (await partsOf(readTokenizerJson(source.folder), source.folder)).tokenise;
  }
  return (await partsOf(source.json, null)).tokenise;
}

/** In code of ours where that does the same; what has no folder is of a kind that it knows. */
async function partsOf(json: TokenizerJson, folder: string | null): Promise<Parts> {
  const tokenise = nativeTokenise(json);
  const around = specialTokens(json.post_processor);
  if (tokenise && around) return { tokenise, ...around };
  if (folder !== null) return viaTransformers(folder, json);
  throw inputError('A tokeniser of this kind is opened from its folder.');
}

/** A unigram model's scores are logarithms of shares; markers have 0, which is no share. */
function sharesOf({ model }: TokenizerJson): Float64Array | null {
  if (!Array.isArray(model.vocab)) return null;
  const pieces = model.vocab as readonly (readonly [string, number])[];
  return Float64Array.from(pieces, ([, score]) => (score < 0 ? Math.exp(score) : 0));
}

export function readTokenizerJson(folder: string): TokenizerJson {
  const file = join(folder, 'tokenizer.json');
  try {
    const json = JSON.parse(readFileSync(file, 'utf8')) as TokenizerJson;
    if (typeof json.model?.vocab !== 'object') throw new Error('it has no model.vocab');
    return json;
  } catch (error) {
    throw inputError(`The tokeniser ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** How every token is spelled, by its id. */
function spellings({ model, added_tokens: added = [] }: TokenizerJson): string[] {
  const { vocab } = model;
  const list: string[] = [];
  if (Array.isArray(vocab)) for (const [piece] of vocab as [string, number][]) list.push(piece);
  else for (const [piece, id] of Object.entries(vocab)) list[id as number] = piece;
  for (const { id, content } of added) list[id] = content;
  return Array.from(list, (piece) => piece ?? '');
}

function unknownOf({ model }: TokenizerJson): number {
  if (Array.isArray(model.vocab)) return model.unk_id ?? -1;
  const { unk_token: unknown } = model;
  const vocab = model.vocab as Readonly<Record<string, number>>;
  return unknown && Object.hasOwn(vocab, unknown) ? vocab[unknown]! : -1;
}

/** Our own tokeniser where it does the same as the file says; null where that is not known. */
function nativeTokenise(json: TokenizerJson): Tokenise | null {
  const { model, normalizer, pre_tokenizer: pre, added_tokens: added = [] } = json;
  if (model.type === 'Unigram') return unigramOf(json);
  const plain = added.every((token) => token.normalized !== true && token.single_word !== true);
  if (!plain || model.type !== 'WordPiece' || Array.isArray(model.vocab)) return null;
  if (normalizer?.type !== 'BertNormalizer' || pre?.type !== 'BertPreTokenizer') return null;
  const unknown = unknownOf(json);
  if (unknown < 0) return null;
  const tokenise = createWordPiece(Object.entries(model.vocab), {
    rules: bertRules(normalizer),
    unknown,
    prefix: model.continuing_subword_prefix ?? '##',
    longest: model.max_input_chars_per_word ?? 100,
  });
  return withAddedTokens(tokenise, added);
}

function bertRules(normalizer: Part): BertRules {
  const lowercase = normalizer.lowercase !== false;
  return {
    lowercase,
    cleanText: normalizer.clean_text !== false,
    ideographs: normalizer.handle_chinese_chars !== false,
    stripAccents: normalizer.strip_accents === null ? lowercase : normalizer.strip_accents === true,
  };
}

interface Around {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

interface Parts extends Around {
  readonly tokenise: Tokenise;
}

/** What a post-processor puts around a single text; null for one that is not known. */
function specialTokens(part: Part | null): Around | null {
  if (part === null) return { before: [], after: [] };
  if (part.type === 'BertProcessing' || part.type === 'RobertaProcessing') {
    const { cls, sep } = part as unknown as Record<'cls' | 'sep', readonly [string, number]>;
    return { before: [cls[1]], after: [sep[1]] };
  }
  if (part.type !== 'TemplateProcessing') return null;
  const { single, special_tokens: ids } = part as unknown as {
    readonly single: readonly Readonly<Record<string, { readonly id: string }>>[];
    readonly special_tokens: Readonly<Record<string, { readonly ids: readonly number[] }>>;
  };
  const text = single.findIndex((piece) => 'Sequence' in piece);
  const tokens = (pieces: typeof single): number[] =>
    pieces.flatMap((piece) => ids[piece.SpecialToken?.id ?? '']?.ids ?? []);
  return { before: tokens(single.slice(0, text)), after: tokens(single.slice(text + 1)) };
}

/** The tokeniser that transformers.js makes of the folder's files. */
async function viaTransformers(folder: string, json: TokenizerJson): Promise<Parts> {
  const { AutoTokenizer, PreTrainedTokenizer } = await import('@xenova/transformers');
  const tokenizer = (await (existsSync(join(folder, 'tokenizer_config.json'))
    ? AutoTokenizer.from_pretrained(folder, { local_files_only: true })
    : new PreTrainedTokenizer(json, {}))) as InstanceType<typeof PreTrainedTokenizer>;
  const encode = (text: string, special: boolean): number[] =>
    tokenizer.encode(text, { add_special_tokens: special });
  // What is put around every text is what becomes of a text without tokens.
  const around = encode('', true);
  const bare = encode('a', false);
  const dressed = encode('a', true);
  const count = Math.max(0, dressed.length - bare.length);
  let before = 0;
  while (before < count && dressed[before] === around[before] && dressed[before] !== bare[0]) {
    before += 1;
  }
  return {
    before: around.slice(0, before),
    after: around.slice(before),
    tokenise: (text) => Int32Array.from(encode(text, false)),
  };
}
