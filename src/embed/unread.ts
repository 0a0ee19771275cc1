import { formatShare } from '../base/numbers.ts';
import { mix } from '../base/random.ts';
import type { Embedder } from './embedder.ts';
import type { Tokenise } from './tokenise/unigram.ts';

/** How many texts say whether a model can read a dataset, and how much of each is looked at. */
const SAMPLED_TEXTS = 200;
const SAMPLED_UNITS = 2000;
/** From this share of unknown tokens on, people are told. Names and odd signs stay far below it. */
const WORTH_SAYING = 0.1;

/** A bounded sample of texts, the same in whatever order they come. */
export class TextSample {
  /** The smallest hashes so far, unsorted. */
  private readonly kept: { readonly hash: number; readonly text: string }[] = [];
  private largest = Number.POSITIVE_INFINITY;

  add(text: string): void {
    const hash = cheapHash(text);
    if (this.kept.length >= 2 * SAMPLED_TEXTS) this.cut();
    if (hash <= this.largest) this.kept.push({ hash, text: text.slice(0, SAMPLED_UNITS) });
  }

  texts(): string[] {
    this.cut();
    return this.kept.map(({ text }) => text);
  }

  private cut(): void {
    this.kept.sort((a, b) => a.hash - b.hash || (a.text < b.text ? -1 : 1));
    if (this.kept.length > SAMPLED_TEXTS) {
      this.kept.length = SAMPLED_TEXTS;
      this.largest = this.kept.at(-1)!.hash;
    }
  }
}

/** A hash of a text's length and of eight of its code units, spread over it: every row is hashed. */
function cheapHash(text: string): number {
  const step = text.length / 8;
  const at = (i: number): number => text.charCodeAt(Math.floor(i * step)) || 0;
  return mix(
    text.length,
    at(0) * 65536 + at(1),
    at(2) * 65536 + at(3),
    at(4) * 65536 + at(5),
    at(7),
  );
}

/** How many tokens some texts have, and how many of them the vocabulary cannot spell. */
export function unknownTokens(
  { tokenise, unknown }: { readonly tokenise: Tokenise; readonly unknown: number },
  texts: readonly string[],
): { tokens: number; unknown: number } {
  let tokens = 0;
  let lost = 0;
  for (const text of texts) {
    const ids = tokenise(text);
    tokens += ids.length;
    for (const id of ids) if (id === unknown) lost += 1;
  }
  return { tokens, unknown: lost };
}

/** Says so where a model cannot read much of a dataset; null where it can, or where that is not known. */
export function unreadWarning(embedder: Embedder, texts: readonly string[]): string | null {
  const counted = embedder.unknownTokens?.(texts);
  if (!counted || counted.tokens === 0) return null;
  const share = counted.unknown / counted.tokens;
  if (share < WORTH_SAYING) return null;
  return (
    `${formatShare(share)} of the tokens are unknown to the model ${embedder.card.name} (in a sample of ${texts.length} rows): ` +
    'it was made for other languages, and rows that it cannot read look alike to it. Choose another with --model.'
  );
}
