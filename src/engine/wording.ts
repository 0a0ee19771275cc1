import { type NgramCounter, type NgramShares, openNgramCounter } from '../compute/ngram-counts.ts';
import type { Rows } from '../measures/rows.ts';
import type { Ngrams, Overlaps, TextSample } from '../measures/texts.ts';
import { required } from './text-sample.ts';

const SIZES = [1, 2, 3, 4] as const;

/** The n-grams of all rows, counted in one pass; and what sampled rows share with all of them. */
export interface Wording {
  readonly ngrams: Ngrams;
  overlaps(signal?: AbortSignal): Promise<Overlaps>;
}

export async function countWording(
  rows: Rows,
  sample: TextSample,
  signal?: AbortSignal,
): Promise<Wording> {
  const counter = await openNgramCounter({ sizes: SIZES });
  // A sample of all rows is at hand: nothing need be read again, and counts know no order.
  if (sample.texts.length === rows.n) counter.observe(sample.texts, sample.groups);
  else await observeAll(counter, rows, signal);
  const counts = SIZES.map((size) => counter.counts(size));
  const ngrams = {
    n: rows.n,
    sizes: rows.sizes,
    counts,
    shares: sharesOf(counter),
  };
  return {
    ngrams,
    async overlaps(again = signal) {
      let complete = counter;
      if (counts.some(({ level }) => level > 0)) {
        // The table holds a sample of the n-grams; all those of the sampled rows are counted once more.
        complete = await openNgramCounter({ sizes: SIZES, watch: sample.texts });
        await observeAll(complete, rows, again);
      }
      const { texts, groups } = sample;
      return {
        sample,
        matches: SIZES.map((size) => complete.matches(size, texts, groups)),
        repetitions: complete.repetitions(4, texts, groups),
        lengths: counts[0]!.lengths,
      };
    },
  };
}

/** Sorted out when a measure first asks for them: few do. */
function sharesOf(counter: NgramCounter): Ngrams['shares'] {
  let words: NgramShares | undefined;
  let fours: NgramShares | undefined;
  return {
    get words() {
      words ??= counter.shares(1);
      return words;
    },
    get fours() {
      fours ??= counter.shares(4);
      return fours;
    },
  };
}

async function observeAll(
  counter: NgramCounter,
  rows: Rows,
  signal: AbortSignal | undefined,
): Promise<void> {
  let first = 0;
  for await (const block of required(rows)(signal)) {
    const texts = block.map(({ text }) => text ?? '');
    counter.observe(texts, rows.groups.subarray(first));
    first += texts.length;
  }
}
