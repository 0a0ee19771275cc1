import type { PointTexts } from '../view.ts';
import type { Label } from './labels.ts';
import { type Points, REFERENCE } from './points.ts';

/** Rows whose words are read: enough to name places by, quick enough for a first zoom. */
const ROWS = 20_000;
/** Cells along a side of the map at twice its size; they halve with every doubling. */
const CELLS = 8;
const FEWEST = 5;
/** A word names a place when so many of its rows have it. */
const COMMON = 0.3;
const WORDS = 2;

/**
 * Names for parts of clusters, for a map that is zoomed in: the words that many rows of a square cell
 * have and few others. A level is a doubling of the map; names of a level are found once.
 */
export function nearNames(points: Points, texts: PointTexts): (level: number) => Label[] {
  const levels = new Map<number, Label[]>();
  let read: Words | null = null;
  return (level) => {
    const known = levels.get(level);
    if (known) return known;
    read ??= readWords(points, texts);
    const found = namesAt(points, read, CELLS * 2 ** (level - 1));
    levels.set(level, found);
    return found;
  };
}

interface Words {
  readonly rows: readonly number[];
  readonly words: readonly ReadonlySet<string>[];
  readonly frequency: ReadonlyMap<string, number>;
}

function readWords(points: Points, { texts }: PointTexts): Words {
  const rows: number[] = [];
  const words: Set<string>[] = [];
  const frequency = new Map<string, number>();
  const step = Math.ceil(points.count / ROWS);
  for (let i = 0; i < points.count; i += step) {
    const text = texts[i];
    if (points.cluster[i] === REFERENCE || text === null || text === undefined) continue;
    const own = new Set(
      text.toLowerCase().match(/\p{L}[\p{L}\p{M}\p{N}'’]{2,19}(?![\p{L}\p{M}\p{N}])/gu) ?? [],
    );
    for (const word of own) frequency.set(word, (frequency.get(word) ?? 0) + 1);
    rows.push(i);
    words.push(own);
  }
  return { rows, words, frequency };
}

function namesAt(points: Points, { rows, words, frequency }: Words, side: number): Label[] {
  const cells = new Map<number, number[]>();
  for (const [at, row] of rows.entries()) {
    const cell = Math.floor(points.y[row]! * side) * (side + 1) + Math.floor(points.x[row]! * side);
    const list = cells.get(cell);
    if (list) list.push(at);
    else cells.set(cell, [at]);
  }
  const largest = [...cells.values()]
    .filter((members) => members.length >= FEWEST)
    .sort((a, b) => b.length - a.length);
  const labels: Label[] = [];
  const used = new Set<string>();
  for (const members of largest) {
    const name = tellingWords(
      members.map((at) => words[at]!),
      frequency,
      rows.length,
    );
    if (name === '' || used.has(name)) continue;
    used.add(name);
    const middle = (of: Float32Array): number =>
      members.map((at) => of[rows[at]!]!).sort((a, b) => a - b)[members.length >> 1]!;
    labels.push({ cluster: null, name, x: middle(points.x), above: middle(points.y) });
  }
  return labels;
}

/** The words that tell most of these rows from all: the terms of their relative entropy. */
function tellingWords(
  members: readonly ReadonlySet<string>[],
  frequency: ReadonlyMap<string, number>,
  all: number,
): string {
  const counts = new Map<string, number>();
  for (const own of members) for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1);
  const scored: [string, number][] = [];
  for (const [word, count] of counts) {
    const share = count / members.length;
    const elsewhere = frequency.get(word)! / all;
    if (share >= COMMON && share > 2 * elsewhere) {
      scored.push([word, share * Math.log(share / elsewhere)]);
    }
  }
  return scored
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, WORDS)
    .map(([word]) => word)
    .join(', ');
}
