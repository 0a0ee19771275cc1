import {
  binnedOf,
  lengthBins,
  pairSimilarities,
  similarityBins,
  spectrumOf,
} from '../audit/distributions.ts';
import { throwIfAborted } from '../base/errors.ts';
import { sourceOf } from './measure-side.ts';
import type { SpreadsReport } from './report.ts';
import type { Shared } from './shared.ts';
import type { Side } from './sides.ts';

/** How n rows of every dataset are spread: their spectra, similarities and lengths, in the same bins. */
export async function spreadsOf(
  sides: readonly Side[],
  n: number,
  shared: Shared,
): Promise<SpreadsReport> {
  const { seed, signal } = shared.context;
  const spectra: SpreadsReport['spectra'][number][] = [];
  const pairs: Float64Array[] = [];
  const lengths: Float64Array[] = [];
  for (const [s, { rows }] of sides.entries()) {
    throwIfAborted(signal);
    const source = sourceOf(rows, rows.order.slice(0, n).sort(), s, shared, false);
    spectra.push(spectrumOf((await source('spectrum')).whole));
    pairs.push(pairSimilarities(source.rows, seed));
    if (source.rows.tokens) lengths.push(Float64Array.from(source.rows.tokens));
  }
  return {
    spectra,
    pairs: binnedOf(pairs, similarityBins),
    lengths: lengths.length < sides.length ? null : binnedOf(lengths, lengthBins),
  };
}
