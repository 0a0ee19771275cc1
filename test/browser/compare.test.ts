import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { aboutOf } from '../../src/measures/registry.ts';
import { renderComparisonHtml } from '../../src/report/compare-html.ts';
import { HOSTILE } from '../report/hostile.ts';
import {
  dangersOf,
  findBrowser,
  openBrowser,
  openFile,
  unfoldAll,
  unfounded,
  widthsOf,
} from './browser.ts';

const executable = findBrowser();

/** Three datasets by hostile names, of rows by hostile words; a row says what is in its topic's box. */
const NAMES = [HOSTILE[0]!, HOSTILE[2]!, HOSTILE[14]!];
const BOXES = ['river stone water', 'engine wheel road', 'bread oven flour', 'piano chord tune'];

describe.skipIf(executable === null)('the page of a comparison in a browser', () => {
  let browser: Browser;
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gamut-compare-page-'));
    const rows = Array.from({ length: 108 }, (_, i) => {
      const box = BOXES[(i % 3) + (i % 2)]!;
      const hostile = HOSTILE[i % HOSTILE.length]!.replaceAll('\u0000', '');
      const text = `${box} ${i} ${hostile}`;
      return JSON.stringify({ id: `${i} ${hostile}`, text, from: NAMES[i % 3], score: i % 7 });
    });
    await writeFile(join(folder, 'rows.jsonl'), rows.join('\n'));
    const { report, map } = await compare([join(folder, 'rows.jsonl')], {
      ...{ by: 'from', model: 'use-lite-static', quality: 'score', cache: folder },
      measures: 'vendi,mean-distance,length.words,compressibility,quality.rules',
    });
    path = join(folder, 'compare.html');
    await writeFile(path, renderComparisonHtml(report, map, aboutOf(Object.keys(report.measures))));
    browser = await openBrowser(executable!);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** Pixels of a canvas that are neither paper nor grey. */
  const coloured = (page: Page, selector: string): Promise<number> =>
    page.evaluate(async (one) => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const canvas = document.querySelector<HTMLCanvasElement>(one)!;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const rgb = [data[at]!, data[at + 1]!, data[at + 2]!];
        if (Math.max(...rgb) - Math.min(...rgb) > 40) count += 1;
      }
      return count;
    }, selector);

  test('runs and loads nothing that a row, a name or a column says', async () => {
    const { page, requests, complaints } = await openFile(browser, path);
    const headings = await page.locator('h2').allTextContents();
    expect(headings.slice(0, 5)).toEqual([
      ...['Findings', 'Map', 'At a glance', 'How rows are spread', 'Diversity'],
    ]);
    expect(await page.locator('.findings').textContent()).toContain('<script>window.hacked');
    await page.getByRole('searchbox', { name: 'Search ids and texts' }).fill('hacked');
    await page.locator('.rows tbody tr').first().waitFor();
    const options = await page.locator('.choice option').allTextContents();
    for (const at of options.keys()) {
      await page.locator('.choice select').selectOption(`${at}`);
    }
    await page.getByLabel('side by side').check();
    await unfoldAll(page);
    expect(await dangersOf(page)).toEqual({
      ...{ hacked: false, scripts: 4, loading: 0, handlers: 0, links: 0 },
    });
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('colours by dataset, cluster, quality, what measures say of a row, and columns', async () => {
    const { page } = await openFile(browser, path);
    expect(await page.locator('.choice option').allTextContents()).toEqual([
      'Datasets',
      'Clusters',
      'Distance to the nearest row of any',
      'Length in characters',
      'Influence on the Vendi score',
      'Quality (column score)',
      'Rules',
      'Words a row',
      'Compressibility of a row',
      'score',
    ]);
    await page.locator('.choice select').selectOption({ label: 'Quality (column score)' });
    expect(await page.locator('.marks').textContent()).toBe('60');
    await page.close();
  });

  test('shows datasets over each other, without one, and side by side', async () => {
    const { page } = await openFile(browser, path);
    const all = await coloured(page, '.stage .ink');
    const first = page.locator('.switch', { hasText: 'rows of <script>' });
    await first.locator('input').uncheck();
    expect(await coloured(page, '.stage .ink')).toBeLessThan(all);
    await first.locator('input').check();
    expect(await coloured(page, '.stage .ink')).toBe(all);
    expect(await page.locator('.multiples').isVisible()).toBe(false);
    await page.getByLabel('side by side').check();
    expect(await page.locator('.multiples canvas').count()).toBe(3);
    expect(await coloured(page, '.multiples canvas')).toBeGreaterThan(50);
    await page.getByRole('button', { name: /^<script>/ }).click();
    expect(await page.locator('.rows tbody tr').count()).toBe(36);
    expect(await page.locator('.rows thead').textContent()).toBe('IdDatasetText');
    await page.close();
  });

  test('links every sentence to a part of the page that there is', async () => {
    const { page } = await openFile(browser, path);
    const count = await page.locator('.findings > li').count();
    expect(count).toBeGreaterThanOrEqual(3);
    expect(count).toBeLessThanOrEqual(7);
    expect(await unfounded(page)).toBe(0);
    await page.close();
  });

  test('fits a phone, and is dark on white paper when it is printed', async () => {
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;
    const { page } = await openFile(browser, path, phone);
    const widths = await widthsOf(page);
    expect(widths[0]).toBe(widths[1]);
    expect((await page.pdf()).byteLength).toBeGreaterThan(10_000);
    await page.close();
  });
});
