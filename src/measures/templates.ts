import type { TextSample } from './texts.ts';

/**
 * Templates: how lines begin, with slots. A skeleton is a sequence of fixed words and slots, "write a …
 * about …", that the beginnings of lines of at least 1 % of the rows fit. It is grown word by word, as
 * log-template miners do (Drain: He et al. 2017; frequent words and gaps: Vaarandi & Pihelgas 2015, LogCluster): lines
 * are parted by their next word; words that fewer rows have go into one slot, of up to SLOT_WORDS words,
 * which ends at the word that most of its rows have next. Words are lower-cased and lose the signs around
 * them; numbers are all one word.
 */
export interface Templates {
  readonly sample: TextSample;
  /** Whether each sampled row fits any skeleton: 1 or 0. */
  readonly fits: Uint8Array;
  /**
   * The skeletons that tell most, most frequent first: not those of which a longer one has nearly all rows,
   * nor those whose rows mostly fit one that comes before.
   */
  readonly skeletons: readonly Skeleton[];
}

export interface Skeleton {
  /** For people: fixed words, and … for slots. */
  readonly pattern: string;
  /** Sampled rows that fit it, and their share. */
  readonly rows: number;
  readonly share: number;
  /** Some of them, as row numbers of the dataset, in the sample's order. */
  readonly examples: readonly number[];
}

/** Share of the rows that must have a skeleton, and rows below which nothing is a pattern. */
const SHARE = 0.01;
const LEAST_ROWS = 3;
/** Words of a line that are looked at, lines of a row, words that a slot may swallow. */
const LINE_WORDS = 16;
const LINES = 8;
const SLOT_WORDS = 4;
/** A skeleton has so many fixed words at least, and slots swallow less than half of its words. */
const FIXED_WORDS = 4;
const EXAMPLES = 3;

const SLOT = '…';
const NUMBER = '0';

/** One line of a row, and how far its beginning has been read. */
interface Line {
  readonly row: number;
  readonly words: readonly string[];
  at: number;
}

interface Found {
  readonly pattern: string;
  readonly fixed: number;
  readonly rows: readonly number[];
}

export function findTemplates(sample: TextSample): Templates {
  const n = sample.texts.length;
  const least = Math.max(LEAST_ROWS, Math.ceil(n * SHARE));
  const lines = sample.texts.flatMap((text, row) =>
    linesOf(text).map((words) => ({ row, words, at: 0 })),
  );
  const found: Found[] = [];
  grow(lines, [], least, found);
  const fits = new Uint8Array(n);
  for (const { rows } of found) for (const row of rows) fits[row] = 1;
  return { sample, fits, skeletons: telling(found).map((one) => asSkeleton(one, sample)) };
}

function asSkeleton({ pattern, rows }: Found, sample: TextSample): Skeleton {
  const examples = rows.slice(0, EXAMPLES).map((row) => sample.rows[row]!);
  return { pattern, rows: rows.length, share: rows.length / sample.texts.length, examples };
}

/** Part of a skeleton's rows that a longer one must have to stand for it; that are old news. */
const NEARLY_ALL = 0.8;
const MOSTLY = 0.5;

function telling(found: readonly Found[]): Found[] {
  const first = found.filter(
    ({ pattern, rows }) =>
      !found.some(
        (other) =>
          other.pattern.startsWith(`${pattern} `) && other.rows.length >= NEARLY_ALL * rows.length,
      ),
  );
  first.sort(
    (a, b) => b.rows.length - a.rows.length || b.fixed - a.fixed || compare(a.pattern, b.pattern),
  );
  const told = new Set<number>();
  return first.filter(({ rows }) => {
    const old = rows.filter((row) => told.has(row)).length;
    for (const row of rows) told.add(row);
    return old < MOSTLY * rows.length;
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The words of the first lines that have enough of them. */
function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  // A text of a megabyte has no more beginnings than another.
  for (const line of text.slice(0, 8192).split(/[\n\r]+/)) {
    if (lines.length === LINES) break;
    const words = wordsOf(line);
    if (words.length >= FIXED_WORDS) lines.push(words);
  }
  return lines;
}

const WORD =
  /\p{N}[\p{N}.,]*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{M}'’_-][\p{L}\p{M}\p{N}'’_-]*/gu;

function wordsOf(line: string): string[] {
  const found = line.slice(0, 512).toLowerCase().match(WORD) ?? [];
  const words = found.map((word) => (/^\p{N}/u.test(word) ? NUMBER : word));
  // Numbers in a row are one: what is between them is no wording.
  return words.filter((word, i) => word !== NUMBER || words[i - 1] !== NUMBER).slice(0, LINE_WORDS);
}

const rowsIn = (lines: readonly Line[]): number[] =>
  [...new Set(lines.map(({ row }) => row))].sort((a, b) => a - b);

/** Parts lines by their next word; a branch that enough rows follow is grown on, the rest share a slot. */
function grow(
  lines: readonly Line[],
  pattern: readonly string[],
  least: number,
  found: Found[],
): void {
  const rows = rowsIn(lines);
  if (rows.length < least) return;
  const fixed = pattern.filter((word) => word !== SLOT && word !== NUMBER);
  const swallowed = lines.reduce((sum, { at }) => sum + at - fixed.length, 0) / lines.length;
  const ends = pattern.at(-1) !== SLOT;
  if (ends && fixed.length >= FIXED_WORDS && swallowed < fixed.length) {
    found.push({ pattern: pattern.join(' '), fixed: fixed.length, rows });
  }
  const { branches, rest } = part(lines, least);
  for (const [word, branch] of branches) grow(branch, [...pattern, word], least, found);
  // A pattern does not begin with a slot: every line would fit.
  if (pattern.length > 0) growSlot(rest, pattern, least, found);
}

function part(
  lines: readonly Line[],
  least: number,
): { branches: [word: string, lines: Line[]][]; rest: Line[] } {
  const byWord = new Map<string, Line[]>();
  for (const line of lines) {
    const word = line.words[line.at];
    if (word === undefined) continue;
    const same = byWord.get(word);
    if (same === undefined) byWord.set(word, [line]);
    else same.push(line);
  }
  const branches: [string, Line[]][] = [];
  const rest: Line[] = [];
  for (const [word, same] of [...byWord].sort(([a], [b]) => compare(a, b))) {
    if (same.length >= least && rowsIn(same).length >= least) {
      branches.push([word, same.map((line) => ({ ...line, at: line.at + 1 }))]);
    } else rest.push(...same);
  }
  return { branches, rest };
}

/** A slot ends at the word that most of its rows have next; those that have none of the frequent ones drop out. */
function growSlot(
  lines: readonly Line[],
  pattern: readonly string[],
  least: number,
  found: Found[],
): void {
  let left = lines;
  while (left.length >= least) {
    const anchor = commonWord(left, least);
    if (anchor === null) return;
    const through: Line[] = [];
    const others: Line[] = [];
    for (const line of left) {
      const place = line.words.indexOf(anchor, line.at + 1);
      if (place < 0 || place > line.at + SLOT_WORDS) others.push(line);
      else through.push({ ...line, at: place + 1 });
    }
    grow(through, [...pattern, SLOT, anchor], least, found);
    left = others;
  }
}

/** The word that most rows have behind the slot, if enough have it; the first in the alphabet among equals. */
function commonWord(lines: readonly Line[], least: number): string | null {
  const rows = new Map<string, Set<number>>();
  for (const { row, words, at } of lines) {
    for (const word of words.slice(at + 1, at + 1 + SLOT_WORDS)) {
      const known = rows.get(word);
      if (known === undefined) rows.set(word, new Set([row]));
      else known.add(row);
    }
  }
  let best: string | null = null;
  let most = least - 1;
  for (const [word, { size }] of rows) {
    if (size < most || size < least) continue;
    if (size === most && best !== null && compare(best, word) < 0) continue;
    best = word;
    most = size;
  }
  return best;
}
