import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from '../../src/attribute/attribute.ts';
import { aboutOf } from '../../src/measures/registry.ts';
import { renderAttributionHtml, renderTrackHtml } from '../../src/report/verb-html.ts';
import { track } from '../../src/track/track.ts';
import { HOSTILE } from '../report/fixture.ts';
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

/** Names of columns, levels and rounds that would run or load, and words of few topics and of many. */
const FACTOR = HOSTILE[3]!;
const LEVELS = [HOSTILE[0]!, HOSTILE[2]!];
const WORDS = 'river stone engine wheel bread oven piano chord lamp winter copper thread'.split(
  ' ',
);

describe.skipIf(executable === null)('the pages of track and of attribute in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gamut-verbs-page-'));
    const given = { model: 'use-lite-static', cache: folder };
    const measures = 'vendi,length.words,quality.rules,quality:score';
    const line = (i: number, varied: boolean): string => {
      const word = (at: number): string => WORDS[(i * (varied ? 5 : 0) + at * 7) % WORDS.length]!;
      const text = `${word(0)} ${word(1)} ${word(i % 3)} ${HOSTILE[i % HOSTILE.length]!.replaceAll('\u0000', '')}`;
      const made = {
        [FACTOR]: LEVELS[varied ? 0 : 1],
        model: `m${i % 2}`,
        score: varied ? i % 3 : 9,
      };
      return JSON.stringify({ id: `${i}`, text, ...made });
    };
    const rows = Array.from({ length: 96 }, (_, i) => line(i >> 1, i % 2 === 0));
    const [first, later] = ['<b>first', '<b>later'].map((name) => join(folder, `${name}.jsonl`));
    await writeFile(first!, rows.filter((_, i) => i % 2 === 0).join('\n'));
    await writeFile(later!, rows.filter((_, i) => i % 2 === 1).join('\n'));
    await writeFile(join(folder, 'rows.jsonl'), rows.join('\n'));
    const tracked = await track([first!, later!], { ...given, measures });
    const about = aboutOf(Object.keys(tracked.measures));
    await writeFile(join(folder, 'track.html'), renderTrackHtml(tracked, about));
    const attributed = await attribute([join(folder, 'rows.jsonl')], {
      ...{ ...given, measures, factors: [FACTOR, 'model'] },
    });
    await writeFile(join(folder, 'attribute.html'), renderAttributionHtml(attributed, about));
    browser = await openBrowser(executable!);
  }, 60_000);

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
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
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
