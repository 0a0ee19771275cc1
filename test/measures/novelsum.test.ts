import { describe, expect, test } from 'vitest';
import { inputsOf } from '../../src/audit/measure.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { novelSumOf, novelsum } from '../../src/measures/diversity/novelsum.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import type { Rows } from '../../src/measures/rows.ts';
import type { Value } from '../../src/measures/value.ts';
import { clusteredRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 8;
const context = { seed: 0, settings: DEFAULT_SETTINGS };

/** NovelSum as of many rows: 200 are asked, and 120 of them left out one by one. */
async function sampled(rows: Rows, intervals = true): Promise<Value> {
  const source = artefactsOf(rows, null, { seed: 0, index: 'exact', intervals });
  return novelSumOf({ ...(await inputsOf(novelsum, source)), rows: source.rows }, context, {
    queries: 200,
    leftOut: 120,
  });
}

describe('NovelSum of more rows than are asked', () => {
  const rows = rowsFrom(clusteredRows(500, DIMS, 9, 0.7, 3), DIMS);

  test('is that of all rows within the error of asking some, and has its interval', async () => {
    const inputs = await inputsOf(novelsum, artefactsOf(rows, null, { seed: 0, index: 'exact' }));
    const whole = await novelSumOf(inputs, context);
    const some = await sampled(rows);
    expect(whole).toMatchObject({ n: 500, method: 'exact' });
    expect(some).toMatchObject({ n: 200, method: 'sampled' });
    expect(Math.abs(some.value! - whole.value!)).toBeLessThan(3 * some.samplingError!);
    const width = ({ interval }: Value): number => interval![1] - interval![0];
    expect(width(some) / width(whole)).toBeGreaterThan(0.8);
    expect(width(some) / width(whole)).toBeLessThan(3);
    expect(width(some)).toBeGreaterThan(3.9 * some.samplingError!);
  });

  test('says that it is of a sample, without intervals too', async () => {
    const some = await sampled(rows, false);
    expect(some).toMatchObject({ n: 200, method: 'sampled', interval: null });
    expect(some.samplingError!).toBeGreaterThan(0);
    expect(some.value).toBe((await sampled(rows)).value);
  });

  test('is a number where all rows, or all but one, are equal', async () => {
    const equal = new Float32Array(300 * DIMS).fill(1);
    const same = await sampled(rowsFrom(equal, DIMS));
    expect(same.value).toBeCloseTo(0, 5);
    expect(same.interval!.every(Number.isFinite)).toBe(true);
    equal.set([-1, 2], 299 * DIMS);
    const nearly = await sampled(rowsFrom(equal, DIMS));
    expect(nearly.value!).toBeGreaterThanOrEqual(0);
    expect(nearly.interval!.every(Number.isFinite)).toBe(true);
  });
});
