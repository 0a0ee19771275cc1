import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import type { AuditOptions } from '../../src/audit/options.ts';
import { type QualityCurve, qualityCurve } from '../../src/audit/quality-curve.ts';
import { random } from '../../src/base/random.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { gaussianRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';
import { jsonl, samples } from '../support/texts.ts';

const { path } = fixtures();
const DIMS = 16;

type TopicOf = (score: number, uniform: number) => number;

/** The curve of n rows with a score each: `topicOf` says which direction a row of that score points in. */
function curveOf(topicOf: TopicOf, { n = 800, score = (u: number): number => u } = {}) {
  const uniform = random(7);
  const numbers = Float64Array.from({ length: n }, () => score(uniform()));
  const data = new Float32Array(n * DIMS);
  for (let i = 0; i < n; i += 1) {
    const topic = topicOf(numbers[i]!, uniform());
    for (let j = 0; j < DIMS; j += 1) data[i * DIMS + j] = Number(j === topic) + 0.1 * uniform();
  }
  const source = artefactsOf(rowsFrom(data, DIMS), null, { seed: 0, index: 'exact', clusters: 16 });
  const judged = { of: 'column score', numbers, floor: 0 };
  return qualityCurve(source, judged, { seed: 0, settings: DEFAULT_SETTINGS });
}

/** Above 0.7 only two topics are left: a strict filter loses diversity, a mild one does not. */
const costly: TopicOf = (score, u) => Math.floor(u * (score > 0.7 ? 2 : DIMS));
const free: TopicOf = (_, u) => Math.floor(u * DIMS);

const vendiOf = ({ measures }: QualityCurve) => measures.find(({ id }) => id === 'vendi')!.points;

describe('diversity against a rising threshold', () => {
  test('says that a filter costs diversity, from where on, and where the knee is', async () => {
    const curve = (await curveOf(costly))!;
    expect(curve.verdict).toBe('costs');
    expect(curve.answer).toMatch(/^A filter by column score costs diversity: the best 10/);
    const vendi = vendiOf(curve);
    expect(vendi.at(-1)!.difference!.verdict).toBe('less');
    expect(vendi[1]!.difference!.verdict).toBeNull();
    // Compared at equal n, so that the best few are not less diverse for being few.
    expect(curve.n).toBe(Math.floor(curve.levels.at(-1)!.rows / 2));
    const knee = curve.levels[curve.knee!]!;
    expect(knee.share).toBeGreaterThanOrEqual(0.3);
    expect(knee.share).toBeLessThanOrEqual(0.7);
    expect(curve.measures.map(({ id }) => id)).toContain('effective-clusters');
    for (const { points } of curve.measures) {
      expect(points).toHaveLength(curve.levels.length);
      for (const { value, interval, equal } of points) {
        expect(interval![0]).toBeLessThanOrEqual(value);
        expect(equal.interval![0]).toBeLessThanOrEqual(equal.value);
        expect(equal.interval![1]).toBeGreaterThanOrEqual(equal.value);
      }
    }
    expect(await curveOf(costly)).toEqual(curve);
  });

  test('shows no cost where quality has nothing to do with what rows say', async () => {
    const curve = (await curveOf(free))!;
    expect(curve).toMatchObject({ verdict: 'not shown', knee: null });
    expect(curve.answer).toContain('costs diversity is not shown');
  });

  test('adds where what is left out says the same thing over and over', async () => {
    const dull = await curveOf((score, u) => (score < 0.6 ? 0 : Math.floor(u * DIMS)));
    expect(dull).toMatchObject({ verdict: 'adds', knee: null });
  });

  test('keeps rows of one quality together, and leaves out those without', async () => {
    const passes = (u: number): number => (u < 0.1 ? Number.NaN : Number(u > 0.4));
    const curve = (await curveOf(free, { score: passes }))!;
    expect(curve.levels.map(({ threshold }) => threshold)).toEqual([0, 1]);
    expect(curve.levels[0]!.share).toBe(1);
    expect(curve.levels[0]!.rows).toBeLessThan(800);
    expect(curve.levels[1]!.share).toBeCloseTo(2 / 3, 1);
  });

  test('is null where there is nothing to filter', async () => {
    expect(await curveOf(free, { n: 60 })).toBeNull();
    expect(await curveOf(free, { score: () => 1 })).toBeNull();
    expect(await curveOf(free, { score: () => Number.NaN })).toBeNull();
  });
});

const scored = path(
  'scored.jsonl',
  jsonl(samples(90, 3).map((row, i) => ({ ...row, score: (i * 37) % 90, topic: `t${i % 3}` }))),
);

describe('the report', () => {
  test('has the archive, the curve and the front, on the terminal and as Markdown', async () => {
    const measures = 'qd-score,qd-score.mean,archive-coverage,pareto';
    const asked = { measures, map: false, curves: false, quality: 'score', cells: 'topic' };
    const { report } = await audit(scored, asked);
    const { cells, front, quality, curve } = report.tradeoff!;
    expect(quality).toMatchObject({ of: 'column score', rows: 90, floor: 0 });
    expect(cells).toMatchObject({ of: 3, axes: [{ name: 'topic', kind: 'values' }] });
    expect(report.measures['archive-coverage']!.value).toBe(1);
    const qd = report.measures['qd-score']!;
    expect(qd.interval![0]).toBeLessThan(qd.value!);
    expect(report.measures['qd-score.mean']!.value).toBeCloseTo(qd.value! / 3, 12);
    expect(front!.objectives).toEqual(['quality', 'nn-distance']);
    expect(front!.count / 90).toBeCloseTo(report.measures.pareto!.value!, 12);
    expect(front!.rows[0]).toMatchObject({ id: expect.any(String), text: expect.any(String) });
    expect(front!.rows[0]!.numbers[0]).toBe(89);
    expect(curve!.levels.map(({ rows }) => rows)).toEqual([90, 81, 72]);
    const terminal = renderTerminal(report, {}, { width: 80, colour: false });
    expect(terminal).toContain('Diversity as quality rises (column score)');
    for (const line of terminal.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(renderMarkdown(report, {})).toContain('## Diversity as quality rises (column score)');
    expect(report.findings.some(({ text }) => text.includes('column score'))).toBe(true);
  });
});

describe('what cannot be judged is refused before work starts', () => {
  test.each([
    [{ quality: 'scor' }, /no value in a column 'scor' .* --quality/],
    [{ quality: 'topic' }, /'topic' has no number in the first \d+ rows; --quality/],
    [{ quality: 'nn-distance' }, /novelty, not quality/],
    [{ quality: 'score', cells: 'kind' }, /no value in a column 'kind' .* --cells/],
    [{ quality: 'score', pareto: 'quality' }, /--pareto needs two/],
    [{ measures: 'qd-score' }, /qd-score cannot be given: needs --quality/],
    [
      { measures: 'archive-coverage', cells: 'clusters' },
      /cannot be given: needs --cells, or a --reference/,
    ],
  ])('%o', async (options, message) => {
    await expect(audit(scored, { map: false, ...options })).rejects.toMatchObject({
      name: 'GamutError',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  test('traits of rows that are vectors', async () => {
    const file = path('vectors.npy', npyBytes('<f4', '20, 3', bytesOf(gaussianRows(20, 3, 1))));
    for (const [options, flag] of [
      [{ quality: 'readability' }, '--quality readability'],
      [{ measures: 'archive-coverage', cells: 'length' }, '--cells length.words'],
    ] as const) {
      await expect(audit(file, { map: false, ...options })).rejects.toMatchObject({
        message: `${flag} is read from texts, and the rows are vectors.`,
      });
    }
  });
});

test('answers that are checked and not part of the texts are said to be none', async () => {
  const file = path(
    'answers.jsonl',
    jsonl(samples(20, 4).map(({ text }, i) => ({ question: text, output: `${i}`, truth: '3' }))),
  );
  const ask = async (more: AuditOptions): Promise<readonly string[]> => {
    const asked = { measures: 'correct', answer: 'output', truth: 'truth', map: false };
    return (await audit(file, { ...asked, ...more })).report.warnings;
  };
  expect(await ask({})).toContain(
    'Texts are question without output, whose answers are checked; --text output measures the answers.',
  );
  // A column's name may look like the words for people.
  const plus = path(
    'plus.jsonl',
    jsonl(
      samples(20, 4).map(({ text }, i) => ({ 'a + b (found)': text, output: `${i}`, truth: '3' })),
    ),
  );
  const odd = await audit(plus, {
    measures: 'correct',
    answer: 'output',
    truth: 'truth',
    map: false,
  });
  expect(odd.report.warnings.join()).toContain('Texts are a + b (found) without output');
  expect((await ask({ text: 'output' })).join()).not.toContain('whose answers are checked');
});
