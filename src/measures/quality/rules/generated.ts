import {
  endsOpen,
  IN_KNOWN_LANGUAGES,
  knowsPhrases,
  REFUSAL_ABROAD,
  SLOT_ABROAD,
} from './phrases.ts';
import type { Rule } from './rule.ts';

/**
 * What goes wrong when a language model writes rows. Refusals and placeholders are known in eleven languages (phrases.ts) and left
 * out of rows in others; thresholds:
 *
 *   refusal       “As an AI language model …”, or a line that begins by declining: “I'm sorry, but I can't help …”
 *   placeholder   a slot that was not filled: [Your Name], {{name}}, <insert …>, XXXX, a note of what is to be done, in capitals
 *   leak          the prompt's machinery: <|im_end|>, [INST], “### Response:”; turns of “Human:” and “Assistant:” behind
 *                 something else that asks for no dialogue
 *   truncated     a row of 3 sentences or more, at least 70 % of those before the last ending, whose last one does not: its last
 *                 word is one that no sentence ends with, or it has 5 words or more and others before it in its line; or an open code fence
 *   encoding      U+FFFD, or UTF-8 read as Latin-1 (Ã©, â€™)
 *   empty         no letter and no number
 *   runaway       one letter, ! or ? 15 times in a row, one digit 25 times, or one word 10 times
 */
const generated =
  'known failures of generated data: Wang et al. 2022 (Self-Instruct), arXiv 2212.10560';

const CANNOT =
  "(?:i (?:can(?:no|['’])t|cannot|could not|couldn['’]t|will not|won['’]t)|i(?: am|['’]m) (?:unable to|not able to|not programmed to|not allowed to))";
/** What a model is asked to do; people who cannot pay or travel do not decline. */
const TASK =
  '(?:help(?! but| \\w+ing)|assist|fulfil|provide|comply|answer|generate|create|write|complete|do (?:that|this|so)|access|have access|share|give|offer|tell you|engage|discuss|predict|browse|recommend|perform|respond)';
const REFUSAL = new RegExp(
  [
    '\\bas an (?:ai|artificial intelligence)(?:[,;]| (?:language )?(?:model|assistant|chatbot|system)\\b)|\\bas an? (?:large )?language model\\b',
    `^["“']?(?:unfortunately|sorry|i apologi[sz]e|my apologies|i(?:['’]m| am) (?:sorry|afraid))\\b[^.!?\\n]{0,60}(?:\\b${CANNOT} ${TASK}|\\bi (?:do not|don['’]t) (?:have|feel|know))`,
    `^["“']?${CANNOT} ${TASK}`,
    `\\b${CANNOT} (?:answer|fulfil|comply with|assist (?:you )?with|help (?:you )?with) (?:this|that|your|such)\\b`,
    "\\bi (?:do not|don['’]t) have (?:access to real|real-time|the ability to|personal (?:opinion|belief|feeling|experience|preference))",
    '^i (?:must|have to) (?:respectfully )?(?:decline|refuse)\\b',
  ].join('|'),
  'im',
);
const SLOT =
  /\[(?:your|insert|name|company|date|address|recipient|sender|email|phone|title|city|product)\b[^\]\n]{0,40}\]|\{\{\s*[\w. ]{1,40}\s*\}\}|<(?:insert|your|name|placeholder|no ?input)[^>\n]{0,40}>/i;
/** In capitals only: a list of what is to do is one. */
const STANDS_FOR = /\b(?:X{4,}|FIX-?ME|TBD|INSERT_\w+|YOUR_\w+_HERE)\b/;
const TO_DO = /\bTO-?DO\b/;
/** Where that is a word, “all”, it is a note only as one: “TO-DO: …”, [TO-DO]. */
const ALL: ReadonlySet<string | null> = new Set(['es', 'pt']);
const TO_DO_NOTE = /\bTO-?DO ?[:(\]]/;
const LEAK =
  /<\|[\w-]{1,30}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?s>|^#{2,3} ?(?:Instruction|Response|Input|Human|Assistant)s?:/m;
const PERSON = /^(?:Human|User|USER): ?\S/m;
const MODEL = /^(?:Assistant|ASSISTANT|AI): ?\S/m;
const ASKS_FOR_TURNS =
  /\b(?:dialogue?s?|conversations?|chats?|scripts?|interviews?|transcripts?|assistants?|role-?play\w*)\b/i;
const MOJIBAKE = /\ufffd|Ã[\u0080-\u00bf©¨¼¶¤±³]|â€[™œ\u009d“”¢¦]|Â[\u00a0°£»«]/;
const RUNAWAY = /([\p{L}!?])\1{14,}|(\d)\2{24,}|(?:^|\s)(\S{2,20})(?:\s+\3){9,}(?=\s|$)/u;

const LAST_WORDS = 5;
/** The same where words are not parted. */
const LAST_SIGNS = 12;
const UNSPACED: ReadonlySet<string | null> = new Set(['han', 'kana']);
const ENDED =
  /[.!?:;…"'”’)\]}>*`|~_。！？，、）」』]$|(?:https?:|[#@])\S+$|\p{Extended_Pictographic}\ufe0f?$/u;
export const generatedRules: readonly Rule[] = [
  {
    id: 'refusal',
    title: 'Refusals',
    reads: 'The share of rows in which the model declines, or speaks of itself as one.',
    cite: 'filters of Vicuna and of Ding et al. 2023 (UltraChat), arXiv 2305.14233',
    breaks: (view) =>
      knowsPhrases(view) ? REFUSAL.test(view.text) || REFUSAL_ABROAD.test(view.text) : null,
    only: `rows ${IN_KNOWN_LANGUAGES}`,
  },
  {
    id: 'placeholder',
    title: 'Placeholders',
    reads: 'The share of rows with a slot that nobody filled in.',
    cite: generated,
    breaks(view) {
      const { text, code } = view;
      if (code !== null || !knowsPhrases(view)) return null;
      const toDo = ALL.has(view.language) ? TO_DO_NOTE : TO_DO;
      return [SLOT, STANDS_FOR, SLOT_ABROAD, toDo].some((slot) => slot.test(text));
    },
    only: `rows without code ${IN_KNOWN_LANGUAGES}`,
  },
  {
    id: 'leak',
    title: 'Leaks of the prompt',
    reads: 'The share of rows with a chat template’s own marks.',
    cite: generated,
    breaks: ({ text }) => LEAK.test(text) || leaksTurns(text),
  },
  {
    id: 'truncated',
    title: 'Broken off',
    reads: 'The share of rows whose last line breaks off, or whose code never closes.',
    cite: generated,
    breaks(view) {
      const { lines, sentences, text, code } = view;
      if ((text.match(/`{3,}/g)?.length ?? 0) % 2 === 1) return true;
      if (code !== null || sentences.length < 3) return null;
      const line = lines.at(-1)!;
      if (ENDED.test(line)) return false;
      const last = sentences.at(-1)!;
      const long = UNSPACED.has(view.language)
        ? last.length >= LAST_SIGNS
        : last.split(/\s+/).length >= LAST_WORDS;
      if (!(long && !line.startsWith(last)) && !endsOpen(last, view)) return false;
      const ended = sentences.slice(0, -1).filter((sentence) => ENDED.test(sentence)).length;
      return ended >= 0.7 * (sentences.length - 1);
    },
    only: 'rows of 3 sentences or more, or with fenced code',
  },
  {
    id: 'encoding',
    title: 'Broken characters',
    reads: 'The share of rows with characters that were decoded wrongly.',
    cite: generated,
    breaks: ({ text }) => MOJIBAKE.test(text),
  },
  {
    id: 'empty',
    title: 'Nothing said',
    reads: 'The share of rows without a letter or a number.',
    cite: generated,
    breaks: ({ text }) => !/[\p{L}\p{N}]/u.test(text),
  },
  {
    id: 'runaway',
    title: 'Runaway repetition',
    reads: 'The share of rows with one character or one word over and over.',
    cite: 'Holtzman et al. 2020 (degeneration), arXiv 1904.09751',
    breaks: ({ text }) => RUNAWAY.test(text),
  },
];

/** Turns of a person and a model behind something else; a row that begins with one is a dialogue. */
function leaksTurns(text: string): boolean {
  const person = text.search(PERSON);
  const model = text.search(MODEL);
  if (person < 0 || model < 0) return false;
  const before = text.slice(0, Math.min(person, model));
  return before.trim() !== '' && !ASKS_FOR_TURNS.test(before);
}
