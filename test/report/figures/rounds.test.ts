import { expect, test } from 'vitest';
import { aboutOf } from '../../../src/measures/registry.ts';
import { bare, missing } from '../../../src/measures/value.ts';
import { roundFigure, territoryFigure } from '../../../src/report/figures/rounds.ts';
import type { TrackReport } from '../../../src/track/report.ts';
import { expectWhole } from './whole.ts';

const none = missing(0, 'no rows');
const some = bare(0.25, 10, 'as given');
const rounds = ['first.jsonl', 'second.jsonl', 'third.jsonl'].map((name) => ({
  ...{ name, rows: 10, duplicates: 0 },
  read: { sources: [], kind: 'text', rows: 10, exactDuplicates: 0, tokens: null, long: null },
}));
const report = {
  rounds,
  measures: {
    vendi: {
      ...{
        axis: 'diversity',
        title: 'Vendi score',
        more: 'more',
        firstLess: null,
        firstMore: null,
      },
      ...{ values: [some, none, some], changes: [null, null, null] },
    },
  },
  territory: [null, null, null],
} as unknown as TrackReport;

test('a round without a value is told as one, not as a number', () => {
  const figure = roundFigure('vendi', report, aboutOf(['vendi']).vendi)!;
  expectWhole(figure);
  expect(figure.label).toContain('round 0 0.250, round 1 –, round 2 0.250');
});

test('what is new and forgotten is drawn only where some of it is known', () => {
  const unknown = { fresh: none, forgotten: none, drift: none };
  expect(territoryFigure({ ...report, territory: [null, unknown, unknown] })).toBeNull();
  expect(territoryFigure(report)).toBeNull();
  const known = { ...unknown, fresh: some };
  expectWhole(territoryFigure({ ...report, territory: [null, unknown, known] })!);
});
