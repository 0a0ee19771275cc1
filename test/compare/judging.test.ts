import { expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { datasetFront } from '../../src/compare/front.ts';
import { rankingsOf } from '../../src/compare/rank.ts';
import type { ComparedMeasure, Ranking } from '../../src/compare/report.ts';
import { namesOf } from '../../src/compare/sides.ts';
import { aboutOf, findMeasure } from '../../src/measures/registry.ts';
import { renderComparison } from '../../src/report/compare.ts';
import { track } from '../../src/track/track.ts';
import { fixtures } from '../data/helpers.ts';
import { jsonl, samples } from '../support/texts.ts';

const { path } = fixtures();

const ranking = (axis: Ranking['axis'], places: readonly number[]): Ranking => ({
  ...{ axis, section: null, families: 1 },
  order: places.map((meanRank, dataset) => ({ dataset, meanRank, more: 0, less: 0 })),
});

test('a dataset is on the front unless another is nowhere behind it and somewhere ahead', () => {
  const front = datasetFront([
    ranking('diversity', [1, 2, 3, 2]),
    ranking('complexity', [3, 2, 3, 1]),
    ranking('against', [1, 1, 1, 4]),
  ]);
  expect(front).toEqual({
    axes: ['diversity', 'complexity'],
    front: [0, 3],
    beaten: [
      { dataset: 1, by: [3] },
      { dataset: 2, by: [0, 3] },
    ],
  });
  expect(datasetFront([ranking('diversity', [1, 2])])).toBeNull();
});

test('a single rule ranks nobody where the rows that keep all of them are measured', () => {
  const of = (values: readonly number[], more: 'more' | 'less'): ComparedMeasure => ({
    ...{ axis: 'quality', section: 'rules', title: '', more, values: [], pairs: [] },
    ranks: values,
  });
  const chosen = ['quality.rules', 'quality.rules.refusal', 'quality.rules.language'];
  const listed = chosen.map((id) => findMeasure(id)!);
  const measures = {
    'quality.rules': of([2, 1], 'more'),
    'quality.rules.refusal': of([1, 2], 'less'),
    'quality.rules.language': of([1, 2], 'less'),
  };
  const datasets = [{ role: 'dataset' }, { role: 'dataset' }] as const;
  const [all] = rankingsOf(listed, measures, datasets);
  expect(all).toMatchObject({ section: 'rules', families: 1 });
  expect(all!.order.map(({ dataset }) => dataset)).toEqual([1, 0]);
  const [parts] = rankingsOf(listed.slice(1), measures, datasets);
  expect(parts!.order.map(({ dataset }) => dataset)).toEqual([0, 1]);
});

test('names are those of the files, without what all end with', () => {
  expect(namesOf(['x/davinci_predictions.jsonl', 'x/davinci-ft_predictions.jsonl'])).toEqual([
    'davinci',
    'davinci-ft',
  ]);
  expect(namesOf(['a/rows.jsonl.gz', 'b/rows.jsonl.gz'])).toEqual(['a/rows', 'b/rows']);
  expect(namesOf(['varied.jsonl', 'collapsed.jsonl'])).toEqual(['varied', 'collapsed']);
  expect(namesOf(['a-1.npy', 'b-1.npy'])).toEqual(['a-1', 'b-1']);
  expect(namesOf(['_ft.npy', 'x_ft.npy'])).toEqual(['_ft', 'x_ft']);
  expect(namesOf(['same.npy', 'same.npy'])).toEqual(['1: same.npy', '2: same.npy']);
});

/** Answers to ten questions, of which the first `right` are right, and a score each. */
const answers = (name: string, right: number, least: number): string =>
  path(
    name,
    jsonl(
      samples(80, right).map((row, i) => ({
        ...row,
        ...{ prompt: `question ${i % 40}`, answer: `so it is #### ${i < right ? i : -1}` },
        ...{ truth: `${i}`, score: least + (i % 9), topic: `t${i % (right > 30 ? 4 : 2)}` },
      })),
    ),
  );
const good = answers('good.jsonl', 60, 1);
const poor = answers('poor.jsonl', 20, -1);

test('right answers and the archive are compared on common terms', async () => {
  const { report } = await compare([good, poor], {
    ...{ measures: 'correct,pass@2,qd-score.mean,archive-coverage,length.words', map: false },
    ...{ answer: 'answer', truth: 'truth', prompt: 'prompt', quality: 'score', cells: 'topic' },
  });
  const values = (id: string): (number | null)[] =>
    report.measures[id]!.values.map(({ value }) => value);
  expect(values('correct')).toEqual([0.75, 0.25]);
  expect(report.measures.correct!.pairs[0]!.verdict).toBe('more');
  expect(values('pass@2')[0]).toBeGreaterThan(values('pass@2')[1]!);
  // One grid of four topics, and the floor of both: a dataset that has two of them leaves two cells empty.
  expect(values('archive-coverage')).toEqual([1, 0.5]);
  expect(values('qd-score.mean')).toEqual([10, 4]);
  expect(report.settings).toMatchObject({ quality: 'score', cells: 'topic' });
  expect(report.front!.axes).toEqual(['quality', 'complexity']);
  const words = renderComparison(report, aboutOf(Object.keys(report.measures)), 80);
  expect(words).toContain('No other dataset leads in quality and complexity at once');
  for (const line of words.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('rounds are followed by their right answers', async () => {
  const asked = { measures: 'correct', answer: 'answer', truth: 'truth' };
  const report = await track([good, poor], asked);
  expect(report.measures.correct!.firstLess).toBe(1);
  await expect(track([good, poor], { measures: 'vendi', truth: 'truth' })).rejects.toThrow(
    '--truth and --match say more of --answer',
  );
  await expect(track([good, poor], { ...asked, answer: 'said' })).rejects.toThrow(
    /no value in a column 'said' .* --answer/,
  );
});
