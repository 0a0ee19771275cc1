import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderAttributionHtml, renderTrackHtml } from '../../src/report/verb-html.ts';
import { hostileReports } from '../report/verb-reports.ts';
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

describe.skipIf(executable === null)('the pages of track and of attribute in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gamut-verbs-page-'));
    const { tracked, attributed, about } = await hostileReports(folder);
    await writeFile(join(folder, 'track.html'), renderTrackHtml(tracked, about));
    await writeFile(join(folder, 'attribute.html'), renderAttributionHtml(attributed, about));
    browser = await openBrowser(executable!);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test.each([
    ['track', 'polyline', 'Words a row: '],
    ['attribute', 'polygon', '“<script>window.hacked'],
  ])(
    '%s: findings with links, figures and tables, and nothing that data says runs or loads',
    async (verb, mark, says) => {
      const { page, requests, complaints } = await openFile(browser, join(folder, `${verb}.html`));
      const count = await page.locator('.findings > li').count();
      expect(count).toBeGreaterThanOrEqual(3);
      expect(count).toBeLessThanOrEqual(7);
      expect(await page.locator('.findings').textContent()).toContain(says);
      expect(await unfounded(page)).toBe(0);
      expect(await page.locator(`#glance ${mark}`).count()).toBeGreaterThan(1);
      expect(await page.locator('#axis-diversity .figure').count()).toBe(1);
      await unfoldAll(page);
      expect(await page.locator('#everything tbody tr').first().isVisible()).toBe(true);
      expect(await dangersOf(page)).toEqual({
        ...{ hacked: false, scripts: 2, loading: 0, handlers: 0, links: 0 },
      });
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test.each(['track', 'attribute'])('%s fits a phone in the dark', async (verb) => {
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;
    const { page } = await openFile(browser, join(folder, `${verb}.html`), phone);
    const [wide, room] = await widthsOf(page);
    expect(wide).toBe(room);
    await page.close();
  });
});
