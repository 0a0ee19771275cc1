/**
 * Which language a text is in, from its most frequent words: a vote of function words for the languages
 * below, and the script for those that it gives away. No dictionary, no model: enough to tell rows that a
 * formula for English is not for, not enough to name a language of the world.
 */
export type Language = keyof typeof FUNCTION_WORDS | keyof typeof SCRIPTS;

const FUNCTION_WORDS = {
  en: 'the of and to is that it for was on are with as this be have from by not but what all were when we there can an your which their if will how about you do they has or at should',
  de: 'der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über ich',
  fr: 'de la le et les des en un du une est que dans qui par pour au il sur ne se pas plus ce avec sont ou cette vous aux nous mais comme je elle',
  es: 'de la que el en y los se del las un por con no una su para es al lo como más o pero sus le ha este sí porque esta son entre cuando muy sin sobre',
  it: 'di che è e la il un a per in una sono mi ho non si lo ma ti le con da se ha del della come gli anche dei nel alla più questo',
  pt: 'de que e o a do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem seu sua ou são você está',
  nl: 'de het een en van ik te dat die in is niet op zijn aan met als voor er maar om hem dan zou wat mijn dit zo door over ze bij ook',
} as const;

const SCRIPTS = {
  han: /\p{Script=Han}/gu,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  hangul: /\p{Script=Hangul}/gu,
  cyrillic: /\p{Script=Cyrillic}/gu,
  arabic: /\p{Script=Arabic}/gu,
  hebrew: /\p{Script=Hebrew}/gu,
  greek: /\p{Script=Greek}/gu,
  devanagari: /\p{Script=Devanagari}/gu,
  thai: /\p{Script=Thai}/gu,
} as const;

/** A number for every language, from 0. */
export const LANGUAGE_NUMBERS: ReadonlyMap<Language, number> = new Map(
  [...Object.keys(FUNCTION_WORDS), ...Object.keys(SCRIPTS)].map((name, i) => [name as Language, i]),
);

const LANGUAGES = Object.keys(FUNCTION_WORDS) as (keyof typeof FUNCTION_WORDS)[];
/** For each function word the languages that have it, a bit each. */
const VOTES = new Map<string, number>();
for (const [bit, language] of LANGUAGES.entries()) {
  for (const word of FUNCTION_WORDS[language].split(' ')) {
    VOTES.set(word, (VOTES.get(word) ?? 0) | (1 << bit));
  }
}

/** Words that are looked at: a book is in the language of its first pages. */
const LOOKED_AT = 512;
/** Part of its words that a Latin text's function words are at least. */
const LEAST_SHARE = 0.08;

export function languageOf(text: string, words: readonly string[]): Language | null {
  const script = otherScript(text);
  if (script !== null) return script;
  const votes = new Int32Array(LANGUAGES.length);
  const seen = Math.min(words.length, LOOKED_AT);
  for (let i = 0; i < seen; i += 1) {
    const mask = VOTES.get(words[i]!) ?? 0;
    for (let bit = 0; mask >> bit !== 0; bit += 1) votes[bit]! += (mask >> bit) & 1;
  }
  const most = Math.max(...votes);
  if (most === 0 || most < LEAST_SHARE * seen) return null;
  const best = votes.indexOf(most);
  return votes.lastIndexOf(most) === best ? LANGUAGES[best]! : null;
}

/** The script of most letters, where it is not the Latin one. */
function otherScript(text: string): Language | null {
  const start = text.slice(0, 4096);
  if (!/[\u0370-\uffff]/.test(start)) return null;
  const count = (pattern: RegExp): number => start.match(pattern)?.length ?? 0;
  const letters = count(/\p{L}/gu);
  for (const [script, pattern] of Object.entries(SCRIPTS)) {
    // A Japanese text has more Han characters than a quarter, and a Chinese one no kana.
    const least = script === 'han' ? (count(SCRIPTS.kana) === 0 ? 0.5 : 2) : 0.3;
    if (letters > 0 && count(pattern) >= least * letters) return script as Language;
  }
  return null;
}
