import type { TextSample } from './texts.ts';

/**
 * Templates: how lines begin, with slots. A skeleton is a sequence of fixed words and slots, "write a …
 * about …", that the beginnings of lines of at least 1 % of the rows fit. It is grown word by word, as
 * log-template miners do (Drain: He et al. 2017; frequent words and gaps: Vaarandi & Pihelgas 2015, LogCluster): lines
 * are parted by their next word; words that fewer rows have go into one slot, of up to SLOT_WORDS words,
 * which ends at a word that most of its rows have next. Words are lower-cased and lose the signs around
 * them; numbers are all one word.
 */
export interface Templates {
  readonly sample: TextSample;
  /** Whether each sampled row fits any skeleton: 1 or 0. */
  readonly fits: Uint8Array;
  /** Variance of the number of rows that fit, from skeletons that in a fresh draw may lack the rows they need. */
  readonly unsettled: number;
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
  /** They themselves, as places in the sample, in its order. */
  readonly places: readonly number[];
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

export const SLOT = '…';
export const NUMBER = '0';

/** One line of a row, and how far its beginning has been read. */
interface Line {
  readonly row: number;
  readonly words: readonly string[];
  at: number;
}

export interface Found {
  readonly pattern: string;
  /** Fixed words. */
  readonly fixed: number;
  /** Ascending. */
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
  return {
    sample,
    fits,
    unsettled: unsettledBy(found, least),
    skeletons: telling(found).map((one) => asSkeleton(one, n)),
  };
}

/**
 * A skeleton of N rows has in a fresh draw a number of them that is Poisson's, nearly; where that is below `least`, the M rows go that
 * fit no larger one: M² p (1 − p). Twice, since as many others are just below what would make them skeletons.
 */
function unsettledBy(found: readonly Found[], least: number): number {
  const taken = new Set<number>();
  let variance = 0;
  for (const { rows } of found.toSorted((a, b) => b.rows.length - a.rows.length)) {
    let own = 0;
    for (const row of rows) {
      if (taken.has(row)) continue;
      taken.add(row);
      own += 1;
    }
    const enough = chanceOf(rows.length, least);
    variance += 2 * own * own * enough * (1 - enough);
  }
  return variance;
}

/** The chance that a Poisson number of this mean is `least` or more. */
function chanceOf(mean: number, least: number): number {
  let [below, log] = [0, -mean];
  for (let k = 0; k < least; k += 1) {
    below += Math.exp(log);
    log += Math.log(mean / (k + 1));
  }
  return Math.max(0, 1 - below);
}

const asSkeleton = ({ pattern, rows }: Found, n: number): Skeleton => ({
  ...{ pattern, rows: rows.length, share: rows.length / n, places: rows },
});

/** Part of a skeleton's rows that a longer one must have to stand for it; that are old news. */
const NEARLY_ALL = 0.8;
const MOSTLY = 0.5;

/** The patterns that say most: see `Templates.skeletons`. */
export function telling(found: readonly Found[]): Found[] {
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
  for (const line of splitLines(text)) {
    if (lines.length === LINES) break;
    const words = wordsAt(line).map(({ word }) => word);
    if (words.length >= FIXED_WORDS) lines.push(words);
  }
  return lines;
}

/** The lines of a text's beginning: a text of a megabyte has no more beginnings than another. */
export const splitLines = (text: string): string[] => text.slice(0, 8192).split(/[\n\r]+/);

/** A word of a line in lower case, NUMBER for a number, and where it stands. */
export interface PlacedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const WORD =
  /\p{N}+(?:[.,]\p{N}+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{M}'’_-][\p{L}\p{M}\p{N}'’_-]*/gu;

/** The first words of a line. Numbers in a row are one: what is between them is no wording. */
export function wordsAt(line: string): PlacedWord[] {
  const words: { word: string; start: number; end: number }[] = [];
  for (const match of line.slice(0, 512).matchAll(WORD)) {
    const word = /^\p{N}/u.test(match[0]) ? NUMBER : match[0].toLowerCase();
    const end = match.index + match[0].length;
    const before = words.at(-1);
    if (word === NUMBER && before?.word === NUMBER) before.end = end;
    else if (words.length === LINE_WORDS) break;
    else words.push({ word, start: match.index, end });
  }
  return words;
}

/** Where a skeleton's parts stand in a line that begins as it says; null in one that does not. */
export function placesOf(
  pattern: readonly string[],
  words: readonly PlacedWord[],
): PlacedWord[] | null {
  const places: PlacedWord[] = [];
  let at = 0;
  for (const [p, part] of pattern.entries()) {
    if (part === SLOT) {
      const end = words.findIndex(({ word }, i) => i > at && word === pattern[p + 1]);
      if (end < 0 || end > at + SLOT_WORDS) return null;
      places.push({ word: SLOT, start: words[at]!.start, end: words[end - 1]!.end });
      at = end;
    } else {
      if (words[at]?.word !== part) return null;
      places.push(words[at]!);
      at += 1;
    }
  }
  return places;
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

/** A slot ends at a word that most of its rows have next; those that have none of the frequent ones drop out. */
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

/** Part of the rows that have the commonest word which a word must have to end a slot in its place. */
const ABOUT_AS_MANY = 0.9;

/**
 * The word that most rows have behind the slot, if enough have it. Of those that about as many have, the
 * one that comes first in the lines: what lies between would go into the slot.
 */
function commonWord(lines: readonly Line[], least: number): string | null {
  const found = new Map<string, { rows: Set<number>; offsets: number; lines: number }>();
  for (const { row, words, at } of lines) {
    for (const [offset, word] of words.slice(at + 1, at + 1 + SLOT_WORDS).entries()) {
      const known = found.get(word) ?? { rows: new Set(), offsets: 0, lines: 0 };
      known.rows.add(row);
      known.offsets += offset;
      known.lines += 1;
      found.set(word, known);
    }
  }
  let most = 0;
  for (const { rows } of found.values()) most = Math.max(most, rows.size);
  const enough = Math.max(least, ABOUT_AS_MANY * most);
  let best: string | null = null;
  let first = Number.POSITIVE_INFINITY;
  for (const [word, { rows, offsets, lines: count }] of found) {
    if (rows.size < enough) continue;
    const mean = offsets / count;
    if (mean > first || (mean === first && compare(best!, word) < 0)) continue;
    best = word;
    first = mean;
  }
  return best;
}
