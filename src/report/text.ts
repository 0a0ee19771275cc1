/**
 * Texts of a dataset are hostile until shown otherwise: a row must not be able to move the cursor,
 * recolour a terminal or turn the reading direction of what stands beside it. Nothing here changes
 * letters; it only makes what is invisible visible and what is long short.
 */

// C0 and C1 controls, DEL, and the marks that embed, override or isolate a reading direction.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the expression is for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

function symbol(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Halves of a character that lost the other half; no encoding can carry them. */
const LONE = /\p{Surrogate}/gu;

/** The text with control characters and direction overrides shown as symbols; line breaks stay. */
export const reveal = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(UNSEEN, symbol)
    .replace(LONE, '\ufffd');

/** The same on one line: every run of white space is one space. */
export const oneLine = (text: string): string => reveal(text).replace(/\s+/gu, ' ').trim();

const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return EMOJI.test(grapheme) || WIDE.test(grapheme) ? 2 : 1;
}

/** Columns that a text without control characters takes in a terminal. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest start of the text that fits, with an ellipsis where something was cut. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = used + graphemeWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return `${kept.trimEnd()}…`;
}

/** Fills up with spaces to a width in columns; a longer text is cut. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const fitted = cut(text, width);
  const space = ' '.repeat(Math.max(0, width - displayWidth(fitted)));
  return side === 'right' ? fitted + space : space + fitted;
}

/** Breaks a text into lines at spaces; a word longer than a line is broken where it must be. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = (): void => {
    if (line !== '') lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const size = displayWidth(word);
    if (used > 0 && used + 1 + size > width) flush();
    if (size > width) {
      for (const { segment } of segmenter.segment(word)) {
        const columns = graphemeWidth(segment);
        if (used + columns > width) flush();
        line += segment;
        used += columns;
      }
      continue;
    }
    line += used > 0 ? ` ${word}` : word;
    used += (used > 0 ? 1 : 0) + size;
  }
  flush();
  return lines;
}

const STEPS = '▁▂▃▄▅▆▇█';

/**
 * Values as a row of blocks, one each, from the least to the largest. A spread of less than a tenth of the
 * largest is drawn as small as it is, around the middle.
 */
export function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(high - low, Math.max(Math.abs(high), Math.abs(low)) / 10) || 1;
  const middle = (low + high) / 2;
  return values
    .map((value) => {
      const share = 0.5 + (value - middle) / span;
      // The least and the largest may come out a rounding error beyond the ends.
      return STEPS[Math.max(0, Math.min(STEPS.length - 1, Math.floor(share * STEPS.length)))]!;
    })
    .join('');
}
