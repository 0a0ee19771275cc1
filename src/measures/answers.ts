/**
 * Final answers and when two are the same. A final answer is what stands in the last \boxed{…}, else behind the last
 * ####, else behind “the answer is” or “answer:”, else what the kind of answer looks for in the text: the last number,
 * the last choice letter that stands alone, the whole text.
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
    markedAnswer(truth) !== null
      ? numberIn(markedAnswer(truth)!) !== null
      : /^[\s$€£-]*[\d.,/\s]+%?$/.test(truth) && numberIn(truth) !== null;
  return share(number) >= NEARLY_ALL ? 'number' : 'text';
}

const NEARLY_ALL = 0.95;

/** The final answer in a form that is equal for answers that are the same; null where there is none. */
export function finalAnswer(text: string, match: SettledMatch): string | null {
  if (match === 'exact') return text.trim() === '' ? null : text.trim();
  const marked = markedAnswer(text) ?? text;
  if (match === 'number') return numberIn(marked);
  if (match === 'choice') return choiceIn(marked);
  return normalised(marked);
}

function markedAnswer(text: string): string | null {
  const boxed = lastBoxed(text);
  if (boxed !== null) return boxed;
  const hashes = text.lastIndexOf('####');
  if (hashes >= 0) return text.slice(hashes + 4).split('\n')[0]!;
  let last: string | null = null;
  for (const [, answer] of text.matchAll(SAID)) last = answer!;
  return last;
}

const SAID = /\b(?:answer|result)(?: is|:| =)\**\s*:?\s*([^\n]+)/gi;

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

const FRACTION = /\\d?frac\{\s*(-?[\d.]+)\s*\}\{\s*(-?[\d.]+)\s*\}/g;
const NUMBER = /-?(?:\d{1,3}(?:,\d{3})+|\d+)?\.?\d+(?:e[+-]?\d+)?(?:\s*\/\s*\d+(?:\.\d+)?)?/gi;

/** The last number, to 10 digits: thousands lose their commas, fractions are divided, signs of money and per cent dropped. */
function numberIn(text: string): string | null {
  const found = text
    .replace(FRACTION, '$1/$2')
    .replace(/(\d)\s*\\?[%$]/g, '$1')
    .match(NUMBER);
  if (found === null) return null;
  const [above, below] = found.at(-1)!.replace(/[,\s]/g, '').split('/');
  const number = Number(above) / (below === undefined ? 1 : Number(below));
  if (!Number.isFinite(number)) return null;
  return number === 0 ? '0' : `${Number(number.toPrecision(10))}`;
}

/** A letter from A to J by itself: the text, "(B)", "B)", "B." or the last that stands alone. */
function choiceIn(text: string): string | null {
  const whole = /^\W*([A-Ja-j])\W*$/.exec(text) ?? /^\W*([A-J])[).:]/.exec(text);
  if (whole !== null) return whole[1]!.toUpperCase();
  const alone = [...text.matchAll(/(?<![\w'’])\(?([A-HJ])\)?(?![\w'’])/g)].at(-1);
  return alone === undefined ? null : alone[1]!;
}

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
