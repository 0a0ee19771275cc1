import { codeIn } from './code.ts';
import { type Language, languageOf } from './language.ts';

/** One text as traits read it: what several of them need is made once, when the first asks. */
export class TextView {
  readonly text: string;
  #words: readonly string[] | undefined;
  #plain: readonly string[] | undefined;
  #lines: readonly string[] | undefined;
  #sentences: readonly string[] | undefined;
  #items: number | undefined;
  #calculations: number | undefined;
  #language: { readonly found: Language | null } | undefined;
  #code: { readonly found: string | null } | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** What white space parts, as written; in scripts without spaces each character is a word. */
  get words(): readonly string[] {
    this.#words ??= this.text.match(UNSPACED.test(this.text) ? TERM : WRITTEN) ?? [];
    return this.#words;
  }

  /** Lower-cased words without the signs around them; numbers are words. */
  get plain(): readonly string[] {
    this.#plain ??= this.text.toLowerCase().match(PLAIN) ?? [];
    return this.#plain;
  }

  /** Lines that are not blank, without the space around them. */
  get lines(): readonly string[] {
    this.#lines ??= this.text
      .split(/[\n\r]+/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    return this.#lines;
  }

  /** Sentences with a letter or a number. A sentence ends at . ! or ? before space, at its full-width forms, and with its line. */
  get sentences(): readonly string[] {
    this.#sentences ??= this.lines
      .flatMap((line) => line.split(SENTENCE_END))
      .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
    return this.#sentences;
  }

  /** Lines that are items of a list: behind a bullet or a number. */
  get items(): number {
    this.#items ??= this.lines.filter((line) => ITEM.test(line)).length;
    return this.#items;
  }

  /** Lines that calculate: a number after an equals sign. */
  get calculations(): number {
    this.#calculations ??= this.lines.filter((line) => CALCULATION.test(line)).length;
    return this.#calculations;
  }

  /** null where the words do not tell. */
  get language(): Language | null {
    this.#language ??= { found: languageOf(this.text, this.plain) };
    return this.#language.found;
  }

  /** Whether formulas for English prose are for it: no code, and sentences that end before they have SENTENCE words. */
  get isEnglishProse(): boolean {
    const { language, code, sentences, words } = this;
    if (language !== 'en' || code !== null || sentences.length === 0) return false;
    return words.length / sentences.length <= SENTENCE;
  }

  /** The code that the text has or is; null where there is none. */
  get code(): string | null {
    this.#code ??= { found: codeIn(this.text) };
    return this.#code.found;
  }
}

/** A text up to the end of its `most`-th word, words as `TextView` has them; what is no longer stays as it is. */
export function cutToWords(text: string, most: number): string {
  let words = 0;
  for (const { index, 0: word } of text.matchAll(UNSPACED.test(text) ? TERM : WRITTEN)) {
    words += 1;
    if (words === most) return text.slice(0, index + word.length);
  }
  return text;
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WRITTEN = /\S+/g;
const TERM =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const PLAIN = /[\p{L}\p{M}\p{N}]+(?:['’.-][\p{L}\p{M}\p{N}]+)*/gu;
const ITEM = /^(?:[-*•‣▪–]|\(?\d{1,3}[.):]|\(?[a-z][.)])\s/i;
const CALCULATION = /=\s*(?:[$€£\\({<]|<<)*\s*-?\d/;
/** Words a sentence on average above which a text is no prose but a list, or runs away. */
const SENTENCE = 100;
const SENTENCE_END = /(?<=[.!?…]["'”’)\]]?)\s+|(?<=[。！？])/u;
