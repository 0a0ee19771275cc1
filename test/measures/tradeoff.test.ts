import { describe, expect, test } from 'vitest';
import { inputsOf } from '../../src/audit/measure.ts';
import { random } from '../../src/base/random.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { cellAxes } from '../../src/engine/cells.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { archiveCoverage } from '../../src/measures/tradeoff/archive-coverage.ts';
import { qdScore, scoreError } from '../../src/measures/tradeoff/qd-score.ts';
import { measureRows } from '../support/measure.ts';
import { rowsOfTexts } from '../support/rows.ts';

/** Rows of a topic and a score each; null where a row has none. */
const scored = (rows: readonly (readonly [topic: string | null, score: number | null])[]): Rows =>
  rowsOfTexts(
    rows.map((_, i) => `row number ${i}`),
    (i) => ({ topic: rows[i]![0], score: rows[i]![1] }),
  );

const judge = { quality: 'score', cells: cellAxes('topic') };

const IDS = ['qd-score', 'qd-score.mean', 'archive-coverage'];
const valuesOf = async (rows: Rows, more = {}): Promise<(number | null)[]> => {
  const values = await measureRows(rows, IDS, { judge: { ...judge, ...more } });
  return IDS.map((id) => values[id]!.value);
};

describe('the QD-score', () => {
  test('is the best of every cell, added up, and a mean over all cells', async () => {
    const rows = scored([
      ['a', 1],
      ['a', 3],
      ['b', 2],
      ['c', 0.5],
    ]);
    const [sum, mean, coverage] = await valuesOf(rows);
    expect(sum).toBeCloseTo(5.5, 12);
    expect(mean).toBeCloseTo(5.5 / 3, 12);
    expect(coverage).toBe(1);
  });

  test('is not lowered by a cell whose best row is negative: the lowest counts as 0', async () => {
    const few = scored([
      ['a', 1],
      ['a', -4],
    ]);
    const more = scored([
      ['a', 1],
      ['a', -4],
      ['b', -3],
    ]);
    expect((await valuesOf(few))[0]).toBeCloseTo(5, 12);
    expect((await valuesOf(more))[0]).toBeCloseTo(6, 12);
    expect((await valuesOf(more, { floor: -10 }))[0]).toBeCloseTo(18, 12);
  });

  test('leaves out rows without a quality or a cell', async () => {
    const rows = scored([
      ['a', null],
      [null, 9],
      ['b', 2],
    ]);
    expect((await valuesOf(rows))[0]).toBe(2);
    const none = await measureRows(scored([['a', null]]), ['qd-score'], { judge });
    expect(none['qd-score']).toMatchObject({
      value: null,
      why: 'no row has a quality and a cell',
    });
  });

  test('varies over fresh draws as the steps between the best rows of every cell say', () => {
    const uniform = random(3);
    const [kinds, n, draws] = [60, 300, 300];
    const scores: number[] = [];
    let said = 0;
    for (let d = 0; d < draws; d += 1) {
      const cells = Array.from({ length: kinds }, (): number[] => []);
      // Cells of unequal size, some of them empty; qualities with a tail.
      for (let i = 0; i < n; i += 1) {
        cells[Math.floor(uniform() ** 2 * kinds)]!.push(2 - Math.log(1 - uniform()));
      }
      const held = cells.filter(({ length }) => length > 0);
      scores.push(held.reduce((sum, cell) => sum + Math.max(...cell), 0));
      const sorted = held.map((cell) => Float64Array.from(cell).sort().reverse());
      said += scoreError(sorted, n).error ** 2 / draws;
    }
    const mean = scores.reduce((sum, score) => sum + score, 0) / draws;
    const truth = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / draws;
    expect(said / truth).toBeGreaterThan(0.8);
    expect(said / truth).toBeLessThan(1.25);
  });

  test('has no width where the best rows of every cell are equally good, and none is told of few rows', async () => {
    const stars = (n: number) => scored(Array.from({ length: n }, (_, i) => [`t${i % 3}`, 5]));
    const many = (await measureRows(stars(60), ['qd-score'], { judge }))['qd-score']!;
    expect(many).toMatchObject({ value: 15, interval: [15, 15] });
    const few = (await measureRows(stars(12), ['qd-score'], { judge }))['qd-score']!;
    expect(few).toMatchObject({ interval: null, why: 'too few rows for an interval' });
  });

  test('on fewer rows is the mean over all draws of them', async () => {
    const rows = scored([
      ['a', 5],
      ['a', 3],
      ['b', 2],
      ['b', 2],
      ['c', 7],
    ]);
    const source = artefactsOf(rows, null, { seed: 0, index: 'exact', judge });
    const context = { seed: 0, settings: DEFAULT_SETTINGS };
    const best = (chosen: readonly number[]): number => {
      const of = (cell: readonly number[], qualities: readonly number[]): number =>
        Math.max(0, ...cell.filter((row) => chosen.includes(row)).map((row) => qualities[row]!));
      const q = [5, 3, 2, 2, 7];
      return of([0, 1], q) + of([2, 3], q) + of([4], q);
    };
    let [sum, draws] = [0, 0];
    for (let a = 0; a < 5; a += 1) {
      for (let b = a + 1; b < 5; b += 1) {
        sum += best([a, b]);
        draws += 1;
      }
    }
    const rarefied = await qdScore.rarefy!(await inputsOf(qdScore, source), context, 2);
    expect(rarefied['qd-score']).toBeCloseTo(sum / draws, 12);
    const covered = await archiveCoverage.rarefy!(
      await inputsOf(archiveCoverage, source),
      context,
      1,
    );
    expect(covered['archive-coverage']).toBeCloseTo(1 / 3, 12);
  });
});

describe('the coverage of an archive', () => {
  test('has a width where every cell holds a row that draws may miss', async () => {
    const rows = scored(
      Array.from({ length: 200 }, (_, i) => [i < 2 ? `rare ${i}` : `t${i % 5}`, 1]),
    );
    const { value, interval } = (await measureRows(rows, ['archive-coverage'], { judge }))[
      'archive-coverage'
    ]!;
    expect(value).toBe(1);
    expect(interval![0]).toBeLessThan(0.95);
    expect(interval![0]).toBeGreaterThan(0.3);
    expect(interval![1]).toBe(1);
  });

  test('is bounded on one side where every cell holds several rows, the nearer the more', async () => {
    const low: number[] = [];
    for (const n of [30, 50, 400]) {
      const rows = scored(Array.from({ length: n }, (_, i) => [`t${i % 5}`, 1]));
      const found = (await measureRows(rows, ['archive-coverage'], { judge }))['archive-coverage']!;
      expect(found.value).toBe(1);
      expect(found.interval![1]).toBe(1);
      low.push(found.interval![0]);
    }
    // Six rows a cell may be as few as 2.2 on average, of which one in nine would be none.
    expect(low[0]).toBeCloseTo(1 - Math.exp(-2.2), 2);
    expect(low[1]).toBeGreaterThan(0.98);
    expect(low[2]).toBeGreaterThan(0.999999);
  });
});

describe('cells', () => {
  test('of a number are five bins of equally many rows, of few values the values', async () => {
    const rows = rowsOfTexts(
      Array.from({ length: 100 }, (_, i) => `text ${i}`),
      (i) => ({ size: i * i, kind: i % 2 === 0 ? 'even' : 'odd', grade: i % 3 }),
    );
    const source = artefactsOf(rows, null, {
      ...{ seed: 0, index: 'exact' },
      judge: { cells: cellAxes('size,kind,grade') },
    });
    const cells = await source('cells');
    expect(cells.of).toBe(5 * 2 * 3);
    expect(cells.axes.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['size', 'bins', 5],
      ['kind', 'values', 2],
      ['grade', 'values', 3],
    ]);
    const bins = new Map<number, number>();
    for (const label of cells.labels) {
      bins.set(Math.floor(label / 6), (bins.get(Math.floor(label / 6)) ?? 0) + 1);
    }
    expect([...bins.values()]).toEqual([20, 20, 20, 20, 20]);
  });

  test('of a dataset and a reference are shared: what only the reference has stays empty', async () => {
    const own = scored([
      ['a', 1],
      ['a', 2],
    ]);
    const reference = scored([
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 1],
    ]);
    const values = await measureRows(own, IDS, { judge, reference });
    expect(values['archive-coverage']!.value).toBe(0.25);
    expect(values['qd-score.mean']!.value).toBe(0.5);
  });

  test('are refused where a column has too many values to be kinds', async () => {
    const rows = rowsOfTexts(
      Array.from({ length: 90 }, (_, i) => `text ${i}`),
      (i) => ({ name: `n${i}` }),
    );
    await expect(
      measureRows(rows, ['archive-coverage'], { judge: { cells: cellAxes('name') } }),
    ).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining("Column 'name' has 90 different values"),
    });
  });
});

describe('the front of rows', () => {
  test('is what no row beats in the objectives that were named', async () => {
    const rows = rowsOfTexts(['a a a', 'b b', 'c', 'd d d'], (i) => ({ score: [1, 2, 3, 0][i]! }));
    const objectives = ['score', 'length.words'];
    const values = await measureRows(rows, ['pareto'], { judge: { objectives } });
    expect(values.pareto!.value).toBe(3 / 4);
    const turned = await measureRows(rows, ['pareto'], {
      judge: { objectives: ['score', '-length.words'] },
    });
    expect(turned.pareto).toMatchObject({ value: 1 / 4, rows: [2] });
  });
});
