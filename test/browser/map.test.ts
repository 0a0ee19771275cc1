import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeMap } from '../../src/report/map-files.ts';
import { fixtures } from '../data/helpers.ts';
import { projectionOf } from '../report/plot/projections.ts';
import { findBrowser, openBrowser } from './browser.ts';

const executable = findBrowser();
const { path } = fixtures();

describe.skipIf(executable === null)('a map in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(executable!);
  });
  afterAll(() => browser?.close());

  const HOSTILE = '</script><img src=x onerror=alert(1)>';
  const COLUMNS = {
    topic: (i: number) => [HOSTILE, 'sea', 'food'][i % 3]!,
    score: (i: number) => (i % 10 === 0 ? null : i / 2),
  };

  async function open(color: string) {
    const projection = await projectionOf(path, 120, COLUMNS);
    const file = path(`${color}.html`);
    await writeMap(file, projection, { color, title: HOSTILE });
    await projection.close();
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('.stage[data-texts]');
    return { page, complaints };
  }

  test('has a legend of the column it is coloured by, and nothing of the data is markup', async () => {
    const { page, complaints } = await open('topic');
    expect(await page.locator('h1').textContent()).toBe(HOSTILE);
    expect(await page.locator('.legend h3').textContent()).toBe('topic');
    const names = await page.locator('.pick .label').allTextContents();
    expect(names.toSorted()).toEqual([HOSTILE, 'food', 'sea']);
    expect(await page.locator('img').count()).toBe(0);
    const canvas = page.locator('.stage .ink');
    const before = await canvas.screenshot();
    await page.locator('.zoom button').first().click();
    await page.waitForTimeout(100);
    expect((await canvas.screenshot()).equals(before)).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('has a scale with both its ends for a column of amounts', async () => {
    const { page, complaints } = await open('score');
    expect(await page.locator('.legend h3').textContent()).toBe('score');
    expect(await page.locator('.marks').textContent()).toBe('≥ 59≤ 1');
    expect(await page.locator('.labels bdi').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
