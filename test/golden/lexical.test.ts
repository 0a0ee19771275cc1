import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rows } from '../../src/measures/rows.ts';
import { measureRows } from '../support/measure.ts';
import { hasShared, shared } from '../support/npy.ts';
import { rowsOfTexts } from '../support/rows.ts';

/** Values of nltk, gzip and plain Python, on 400 texts; see reference/README.md beside them. */
const expected = hasShared
  ? JSON.parse(readFileSync(join(shared, 'reference', 'expected.json'), 'utf8')).text
  : null;
const texts = hasShared
  ? readFileSync(join(shared, 'reference', 'texts.txt'), 'utf8')
      .trimEnd()
      .split('\n')
  : [];

const value = async (rows: Rows, id: string): Promise<number> =>
  (await measureRows(rows, [id]))[id]!.value!;

describe.skipIf(!hasShared)('lexical parity with the peers', () => {
  const all = rowsOfTexts(texts);
  const first = rowsOfTexts(texts.slice(0, 60));
  // The peer counts n-grams across the ends of rows, as if all were one row, and cuts at single spaces:
  // nothing between two of them is a word too.
  const cut = texts.join(' ').split(' ');
  const joined = rowsOfTexts([cut.map((word) => word.replace(/\s/gu, '_') || '∅').join(' ')]);
  const plain = rowsOfTexts([texts.join(' ')]);

  test.each([
    ['distinct-1', all, 'distinct_1'],
    ['distinct-2', all, 'distinct_2'],
    ['distinct-3', all, 'distinct_3'],
    ['ngram-diversity', joined, 'ngram_diversity_4'],
    ['self-repetition', all, 'self_repetition_4'],
    ['self-bleu', first, 'self_bleu_4_first60_method1'],
    ['rouge-l', first, 'rouge_l_homogenization_first60_split'],
    ['token-entropy', all, 'unigram_entropy_bits'],
  ])('%s', async (id, rows, name) => {
    const target = expected[name];
    expect(Math.abs((await value(rows, id)) - target)).toBeLessThan(1e-6 + 1e-4 * target);
  });

  test('compression-ratio, to the per cent that zlibs differ by', async () => {
    const target = expected.gzip_ratio_level9;
    expect(Math.abs((await value(all, 'compression-ratio')) - target)).toBeLessThan(0.02 * target);
    expect(Math.abs((await value(plain, 'compression-ratio')) - target)).toBeLessThan(
      0.01 * target,
    );
  });
});
