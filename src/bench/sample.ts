import { inputError, throwIfAborted } from '../base/errors.ts';
import { mix } from '../base/random.ts';
import { openDataset } from '../data/open.ts';
import type { Dataset, Row } from '../data/row.ts';
import { type Key, textKey } from '../embed/text-key.ts';
import { nameOf } from '../engine/collect.ts';
import type { EmbeddersOptions } from './settings.ts';

/** Some rows of a dataset, with what conclusions need of them. */
export interface Sample {
  readonly name: string;
  /** In the order of a seeded hash of their content. */
  readonly rows: readonly Row[];
  readonly keys: readonly Key[];
  /** How many rows the dataset has. */
  readonly of: number;
}

interface Ranked {
  readonly row: Row;
  readonly key: Key;
  readonly rank: number;
  readonly tie: number;
}

/**
 * A sample of every dataset, all of one size, since numbers that grow with the rows compare at equal n
 * only. Which rows depends on what they say and how often, not on where they stand.
 */
export async function sampleAll(
  inputs: readonly string[],
  most: number,
  options: EmbeddersOptions,
): Promise<Sample[]> {
  const opened: Dataset[] = [];
  try {
    const { text, onBadRow, signal } = options;
    // All are opened before any is read: what is missing or broken is said before work starts.
    for (const input of inputs) {
      const dataset = await openDataset([input], { text, onBadRow, signal });
      opened.push(dataset);
      if (dataset.kind === 'text') continue;
      throw inputError(
        `${nameOf(dataset)} holds vectors, which no model has to make; embedders are compared on texts.`,
      );
    }
    const samples: Sample[] = [];
    for (const dataset of opened) samples.push(await sampleOf(dataset, most, options));
    const least = Math.min(...samples.map(({ rows }) => rows.length));
    return samples.map(({ rows, keys, ...rest }) => ({
      ...rest,
      ...{ rows: rows.slice(0, least), keys: keys.slice(0, least) },
    }));
  } finally {
    for (const dataset of opened) await dataset.close();
  }
}

async function sampleOf(
  dataset: Dataset,
  most: number,
  { seed = 0, signal }: EmbeddersOptions,
): Promise<Sample> {
  let kept: Ranked[] = [];
  const seen = new Map<Key, number>();
  let of = 0;
  const thin = (): void => {
    kept = kept.sort((a, b) => a.rank - b.rank || a.tie - b.tie).slice(0, most);
  };
  for await (const row of dataset.rows({ signal })) {
    throwIfAborted(signal);
    of += 1;
    const key = textKey(row.text!);
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    const [rank, tie] = [mix(seed, 2, word(key, 0), occurrence), word(key, 4)];
    kept.push({ row, key, rank, tie });
    if (kept.length >= 2 * most) thin();
  }
  thin();
  if (kept.length === 0) throw inputError(`${nameOf(dataset)} has no rows.`);
  const name = nameOf(dataset);
  return { name, rows: kept.map(({ row }) => row), keys: kept.map(({ key }) => key), of };
}

const word = (key: string, at: number): number =>
  ((key.charCodeAt(at) << 24) |
    (key.charCodeAt(at + 1) << 16) |
    (key.charCodeAt(at + 2) << 8) |
    key.charCodeAt(at + 3)) >>>
  0;

const WHITE = /\s+/u;

/**
 * Texts of so many words each: the words of the sample one after another, cut anew. Where all texts
 * together are shorter than one such text, its words come again.
 */
export function textsOfLength(texts: readonly string[], words: number): string[] {
  const all = texts.flatMap((text) => text.split(WHITE).filter((word) => word !== ''));
  if (all.length === 0) return texts.slice();
  const count = Math.max(1, Math.min(texts.length, Math.floor(all.length / words)));
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: words }, (_, w) => all[(i * words + w) % all.length]!).join(' '),
  );
}
