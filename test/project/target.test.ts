import { describe, expect, test } from 'vitest';
import { type ProjectOptions, project } from '../../src/project/project.ts';
import { nearestNumbers } from '../../src/project/supervise.ts';
import { fixtures } from '../data/helpers.ts';
import { jsonl, samples } from '../support/texts.ts';

const { path } = fixtures();
const rows = samples(60, 3).map((row, i) => ({
  ...row,
  side: i < 30 ? 'left' : 'right',
  grade: i / 10,
}));
const file = path('rows.jsonl', jsonl(rows));

async function placesOf(options?: ProjectOptions, input = file): Promise<Float32Array> {
  const projection = await project(input, { epochs: 200, ...options });
  await projection.close();
  return projection.layout;
}

/** Distance between the means of the first and the second half, in mean distances from the mean of all. */
function apart(places: Float32Array): number {
  const means = [0, 1].map((side) => {
    const own = Array.from({ length: 30 }, (_, i) => 2 * (30 * side + i));
    return [0, 1].map((c) => own.reduce((sum, at) => sum + places[at + c]! / 30, 0)) as [
      number,
      number,
    ];
  });
  const [left, right] = means as [[number, number], [number, number]];
  const middle = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2] as const;
  let mean = 0;
  for (let i = 0; i < 60; i += 1) {
    mean += Math.hypot(places[2 * i]! - middle[0], places[2 * i + 1]! - middle[1]) / 60;
  }
  return Math.hypot(left[0] - right[0], left[1] - right[1]) / mean;
}

describe('a map supervised by a column', () => {
  test('puts rows of the same value together that would lie mixed', async () => {
    const plain = apart(await placesOf());
    const supervised = apart(await placesOf({ target: 'side' }));
    expect(supervised).toBeGreaterThan(2 * plain);
  });

  test('by numbers is another map, finite, and the same again', async () => {
    const options = { target: 'grade', targetKind: 'numbers' } as const;
    const once = await placesOf(options);
    expect(once.every(Number.isFinite)).toBe(true);
    expect(await placesOf(options)).toEqual(once);
    expect(await placesOf()).not.toEqual(once);
  });

  test('takes rows without a value as unknown, and all of one value', async () => {
    const some = path(
      'some.jsonl',
      jsonl(rows.map((row, i) => (i % 3 ? row : { ...row, side: null }))),
    );
    expect((await placesOf({ target: 'side' }, some)).every(Number.isFinite)).toBe(true);
    const same = path('same.jsonl', jsonl(rows.map((row) => ({ ...row, side: 'both', grade: 1 }))));
    expect((await placesOf({ target: 'side' }, same)).every(Number.isFinite)).toBe(true);
    const numbers = { target: 'grade', targetKind: 'numbers' } as const;
    expect((await placesOf(numbers, same)).every(Number.isFinite)).toBe(true);
    expect((await placesOf({ target: 'side', targetWeight: 1 })).every(Number.isFinite)).toBe(true);
    expect((await placesOf({ ...numbers, targetWeight: 0 })).every(Number.isFinite)).toBe(true);
  });

  test.each([
    [{ target: 'nothing' }, /No row has a value in column 'nothing' \(columns: .*side/],
    [{ target: 'side', targetKind: 'numbers' }, /row on line 1 .* has no number in column 'side'/],
  ] satisfies [ProjectOptions, RegExp][])(
    '%o is an error of the input',
    async (options, message) => {
      await expect(project(file, options)).rejects.toMatchObject({
        kind: 'input',
        message: expect.stringMatching(message),
      });
    },
  );

  test.each([
    [{ targetWeight: 0.5 }, /--target-weight needs a --target/],
    [{ target: 'side', targetWeight: 2 }, /--target-weight must be/],
    [{ target: 'side', engine: 'umap-js' }, /umap-js takes no --target/],
    [{ target: 'side', method: 'pca' }, /--target is for UMAP; leave it out with --method pca/],
  ] satisfies [ProjectOptions, RegExp][])(
    '%o is refused before anything is read',
    async (options, message) => {
      await expect(project('/nowhere.jsonl', options)).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(message),
      });
    },
  );
});

test('the nearest numbers are those of a search of all pairs; equal ones in the order of rows', () => {
  const values = Float64Array.of(3, 1, 1, 8, -2, 1, 40, 3);
  const { distances } = nearestNumbers(values, 4);
  for (const [i, value] of values.entries()) {
    const truth = Array.from(values, (other) => Math.abs(other - value));
    truth.splice(i, 1);
    truth.sort((a, b) => a - b);
    expect(Array.from(distances.subarray(4 * i, 4 * i + 4))).toEqual(truth.slice(0, 4));
  }
});
