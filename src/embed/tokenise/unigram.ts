import { createTrie, step } from './trie.ts';

/** Turns a text into token ids. No text is refused; one with nothing in it has no tokens. */
export type Tokenise = (text: string) => Int32Array;

/** A vocabulary entry: what it spells ('▁' stands for a space) and its log probability, below 0. */
export type Piece = readonly [spelling: string, score: number];

export interface UnigramOptions {
  /** How many ids at the start of the vocabulary are markers that no text can spell. */
  readonly reserved: number;
  /** The id of what the vocabulary cannot spell. */
  readonly unknown: number;
}

/**
 * SentencePiece's unigram model (Kudo 2018, arXiv 1804.10959): of all ways to spell the text with
 * pieces, the one with the largest sum of log probabilities, found by Viterbi's algorithm; where two
 * are equal, the one with the shorter last piece. Case is kept.
 *
 * The text is NFKC-normalised first, then white space is trimmed and every run of it folded to one
 * space, so that a line break is a word boundary and not an unknown character.
 *
 * Characters that start no piece are unknown, and a run of them is one token. The search works on
 * UTF-16 code units: a vocabulary without characters beyond the basic plane makes both halves of such
 * a character unknown, which folds to the same single token, and lone surrogates need no special case.
 */
export function createUnigram(pieces: readonly Piece[], options: UnigramOptions): Tokenise {
  const { reserved, unknown } = options;
  const words = pieces.map(([spelling], id): [string, number] => [spelling, id]);
  const trie = createTrie(words.slice(reserved));
  const scores = Float64Array.from(pieces, ([, score]) => score);
  const lengths = Int32Array.from(pieces, ([spelling]) => spelling.length);
  lengths[unknown] = 1;

  return (text) => {
    const folded = text.normalize('NFKC').trim().replace(/\s+/gu, '▁');
    if (folded === '') return new Int32Array(0);
    const spelled = `▁${folded}`;
    const size = spelled.length;

    // best[i] is the score of the best spelling of the first i units, last[i] the piece it ends with.
    const best = new Float64Array(size + 1).fill(Number.NEGATIVE_INFINITY);
    const last = new Int32Array(size + 1);
    best[0] = 0;
    for (let start = 0; start < size; start++) {
      const before = best[start]!;
      if (before === Number.NEGATIVE_INFINITY) continue;
      let found = false;
      let node = 0;
      for (let end = start; end < size; ) {
        node = step(trie, node, spelled.charCodeAt(end));
        if (node < 0) break;
        end += 1;
        const id = trie.values[node]!;
        if (id < 0) continue;
        found = true;
        const score = before + scores[id]!;
        if (score >= best[end]!) {
          best[end] = score;
          last[end] = id;
        }
      }
      // No other path crosses an unknown character, so what it costs decides nothing.
      if (!found && before >= best[start + 1]!) {
        best[start + 1] = before;
        last[start + 1] = unknown;
      }
    }

    const ids = new Int32Array(size);
    let at = size;
    for (let end = size; end > 0; ) {
      const id = last[end]!;
      if (id !== unknown || at === size || ids[at] !== unknown) ids[--at] = id;
      end -= lengths[id]!;
    }
    return ids.slice(at);
  };
}
