import { hashNgrams } from '../compute/ngrams.ts';
import type { Rows } from '../measures/rows.ts';
import type { TextSample } from '../measures/texts.ts';
import { groupSizes } from '../stats/groups.ts';

/** The most rows that a sample has: what is quadratic in texts, or reads them one after another, takes seconds. */
export const SAMPLE_ROWS = 10_000;
/** … and the most UTF-16 code units, so that memory stays bounded whatever a row's length. One row always fits. */
export const SAMPLE_CHARACTERS = 2 ** 23;

export interface SampleLimits {
  readonly rows?: number;
  readonly characters?: number;
}

/** The first rows in the order of their content's hash, until a limit is reached. */
export async function textSample(
  rows: Rows,
  limits: SampleLimits = {},
  signal?: AbortSignal,
): Promise<TextSample> {
  const texts = await firstTexts(rows, limits, signal);
  const chosen = rows.order.slice(0, texts.length);
  const groups = Uint8Array.from(chosen, (row) => rows.groups[row]!);
  return {
    ...{ rows: chosen, texts, groups, sizes: groupSizes(groups), of: rows.n },
    ...(await numberWords(texts)),
  };
}

/** The sample of the rows at `chosen` (ascending) of a dataset whose sample has all texts. */
export function sampleOfPart(whole: TextSample, chosen: Int32Array, rows: Rows): TextSample {
  const place = new Map(Array.from(chosen, (row, i) => [row, i]));
  const kept = Array.from(whole.rows.keys()).filter((i) => place.has(whole.rows[i]!));
  const starts = new Int32Array(kept.length + 1);
  for (const [to, i] of kept.entries()) {
    starts[to + 1] = starts[to]! + whole.starts[i + 1]! - whole.starts[i]!;
  }
  const words = new Int32Array(starts[kept.length]!);
  for (const [to, i] of kept.entries()) {
    words.set(whole.words.subarray(whole.starts[i]!, whole.starts[i + 1]!), starts[to]!);
  }
  const groups = Uint8Array.from(kept, (i) => whole.groups[i]!);
  return {
    rows: Int32Array.from(kept, (i) => place.get(whole.rows[i]!)!),
    texts: kept.map((i) => whole.texts[i]!),
    ...{ groups, sizes: groupSizes(groups), words, starts },
    ...{ vocabulary: whole.vocabulary, of: rows.n },
  };
}

/** Their texts, in that order. */
export async function firstTexts(
  rows: Rows,
  { rows: most = SAMPLE_ROWS, characters = SAMPLE_CHARACTERS }: SampleLimits,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const ranks = new Map(Array.from(rows.order.subarray(0, most), (row, rank) => [row, rank]));
  const texts: (string | undefined)[] = Array.from({ length: ranks.size });
  let room = characters;
  let i = 0;
  for await (const block of required(rows)(signal)) {
    for (const { text } of block) {
      const rank = ranks.get(i);
      i += 1;
      if (rank === undefined || rank >= texts.length || text === null) continue;
      texts[rank] = text;
      room -= text.length;
      // What is dropped has the highest ranks, so the sample stays a beginning of the order.
      while (room < 0 && texts.length > 1) room += texts.pop()?.length ?? 0;
    }
  }
  return texts.map((text) => text ?? '');
}

export function required(rows: Rows): NonNullable<Rows['contents']> {
  if (rows.contents === null) throw new Error('a measure of texts was planned without texts');
  return rows.contents;
}

async function numberWords(
  texts: readonly string[],
): Promise<Pick<TextSample, 'words' | 'starts' | 'vocabulary'>> {
  const hashes = await hashNgrams(texts, { unit: 'terms', size: 1 });
  const starts = new Int32Array(texts.length + 1);
  for (const [i, text] of hashes.entries()) starts[i + 1] = starts[i]! + text.length / 2;
  const words = new Int32Array(starts[texts.length]!);
  const numbers = new Map<number, number>();
  let at = 0;
  for (const text of hashes) {
    for (let w = 0; w < text.length; w += 2) {
      // 53 bits of the hash: two words in a million million share them.
      const hash = text[w]! + (text[w + 1]! & 0x1fffff) * 2 ** 32;
      let number = numbers.get(hash);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(hash, number);
      }
      words[at] = number;
      at += 1;
    }
  }
  return { words, starts, vocabulary: numbers.size };
}
