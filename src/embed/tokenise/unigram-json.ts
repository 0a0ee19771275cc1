import type { TokenizerJson } from './tokenizer-json.ts';
import { createUnigram, type Piece, type Tokenise, type UnigramOptions } from './unigram.ts';

/** The steps before the search of `createUnigram`, in the words of tokenizer.json. */
const NORMALIZER = {
  type: 'Sequence',
  normalizers: [
    { type: 'NFKC' },
    { type: 'Strip', strip_left: true, strip_right: true },
    { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
  ],
};
const METASPACE = {
  type: 'Metaspace',
  replacement: '▁',
  prepend_scheme: 'always',
  split: false,
};

/** A marker's spelling in the file: no text can have it, since spaces in texts become '▁'. */
const reservedName = (id: number): string => `[reserved ${id}]`;

/** What `createUnigram` does as a tokenizer.json that other programs read too. */
export function unigramJson(
  pieces: readonly Piece[],
  { reserved, unknown }: UnigramOptions,
): Readonly<Record<string, unknown>> {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: NORMALIZER,
    pre_tokenizer: METASPACE,
    post_processor: null,
    decoder: METASPACE,
    model: {
      type: 'Unigram',
      unk_id: unknown,
      vocab: pieces.map(([spelling, score], id) => [
        id < reserved ? reservedName(id) : spelling,
        score,
      ]),
      byte_fallback: false,
    },
  };
}

/** The tokeniser of a file that `unigramJson` wrote; null for any other. */
export function unigramOf({
  normalizer,
  pre_tokenizer: pre,
  model,
}: TokenizerJson): Tokenise | null {
  const same = JSON.stringify([normalizer, pre]) === JSON.stringify([NORMALIZER, METASPACE]);
  const { vocab, unk_id: unknown } = model;
  if (!same || !Array.isArray(vocab) || typeof unknown !== 'number') return null;
  const pieces = vocab as readonly Piece[];
  let reserved = 0;
  while (pieces[reserved]?.[0] === reservedName(reserved)) reserved += 1;
  return createUnigram(pieces, { reserved, unknown });
}
