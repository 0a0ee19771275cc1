import type { Rule } from './rule.ts';

/**
 * What goes wrong when a language model writes rows. Phrases are English; thresholds:
 *
 *   refusal       a sentence that declines: “I'm sorry, but I can't …”, “As an AI language model …”
 *   placeholder   a slot that was not filled: [Your Name], {{name}}, <insert …>, XXXX, “TODO”
 *   leak          the prompt's machinery: <|im_end|>, [INST], “### Response:”, “Human:” and “Assistant:” at line starts
 *   truncated     a last sentence of 5 words or more that breaks off, in a row whose other sentences end; or an open code fence
 *   encoding      U+FFFD, or UTF-8 read as Latin-1 (Ã©, â€™)
 *   empty         no letter and no number
 *   runaway       one character, or one word, 10 times or more in a row (… and rulers of - = _ * # excepted)
 */
const generated =
  'known failures of generated data: Wang et al. 2022 (Self-Instruct), arXiv 2212.10560';

const REFUSAL =
  /\b(?:as an? (?:ai|artificial intelligence|large language|language)(?: language)?(?: model| assistant)?\b|i(?:['’]m| am) (?:sorry|afraid),? (?:but )?(?:i|that|this|as an)\b[^.!?\n]{0,40}\b(?:can(?:no|['’])t|cannot|unable|not able|don['’]t|do not|won['’]t)\b|i (?:can(?:no|['’])t|cannot|am unable to|['’]m unable to|am not able to|won['’]t) (?:help|assist|fulfil|provide|comply|answer|generate|create|write|complete|do that)\b|i(?:['’]m| am) (?:unable|not able|not programmed) to\b|i must (?:decline|refuse)\b)/i;
const SLOT =
  /\[(?:your|insert|name|company|date|address|recipient|sender|email|phone|title|city|product)\b[^\]\n]{0,40}\]|\{\{\s*[\w. ]{1,40}\s*\}\}|<(?:insert|your|name|placeholder|no ?input)[^>\n]{0,40}>/i;
/** In capitals only: a todo list is one. */
const STANDS_FOR = /\b(?:X{4,}|TODO|FIXME|TBD|INSERT_\w+|YOUR_\w+_HERE)\b/;
const LEAK =
  /<\|[\w-]{1,30}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?s>|^#{2,3} ?(?:Instruction|Response|Input|Human|Assistant)s?:|^(?:Human|Assistant|USER|ASSISTANT|System|AI): ?\S/m;
const MOJIBAKE = /\ufffd|Ã[\u0080-\u00bf©¨¼¶¤±³]|â€[™œ\u009d“”¢¦]|Â[\u00a0°£»«]/;
const RUNAWAY = /([^\s\-=_*#.~+·—─])\1{14,}|(?:^|\s)(\S{2,20})(?:\s+\2){9,}(?=\s|$)/u;

const LAST_WORDS = 5;
const ENDED = /[.!?:;…"'”’)\]}>*`|~。！？，、）」』]$|\p{Extended_Pictographic}\ufe0f?$/u;

export const generatedRules: readonly Rule[] = [
  {
    id: 'refusal',
    title: 'Refusals',
    reads: 'The share of rows in which the model declines, or speaks of itself as one.',
    cite: 'filters of Vicuna and of Ding et al. 2023 (UltraChat), arXiv 2305.14233',
    breaks: ({ text }) => REFUSAL.test(text),
  },
  {
    id: 'placeholder',
    title: 'Placeholders',
    reads: 'The share of rows with a slot that nobody filled in.',
    cite: generated,
    breaks: ({ text, code }) => (code !== null ? null : SLOT.test(text) || STANDS_FOR.test(text)),
    only: 'rows without code',
  },
  {
    id: 'leak',
    title: 'Leaks of the prompt',
    reads: 'The share of rows with a chat template’s own marks.',
    cite: generated,
    breaks: ({ text }) => LEAK.test(text),
  },
  {
    id: 'truncated',
    title: 'Broken off',
    reads: 'The share of rows whose last line breaks off, or whose code never closes.',
    cite: generated,
    breaks({ lines, sentences, text, code }) {
      if ((text.match(/^[ \t]*```/gm)?.length ?? 0) % 2 === 1) return true;
      if (code !== null || sentences.length < 3) return null;
      const last = sentences.at(-1)!;
      if (last.split(/\s+/).length < LAST_WORDS || ENDED.test(lines.at(-1)!)) return false;
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
