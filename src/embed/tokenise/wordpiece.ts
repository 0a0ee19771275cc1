import {
  asciiKinds,
  type BertRules,
  kindOf,
  LETTER,
  MARK,
  NOTHING,
  normaliseText,
  SPACE,
} from './bert-text.ts';
import { createTrie, step, type Trie } from './trie.ts';
import type { Tokenise } from './unigram.ts';

export interface WordPieceOptions {
  readonly rules: BertRules;
  /** The id of a word that the vocabulary cannot spell. */
  readonly unknown: number;
  /** What pieces that go on with a word begin with: '##'. */
  readonly prefix: string;
  /** Words of more characters than this are unknown. */
  readonly longest: number;
}

/** The class of each code unit beyond ASCII is found out when it first comes up. */
const UNASKED = 255;

/**
 * WordPiece (Schuster & Nakajima 2012): each word is the longest piece it begins with, then the
 * longest that goes on from there, and so on; a word that cannot be spelled to its end is one unknown
 * token. Both sets of pieces are trees, so a word is read once, and no string is made on the way; only
 * a text with characters beyond ASCII is normalised first.
 */
export function createWordPiece(
  vocabulary: Iterable<readonly [piece: string, id: number]>,
  options: WordPieceOptions,
): Tokenise {
  const { rules, unknown, prefix, longest } = options;
  const entries = [...vocabulary];
  const first = createTrie(entries);
  const rest = createTrie(
    entries
      .filter(([piece]) => piece.startsWith(prefix))
      .map(([piece, id]): [string, number] => [piece.slice(prefix.length), id]),
  );
  const fromRoot = [rootSteps(first), rootSteps(rest)] as const;
  const kinds = new Uint8Array(0x10000).fill(UNASKED);
  kinds.set(asciiKinds(rules));
  const lower = Uint16Array.from({ length: 0x10000 }, (_, unit) =>
    rules.lowercase && unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit,
  );
  let word = new Uint16Array(64);
  let ids = new Int32Array(256);

  /** The token of the longest piece at `from`, and where it ends; −1 where none begins there. */
  const match = { id: -1, end: 0 };
  const longestPiece = (from: number, size: number): void => {
    const [trie, root] = from === 0 ? [first, fromRoot[0]] : [rest, fromRoot[1]];
    match.id = -1;
    let node = root[word[from]!]!;
    for (let end = from + 1; node >= 0; end += 1) {
      const id = trie.values[node]!;
      if (id >= 0) {
        match.id = id;
        match.end = end;
      }
      if (end === size) return;
      node = step(trie, node, word[end]!);
    }
  };

  /** Appends the tokens of a word of `size` code units and gives the new count. */
  const spell = (size: number, count: number): number => {
    if (count + size > ids.length) ids = grown(ids, count + size);
    if (size > longest && charactersIn(word, size) > longest) {
      ids[count] = unknown;
      return count + 1;
    }
    let at = count;
    for (let from = 0; from < size; from = match.end) {
      longestPiece(from, size);
      if (match.id < 0) {
        ids[count] = unknown;
        return count + 1;
      }
      ids[at] = match.id;
      at += 1;
    }
    return at;
  };

  return (text) => {
    const plain = isAscii(text) ? text : normaliseText(text, rules);
    let count = 0;
    let size = 0;
    for (let i = 0; i < plain.length; i += 1) {
      const unit = plain.charCodeAt(i);
      let kind = kinds[unit]!;
      let units = 1;
      if (kind === UNASKED) {
        if (isPair(plain, i)) {
          units = 2;
          kind = kindOf(plain.slice(i, i + 2));
        } else {
          kind = kindOf(plain[i]!);
          if (unit < 0xd800 || unit > 0xdfff) kinds[unit] = kind;
        }
      }
      if (kind === NOTHING) continue;
      if (kind !== LETTER && size > 0) {
        count = spell(size, count);
        size = 0;
      }
      if (kind === SPACE) continue;
      if (size + 2 > word.length) word = grown(word, size + 2);
      for (const end = i + units; i < end; i += 1) {
        word[size] = lower[plain.charCodeAt(i)]!;
        size += 1;
      }
      i -= 1;
      if (kind === MARK) {
        count = spell(size, count);
        size = 0;
      }
    }
    if (size > 0) count = spell(size, count);
    return ids.slice(0, count);
  };
}

/** Where each code unit leads from the root, which has thousands of children; −1 where nowhere. */
function rootSteps(trie: Trie): Int32Array {
  const steps = new Int32Array(0x10000).fill(-1);
  for (let node = trie.first[0]!; node < trie.first[1]!; node += 1) {
    steps[trie.labels[node]!] = node;
  }
  return steps;
}

const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
};

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;
const isPair = (text: string, i: number): boolean =>
  isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1));

function charactersIn(units: Uint16Array, size: number): number {
  let characters = size;
  for (let i = 1; i < size; i += 1) if (isHigh(units[i - 1]!) && isLow(units[i]!)) characters -= 1;
  return characters;
}

function grown<T extends Uint16Array | Int32Array>(old: T, least: number): T {
  const larger = new (old.constructor as new (length: number) => T)(
    Math.max(least, 2 * old.length),
  );
  larger.set(old);
  return larger;
}
