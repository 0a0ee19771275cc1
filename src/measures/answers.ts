import { lastNumber, markedNumber, plainSigns } from './answer-numbers.ts';

/**
 * Final answers and when two are the same. A final answer is what stands in the last \boxed{…}, else behind the last
 * ####, else behind the last “the answer is” or “answer:” (of a choice also “the option is”), and of that the first number (behind
 * an equals sign where there is one) or the first choice letter; else, and where no letter is there, what the kind of answer
 * looks for in the text: the last number, the last choice letter that stands alone, the whole text.
 */
export const MATCHES = ['auto', 'exact', 'text', 'number', 'choice'] as const;
export type Match = (typeof MATCHES)[number];
export type SettledMatch = Exclude<Match, 'auto'>;

/** What each row answered, and where known whether that is right and what it was asked. */
export interface Answers {
  readonly match: SettledMatch;
  /** The final answer of each row as a number from 0, equal for equal answers; −1 where it has none. */
  readonly finals: Int32Array;
  /** The whole answer likewise, its words lower-cased and without signs. */
  readonly wholes: Int32Array;
  /** 1 right, 0 wrong or no answer, NaN where no truth is given; null without a column of truths. */
  readonly marks: Float64Array | null;
  /** The prompt of each row as a number from 0, −1 where it has none; null without a column of prompts. */
  readonly prompts: Int32Array | null;
  /** The group of each prompt: answers to one prompt are left out together. */
  readonly promptGroups: Uint8Array;
}

/** How truths look: nearly all numbers, nearly all single letters, or texts. */
export function settleMatch(truths: readonly string[]): SettledMatch {
  const share = (is: (truth: string) => boolean): number =>
    truths.filter(is).length / Math.max(1, truths.length);
  if (share((truth) => /^\(?[A-Ja-j][).]?$/.test(truth.trim())) >= NEARLY_ALL) return 'choice';
  const number = (truth: string): boolean =>
    finalAnswer(truth, 'number') !== null &&
    (markedAnswer(truth, SAID) !== null || /^[\s$€£-]*[\d.,/\s]+%?\s*$/.test(plainSigns(truth)));
  return share(number) >= NEARLY_ALL ? 'number' : 'text';
}

const NEARLY_ALL = 0.95;

/** The final answer in a form that is equal for answers that are the same; null where there is none. */
export function finalAnswer(text: string, match: SettledMatch): string | null {
  if (match === 'exact') return text.trim() === '' ? null : text.trim();
  const marked = markedAnswer(text, match === 'choice' ? CHOSEN : SAID);
  if (match === 'number') return marked === null ? lastNumber(text) : markedNumber(marked);
  if (match === 'choice')
    return (marked === null ? null : markedChoice(marked)) ?? lastChoice(text);
  return normalised(marked ?? text);
}

function markedAnswer(text: string, said: RegExp): string | null {
  const boxed = lastBoxed(text);
  if (boxed !== null) return boxed.replace(WORDS_OF_TEX, ' $1 ');
  const hashes = text.lastIndexOf('####');
  if (hashes >= 0) return text.slice(hashes + 4).split('\n')[0]!;
  let last: string | null = null;
  for (const [, answer] of text.matchAll(said)) last = answer!;
  return last === null ? null : last.replace(WORDS_OF_TEX, ' $1 ');
}

const SAID = /\b(?:answer|result)(?: is|:| =)\**\s*:?\s*([^\n]+)/gi;
const CHOSEN = /\b(?:answer|result|option|choice)(?: is|:| =)\**\s*:?\s*([^\n]+)/gi;
/** Words inside of formulas, as units are, with a power behind them. */
const WORDS_OF_TEX = /\\(?:text|textbf|mathrm|mbox)\{([^{}]*)\}(?:\^\{?\d\}?)?/g;

/** What stands in the last \boxed{…}, with the brackets that belong to it. */
function lastBoxed(text: string): string | null {
  const start = text.lastIndexOf('\\boxed{');
  if (start < 0) return null;
  let depth = 1;
  const from = start + '\\boxed{'.length;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}') depth -= 1;
    if (depth === 0) return text.slice(from, i);
  }
  return null;
}

/** A letter from A to J by itself: the text, "(B)", "B)", "B." or the last that stands alone. */
const lastChoice = (text: string): string | null =>
  wholeChoice(text) ?? aloneIn(text).at(-1) ?? null;

/** The first letter by itself of what is said to be the answer. */
const markedChoice = (answer: string): string | null =>
  wholeChoice(answer) ?? aloneIn(answer)[0] ?? null;

function wholeChoice(text: string): string | null {
  const whole = /^\W*([A-Ja-j])\W*$/.exec(text) ?? /^\W*([A-J])[).:]/.exec(text);
  return whole === null ? null : whole[1]!.toUpperCase();
}

const aloneIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(ALONE), ([, small, large]) => (small ?? large!).toUpperCase());
/** Not I, which is a word, nor a small letter without brackets. */
const ALONE = /(?<![\w'’])(?:\(([a-j])\)|\(?([A-HJ])\)?)(?![\w'’])/g;

/** Lower-cased words without signs and articles (as SQuAD's evaluation has them; Rajpurkar et al. 2016). */
export function normalised(text: string): string | null {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const kept = words.filter((word) => word !== 'a' && word !== 'an' && word !== 'the');
  return kept.length === 0 ? null : kept.join(' ');
}

/** The truths of a cell: several where it is a list. */
export function truthsOf(cell: string): readonly string[] {
  if (!cell.startsWith('[')) return [cell];
  try {
    const list: unknown = JSON.parse(cell);
    if (Array.isArray(list)) return list.map((one) => (typeof one === 'string' ? one : `${one}`));
  } catch {
    // A text that begins with a bracket is a text.
  }
  return [cell];
}
