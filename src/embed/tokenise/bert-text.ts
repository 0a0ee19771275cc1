/**
 * How BERT's tokenisers take a text apart before they look words up: unprintable characters go, white
 * space parts words, each punctuation mark and each ideograph is a word of its own, and an uncased
 * model gets lower case without accents. (Devlin et al. 2019; tokenizer.json's `BertNormalizer` and
 * `BertPreTokenizer`.)
 */
export interface BertRules {
  readonly cleanText: boolean;
  readonly ideographs: boolean;
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
}

/** What a character does to the word it is in. */
export const LETTER = 0;
export const SPACE = 1;
/** A word of its own. */
export const MARK = 2;
/** It is left out, and the word goes on. */
export const NOTHING = 3;
export type Kind = typeof LETTER | typeof SPACE | typeof MARK | typeof NOTHING;

/** What each ASCII character is. Signs such as `$` and `^` count as punctuation, as in the original. */
export function asciiKinds({ cleanText }: BertRules): Uint8Array {
  const kinds = new Uint8Array(128);
  for (let unit = 0; unit < 128; unit += 1) {
    const character = String.fromCharCode(unit);
    if (/\s/u.test(character)) kinds[unit] = SPACE;
    else if (/[!-/:-@[-`{-~]/u.test(character)) kinds[unit] = MARK;
    else if (unit < 32 || unit === 127) kinds[unit] = cleanText ? NOTHING : LETTER;
  }
  return kinds;
}

/** What a character is that came through `normaliseText`; any code point. */
export function kindOf(character: string): Kind {
  if (/\s/u.test(character)) return SPACE;
  return /\p{P}/u.test(character) ? MARK : LETTER;
}

const UNPRINTABLE = /(?![\t\n\r])[\0\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const IDEOGRAPH =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** What the rules make of a text with characters beyond ASCII; its words and marks are still together. */
export function normaliseText(text: string, rules: BertRules): string {
  let clean = rules.cleanText ? text.replace(UNPRINTABLE, '') : text;
  if (rules.ideographs) clean = clean.replace(IDEOGRAPH, ' $& ');
  if (rules.lowercase) clean = clean.toLowerCase();
  return rules.stripAccents ? clean.normalize('NFD').replace(/\p{Mn}/gu, '') : clean;
}
