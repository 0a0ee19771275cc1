import type { Rows } from '../measures/rows.ts';
import { TextView } from '../measures/text-view.ts';
import type { Surprisals } from '../measures/texts.ts';
import { trainWordModel, type WordModel } from '../measures/word-model.ts';
import { firstTexts, required } from './text-sample.ts';

/** Characters of the reference that are learned, so that memory stays bounded: some three million words. */
const CHARACTERS = 2 ** 24;

interface Trained {
  readonly model: WordModel;
  /** Rows it was trained on. */
  readonly rows: number;
}

/** One model a reference, however many datasets, parts and draws are held against it. */
const models = new WeakMap<Rows, Promise<Trained>>();

/** How surprising each row is to a model of the reference's words. */
export async function surprisalsOf(
  rows: Rows,
  reference: Rows,
  signal?: AbortSignal,
): Promise<Surprisals> {
  const training = models.get(reference) ?? train(reference, signal);
  models.set(reference, training);
  // A training that was interrupted is not one to come back to.
  training.catch(() => models.delete(reference));
  const { model, rows: trained } = await training;
  const bits = new Float64Array(rows.n);
  let row = 0;
  for await (const block of required(rows)(signal)) {
    for (const { text } of block) {
      bits[row] = model.bits(new TextView(text ?? '').words) ?? Number.NaN;
      row += 1;
    }
  }
  return { bits, trained, of: reference.n };
}

/** The surprisals of some of the rows, from those of all. */
export const surprisalsOfPart = (whole: Surprisals, chosen: Int32Array): Surprisals => ({
  ...whole,
  bits: Float64Array.from(chosen, (row) => whole.bits[row]!),
});

async function train(reference: Rows, signal: AbortSignal | undefined): Promise<Trained> {
  const limits = { rows: reference.n, characters: CHARACTERS };
  const texts = await firstTexts(reference, limits, signal);
  function* words(): Iterable<readonly string[]> {
    for (const text of texts) yield new TextView(text).words;
  }
  return { model: trainWordModel(words()), rows: texts.length };
}
