import { describe, expect, test } from 'vitest';
import { attributed, designFor } from '../../src/attribute/attribute.ts';
import { designOf, type Factor } from '../../src/attribute/design.ts';
import { effectsOf } from '../../src/attribute/effects.ts';
import { random } from '../../src/base/random.ts';
import { findMeasure } from '../../src/measures/registry.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

const FACTORS: Factor[] = [
  { name: 'model', levels: ['small', 'large'] },
  { name: 'temperature', levels: ['0', '0.5', '1'] },
];
const CELLS = [0, 1].flatMap((model) => [0, 1, 2].map((heat) => [model, heat]));

describe('effects', () => {
  test('of numbers without noise are what they were made of', () => {
    const heats = [-3, 1, 2];
    const pair = [
      [0.5, -0.25, -0.25],
      [-0.5, 0.25, 0.25],
    ];
    const values = CELLS.map(([model, heat]) => ({
      value: 10 + (model === 0 ? -2 : 2) + heats[heat!]! + pair[model!]![heat!]!,
      error: 0.1,
    }));
    const [model, heat, both] = effectsOf(FACTORS, designOf(FACTORS, CELLS, true), values, 32);
    expect(model!.levels.map(({ effect }) => effect)).toEqual([
      expect.closeTo(-2, 9),
      expect.closeTo(2, 9),
    ]);
    expect(heat!.levels.map(({ effect }) => effect)).toEqual(
      heats.map((effect) => expect.closeTo(effect, 9)),
    );
    expect(both!.levels.map(({ effect }) => effect)).toEqual(
      pair.flat().map((effect) => expect.closeTo(effect, 9)),
    );
    expect(model!.share + heat!.share + both!.share).toBeCloseTo(1, 9);
    // The mean of three cells less that of all six: error 0.1/√6.
    const [low, high] = model!.levels[0]!.interval;
    expect((high - low) / 2).toBeCloseTo((2.04 * 0.1) / Math.sqrt(6), 9);
  });

  test('of cells that are all equal are none', () => {
    const values = CELLS.map(() => ({ value: 4, error: 0 }));
    for (const effect of effectsOf(FACTORS, designOf(FACTORS, CELLS, true), values, 32)) {
      expect(effect).toMatchObject({ share: 0, p: null });
      expect(effect.size).toBeCloseTo(0, 12);
    }
  });

  test('that are known are inside their intervals, as often as these promise', async () => {
    const design = designFor(
      FACTORS,
      CELLS.map((levels) => ({ levels })),
      true,
    );
    const distances = (model: number, heat: number): number => {
      const p = 0.8 - 0.2 * model - 0.15 * heat;
      return 1 - p * p - (1 - p) ** 2 / 3;
    };
    const truth = CELLS.map(([model, heat]) => distances(model!, heat!));
    const exact = effectsOf(
      FACTORS,
      design.design,
      truth.map((value) => ({ value, error: 0 })),
      32,
    );
    let [inside, all, found] = [0, 0, 0];
    const RUNS = 24;
    for (let run = 0; run < RUNS; run += 1) {
      const values = [];
      for (const [c, [model, heat]] of CELLS.entries()) {
        const rows = rowsFrom(axes(160, 0.8 - 0.2 * model! - 0.15 * heat!, 100 * run + c), 4);
        values.push((await measureRows(rows, ['mean-distance']))['mean-distance']!);
      }
      const about = findMeasure('mean-distance')!;
      const { effects } = attributed(about, values, FACTORS, design.design, design.shares);
      for (const [t, { levels }] of effects.entries()) {
        for (const [l, { interval }] of levels.entries()) {
          const known = exact[t]!.levels[l]!.effect;
          all += 1;
          if (interval[0] <= known && known <= interval[1]) inside += 1;
        }
      }
      if (effects[0]!.corrected! < 0.05 && effects[1]!.corrected! < 0.05) found += 1;
    }
    expect(inside / all).toBeGreaterThan(0.88);
    expect(found).toBeGreaterThan(RUNS * 0.9);
  });
});

describe('designs', () => {
  test('with missing combinations give main effects, and say so', () => {
    const { design, shares, warnings } = designFor(
      FACTORS,
      CELLS.slice(0, 5).map((levels) => ({ levels })),
      true,
    );
    expect(design.terms).toHaveLength(2);
    expect(Math.max(...shares)).toBeLessThan(0.9);
    expect(warnings.join()).toContain('interactions cannot be told from main effects');
  });

  test('whose factors change together are confounded', () => {
    const twins: Factor[] = ['model', 'filter'].map((name) => ({ name, levels: ['a', 'b'] }));
    const cells = [{ levels: [0, 0] }, { levels: [1, 1] }];
    const { shares, warnings } = designFor(twins, cells, true);
    expect(shares).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
    expect(warnings.join()).toContain('model is confounded');
  });

  test('that are balanced have nothing in common', () => {
    const { shares, warnings } = designFor(
      FACTORS,
      CELLS.map((levels) => ({ levels })),
      true,
    );
    for (const share of shares) expect(share).toBeCloseTo(0, 9);
    expect(warnings).toEqual([]);
  });
});

/** Rows along four axes: the first with chance p, else one of the others. */
function axes(n: number, p: number, seed: number): Float32Array {
  const uniform = random(seed + 1);
  const rows = new Float32Array(4 * n);
  for (let i = 0; i < n; i += 1) {
    const axis = uniform() < p ? 0 : 1 + Math.floor(3 * uniform());
    rows[4 * i + axis] = 1;
  }
  return rows;
}
