import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { writeReportFigures } from '../../../src/report/figures/report-files.ts';
import { fixtures } from '../../data/helpers.ts';
import { clumpedMap } from '../clumped.ts';
import { collapsedReport } from '../fixture.ts';
import { abouts } from '../measured.ts';

const { path } = fixtures();

describe('figures as files', () => {
  test('are SVG and PNG of the same size, the map among them', async () => {
    const folder = path('figures');
    const count = await writeReportFigures(
      folder,
      collapsedReport(),
      clumpedMap(80, 40),
      abouts,
      'light',
    );
    const files = (await readdir(folder)).toSorted();
    expect(count).toBe(6);
    expect(files).toEqual(
      [
        'clusters-by-rank',
        'lengths',
        'map',
        'nearest-similarities',
        'pair-similarities',
        'spectrum',
      ].flatMap((name) => [`${name}.png`, `${name}.svg`]),
    );
    const svg = await readFile(`${folder}/spectrum.svg`, 'utf8');
    const png = await sharp(await readFile(`${folder}/spectrum.png`)).metadata();
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
    expect([png.width, png.height]).toEqual([2 * Number(width), 2 * Number(height)]);
    expect(svg).toContain('>reference</text>');
    expect(await readFile(`${folder}/map.svg`, 'utf8')).toContain(
      'in grey 40 rows of the reference',
    );
  });

  test('are dark on request, and written without a map where there is none', async () => {
    const folder = path('dark');
    expect(await writeReportFigures(folder, collapsedReport(), null, abouts, 'dark')).toBe(5);
    const corner = await sharp(`${folder}/lengths.png`)
      .extract({ left: 0, top: 0, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect([...corner.subarray(0, 3)]).toEqual([19, 21, 24]);
  });

  test('draw nothing where there is nothing', async () => {
    const report = collapsedReport();
    const none = { spectrum: null, pairs: null, nearest: null, lengths: null };
    const empty = { ...report, clusters: [], measures: {}, distributions: none };
    expect(await writeReportFigures(path('none'), empty, null, abouts, 'light')).toBe(0);
  });
});
