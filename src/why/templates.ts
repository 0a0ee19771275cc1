import {
  type Found,
  NUMBER,
  type PlacedWord,
  placesOf,
  SLOT,
  splitLines,
  type Templates,
  telling,
  wordsAt,
} from '../measures/templates.ts';
import type { TextSample } from '../measures/texts.ts';

/** How many rows begin, as people would write it down: 'Give ___ tips for ___.' */
export interface SharedForm {
  /** Words as most of the rows write them, with BLANK for each slot. */
  readonly text: string;
  /** Rows of the sample that have it, and their share of it. */
  readonly rows: number;
  readonly share: number;
  /** What stands in each slot, in the order of the slots. */
  readonly slots: readonly SlotFillers[];
  /** Some of the rows, by their numbers in the dataset. */
  readonly examples: readonly number[];
}

export interface SlotFillers {
  /** How many different ones there are, among the rows that were looked at. */
  readonly different: number;
  /** The most frequent, with how many of these rows have each. */
  readonly most: readonly { readonly text: string; readonly rows: number }[];
}

export const BLANK = '___';

/** Forms of a list, fillers of a slot, examples of a form. */
const FORMS = 30;
const FILLERS = 6;
const EXAMPLES = 3;
/** Rows of a form that are looked at for what stands in its slots. */
const LOOKED_AT = 2000;
/** Characters of a filler. */
const LONGEST = 80;

/** Skeletons that at least 1 % of the rows share, anywhere in them, most frequent first. */
export const templatesOf = ({ sample, skeletons }: Templates): SharedForm[] =>
  skeletons
    .slice(0, FORMS)
    .map(({ pattern, places }) => formOf(pattern.split(' '), places, sample, false));

/** Part of an opening's rows that must go on in the same way for the longer one to stand for it. */
const NEARLY_ALL = 0.8;
const OPENING_WORDS = 2;

/**
 * The first words, two at least, that 1 % of the rows begin with, most frequent first. An opening is as long as
 * nearly all of its rows agree; those that mostly begin as one before them are left out.
 */
export function openingsOf(sample: TextSample): SharedForm[] {
  const n = sample.texts.length;
  const least = Math.max(3, Math.ceil(n * 0.01));
  const words = sample.texts.map((text) => wordsAt(firstLine(text)).map(({ word }) => word));
  const found: Found[] = [];
  const grow = (rows: readonly number[], depth: number): void => {
    const next = new Map<string, number[]>();
    for (const row of rows) {
      const word = words[row]![depth];
      if (word === undefined) continue;
      const same = next.get(word);
      if (same === undefined) next.set(word, [row]);
      else same.push(row);
    }
    const branches = [...next].filter(([, own]) => own.length >= least);
    const goesOn = branches.some(([, own]) => own.length >= NEARLY_ALL * rows.length);
    if (depth >= OPENING_WORDS && !goesOn) {
      const pattern = words[rows[0]!]!.slice(0, depth);
      if (pattern.some((word) => word !== NUMBER)) {
        found.push({ pattern: pattern.join(' '), fixed: depth, rows });
      }
    }
    for (const [, own] of branches) grow(own, depth + 1);
  };
  grow(
    Array.from({ length: n }, (_, i) => i),
    0,
  );
  return telling(found)
    .slice(0, FORMS)
    .map(({ pattern, rows }) => formOf(pattern.split(' '), rows, sample, true));
}

const firstLine = (text: string): string =>
  splitLines(text).find((line) => line.trim() !== '') ?? '';

function formOf(
  pattern: readonly string[],
  places: readonly number[],
  sample: TextSample,
  first: boolean,
): SharedForm {
  const lines = places
    .slice(0, LOOKED_AT)
    .flatMap((place) => fitting(pattern, sample.texts[place]!, first));
  return {
    ...written(pattern, lines),
    rows: places.length,
    share: places.length / sample.texts.length,
    examples: places.slice(0, EXAMPLES).map((place) => sample.rows[place]!),
  };
}

interface FittingLine {
  readonly line: string;
  readonly places: readonly PlacedWord[];
}

/** The first line of a text that begins as the pattern says, if there is one. */
function fitting(pattern: readonly string[], text: string, first: boolean): FittingLine[] {
  for (const line of first ? [firstLine(text)] : splitLines(text)) {
    const places = placesOf(pattern, wordsAt(line));
    if (places !== null) return [{ line, places }];
  }
  return [];
}

/** The pattern as most of the lines write it. */
function written(
  pattern: readonly string[],
  lines: readonly FittingLine[],
): Pick<SharedForm, 'text' | 'slots'> {
  const slots: SlotFillers[] = [];
  let text = '';
  for (const [p, part] of pattern.entries()) {
    if (p > 0) {
      text += commonest(
        lines.map(({ line, places }) => oneSpace(line.slice(places[p - 1]!.end, places[p]!.start))),
      );
    }
    const found = count(
      lines.map(({ line, places }) => line.slice(places[p]!.start, places[p]!.end)),
    );
    const blank = part === SLOT || (part === NUMBER && found.length > 1);
    text += blank ? BLANK : (found[0]?.text ?? part);
    if (blank) slots.push(fillers(found));
  }
  const rests = lines.map(({ line, places }) => sentence(line.slice(places.at(-1)!.end)));
  const open = rests.filter((rest) => /[\p{L}\p{N}]/u.test(rest));
  if (2 * open.length <= lines.length) return { text: text + commonest(rests).trimEnd(), slots };
  const ends = open.map((rest) => ENDING.exec(rest.trim())![0]);
  const end = commonest(ends);
  const start = commonest(open.map((rest) => /^[^\p{L}\p{N}]*/u.exec(rest)![0]));
  const found = count(
    open.map((rest) =>
      rest
        .replace(/^[^\p{L}\p{N}]+/u, '')
        .trim()
        .replace(/[.?!:]+$/, ''),
    ),
  );
  slots.push(fillers(found));
  return { text: `${text}${start === '' ? ' ' : start}${BLANK}${end}`, slots };
}

const ENDING = /[.?!:。！？：]*$/u;

/** What is left of a line up to the end of its sentence. */
const sentence = (rest: string): string => {
  const line = oneSpace(rest);
  const end = /[.?!。！？]+(?=\s|$)/u.exec(line);
  return end === null ? line : line.slice(0, end.index + end[0].length);
};

const oneSpace = (text: string): string => text.replace(/\s+/gu, ' ');

const fillers = (found: readonly { text: string; rows: number }[]): SlotFillers => ({
  different: found.length,
  most: found.slice(0, FILLERS).map(({ text, rows }) => ({ text: cut(text), rows })),
});

const cut = (text: string): string => {
  const characters = Array.from(oneSpace(text));
  return characters.length <= LONGEST
    ? characters.join('')
    : `${characters.slice(0, LONGEST - 1).join('')}…`;
};

/** Different texts, whatever their case, most frequent first; each as it is written most often. */
function count(texts: readonly string[]): { text: string; rows: number }[] {
  const found = new Map<string, Map<string, number>>();
  for (const text of texts) {
    const key = text.toLowerCase();
    const forms = found.get(key) ?? new Map<string, number>();
    forms.set(text, (forms.get(text) ?? 0) + 1);
    found.set(key, forms);
  }
  const most = (forms: ReadonlyMap<string, number>): string => [...forms].sort(byCount)[0]![0];
  return [...found.values()]
    .map((forms) => [most(forms), [...forms.values()].reduce((a, b) => a + b, 0)] as const)
    .sort(byCount)
    .map(([text, rows]) => ({ text, rows }));
}

const byCount = ([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number =>
  n - m || (a < b ? -1 : a > b ? 1 : 0);

const commonest = (texts: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(byCount)[0]?.[0] ?? ' ';
};
