import { openNgramCounter } from '../compute/ngram-counts.ts';
import type { Rows } from '../measures/rows.ts';
import type { SharedRuns } from '../measures/texts.ts';
import { required, textSample } from './text-sample.ts';

/** Words in a run that two texts do not share by chance. */
const RUN = 13;

/** Which rows of a reference share a run of words with rows of a dataset; null where there are no texts. */
export async function sharedRuns(
  rows: Rows,
  reference: Rows,
  signal?: AbortSignal,
): Promise<SharedRuns | null> {
  if (rows.contents === null || reference.contents === null) return null;
  const sample = await textSample(reference, {}, signal);
  const texts = sample.texts.map(plainWords);
  const counter = await openNgramCounter({ sizes: [RUN], watch: texts });
  let first = 0;
  for await (const block of required(rows)(signal)) {
    counter.observe(
      block.map(({ text }) => plainWords(text ?? '')),
      rows.groups.subarray(first),
    );
    first += block.length;
  }
  return { rows: sample.rows, groups: counter.groupsOf(RUN, texts) };
}

/** Lower-cased words without signs, one space between them. */
const plainWords = (text: string): string =>
  text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
