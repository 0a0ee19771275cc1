import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CompareResult, compare } from '../../../src/compare/compare.ts';
import type { CompareReport } from '../../../src/compare/report.ts';
import type { About } from '../../../src/measures/measure.ts';
import { aboutOf } from '../../../src/measures/registry.ts';
import { comparedFigures } from '../../../src/report/figures/compared.ts';
import { qualityFigure } from '../../../src/report/figures/quality.ts';
import { writeComparisonFigures } from '../../../src/report/figures/report-files.ts';
import { buildCompareView } from '../../../src/report/html/build-compare-view.ts';
import { oneLine } from '../../../src/report/text.ts';
import { fixtures } from '../../data/helpers.ts';
import { expectWhole } from './whole.ts';

const { path } = fixtures();
const WORDS = 'river lantern copper silent orchard velvet thunder garden mirror paper'.split(' ');

describe('the figures of a comparison', () => {
  let found: CompareResult;
  let about: Readonly<Record<string, About>>;

  /** The better the rows of the second, the more alike they are. */
  beforeAll(async () => {
    const rows = (alike: boolean): string =>
      Array.from({ length: 160 }, (_, i) => {
        const word = (step: number): string =>
          WORDS[(alike && i > 40 ? 1 : i * (1 + step)) % WORDS.length]!;
        return JSON.stringify({
          text: `${word(0)} ${word(1)} ${word(2)}${alike ? ' and so on' : ''}`,
          score: i,
        });
      }).join('\n');
    const files = [path('even.jsonl', rows(false)), path('narrow.jsonl', rows(true))];
    found = await compare(files, {
      ...{ model: 'use-lite-static', quality: 'score', cache: path('cache') },
      measures: 'vendi,mean-distance,length.words,distinct-1',
    });
    about = aboutOf(Object.keys(found.report.measures));
  });

  test('hold every number within the drawing, and say them in a table', () => {
    const { glance, spreads, axes } = comparedFigures(found.report, found.map!.names, about);
    expect(spreads.map(({ id }) => id)).toEqual([
      'spectrum',
      'clusters-by-rank',
      'pair-similarities',
      'lengths',
    ]);
    expect(glance.map(({ id }) => id)).toEqual(['radar', 'quality-diversity', 'cluster-shares']);
    expect(axes.flatMap(({ figures }) => figures.map(({ id }) => id))).toContain('forest-vendi');
    for (const figure of [...glance, ...spreads, ...axes.flatMap(({ figures }) => figures)])
      expectWhole(figure);
  });

  test('are small drawings of their own where colours would not tell the datasets apart', () => {
    const { glance, spreads } = comparedFigures(manyTimes(found.report, 6), null, about);
    for (const figure of [...glance, ...spreads]) expectWhole(figure);
    for (const figure of [glance[0]!, glance[1]!, ...spreads]) {
      expect(figure.caption).toContain('A drawing for each');
      const names = figure.marks.filter((mark) => mark.kind === 'text' && mark.tone === 'ink');
      expect(names).toHaveLength(12);
    }
    expect(glance.at(-1)!.caption).toContain('12 narrow 5');
  });

  test('have curves of quality of all datasets at one number of rows', () => {
    const curves = found.report.curves!;
    expect(curves.map((curve) => curve?.n)).toEqual([curves[0]!.n, curves[0]!.n]);
    expect(curves[1]!.verdict).toBe('costs');
    const [, figure] = comparedFigures(found.report, null, about).glance;
    expect(figure!.caption).toContain('narrow: ');
    expect(new Set(figure!.table.rows.map(([name]) => name))).toEqual(new Set(['even', 'narrow']));
  });

  test('are one curve in an audit, and none without a quality', () => {
    const curve = found.report.curves![1]!;
    const quality = { of: 'column score', rows: 160, floor: 0, distribution: null };
    const rest = { cells: null, front: null, curveWhy: null };
    const figure = qualityFigure({ quality, curve, ...rest })!;
    expect(figure.caption).toContain(oneLine(curve.answer));
    expect(figure.table.rows).toHaveLength(curve.levels.length);
    expect(qualityFigure(undefined)).toBeNull();
    expect(qualityFigure({ quality, curve: null, ...rest })).toBeNull();
  });

  test('are written with the map, an axis a sheet', async () => {
    const { report, map } = found;
    const count = await writeComparisonFigures(path('figures'), report, map, about, 'dark');
    const names = (await readdir(path('figures'))).filter((name) => name.endsWith('.svg'));
    expect(names).toHaveLength(count);
    for (const name of ['map', 'radar', 'axis-diversity', 'quality-diversity', 'spectrum']) {
      expect(names).toContain(`${name}.svg`);
    }
  });

  test('stand on a page without a map, too', () => {
    const view = buildCompareView(found.report, null, about, []);
    expect(view.map).toBeNull();
    expect(view.findings.length).toBeGreaterThanOrEqual(3);
    expect(view.findings.length).toBeLessThanOrEqual(7);
  });
});

/** The same datasets so many times over, by names of their own. */
function manyTimes(report: CompareReport, times: number): CompareReport {
  const many = <T>(list: readonly T[]): T[] => Array.from({ length: times }, () => list).flat();
  const { distributions } = report;
  const spread = <T extends { readonly sides: readonly unknown[] }>(of: T | null): T | null =>
    of && { ...of, sides: many(of.sides) };
  const measures = Object.entries(report.measures).map(([id, measure]) => [
    id,
    { ...measure, values: many(measure.values), ranks: many(measure.ranks) },
  ]);
  return {
    ...report,
    datasets: many(report.datasets).map((one, d) => ({ ...one, name: `${one.name} ${d >> 1}` })),
    curves: many(report.curves!),
    clusters: report.clusters.map((one) => ({ ...one, shares: many(one.shares) })),
    measures: Object.fromEntries(measures),
    distributions: {
      spectra: many(distributions.spectra),
      pairs: spread(distributions.pairs),
      lengths: spread(distributions.lengths),
    },
  };
}
