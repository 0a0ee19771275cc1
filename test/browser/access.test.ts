import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { clumpedMap } from '../report/clumped.ts';
import { collapsedReport } from '../report/fixture.ts';
import { abouts } from '../report/measured.ts';
import { findBrowser, openBrowser, openFile } from './browser.ts';

const executable = findBrowser();

describe.skipIf(executable === null)('the report for everyone', () => {
  let browser: Browser;
  let folder: string;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser(executable!);
    folder = await mkdtemp(join(tmpdir(), 'gamut-access-'));
    const path = join(folder, 'report.html');
    const columns = [{ name: 'length', values: Array.from({ length: 400 }, (_, i) => i) }];
    const map = { ...clumpedMap(300, 100), columns };
    await writeFile(path, renderHtml(collapsedReport(), map, abouts));
    ({ page } = await openFile(browser, path, { reducedMotion: 'reduce' }));
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('is walked through with Tab in the order in which it is read', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const stops: { name: string; top: number; ring: boolean }[] = [];
    for (let stop = 0; stop < 40; stop += 1) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate(() => {
          const at = document.activeElement as HTMLElement;
          const { top } = at.getBoundingClientRect();
          return {
            name: at.getAttribute('aria-label') ?? at.textContent ?? '',
            top: top + window.scrollY,
            ring: getComputedStyle(at).outlineStyle !== 'none',
          };
        }),
      );
    }
    const names = stops.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['Unfold all', 'Switch to dark', 'Findings']);
    for (const name of ['Search ids and texts', 'Lasso', 'Zoom in']) expect(names).toContain(name);
    expect(names.some((name) => name.startsWith('Map of 300 rows'))).toBe(true);
    expect(stops.every(({ ring }) => ring)).toBe(true);
    // Parts follow each other down the page; the tools of the map stand above and beside it.
    const parts = stops.filter(({ top }, i) => i > 0 && top + 600 < stops[i - 1]!.top);
    expect(parts).toEqual([]);
  });

  test('names whatever can be used, and has its headings in order', async () => {
    const found = await page.evaluate(() => {
      const nameless = [
        ...document.querySelectorAll('button, a, input, select, summary, [tabindex]'),
      ].filter((one) => {
        const labelled = one.getAttribute('aria-label') ?? one.getAttribute('aria-labelledby');
        const label = (one as HTMLInputElement).labels?.[0]?.textContent ?? '';
        return !(labelled || label.trim() || one.textContent?.trim());
      });
      const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) =>
        Number(heading.tagName.slice(1)),
      );
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      return {
        nameless: nameless.map((one) => one.outerHTML.slice(0, 80)),
        skipped: levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1).length,
        twice: ids.length - new Set(ids).size,
        pictures: [...document.querySelectorAll('svg')].filter(
          (svg) => !svg.getAttribute('aria-label') && !svg.querySelector('title'),
        ).length,
        language: document.documentElement.lang,
      };
    });
    expect(found).toEqual({ nameless: [], skipped: 0, twice: 0, pictures: 0, language: 'en' });
  });

  test.each(['light', 'dark'] as const)('can be read in the %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    const faint = await page.evaluate(() => {
      type Rgba = [number, number, number, number];
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      const rgba = (colour: string): Rgba => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data] as Rgba;
      };
      const light = ([r, g, b]: Rgba): number => {
        const [x, y, z] = [r, g, b].map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        }) as [number, number, number];
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
      };
      const ground = (element: Element | null): Rgba => {
        for (let at = element; at !== null; at = at.parentElement) {
          const own = rgba(getComputedStyle(at).backgroundColor);
          if (own[3] === 255) return own;
        }
        return [255, 255, 255, 255];
      };
      const told = new Set<string>();
      for (const element of document.querySelectorAll('body *')) {
        const speaks = [...element.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
        );
        if (!speaks || element.closest('.labels, script, noscript, :disabled')) continue;
        const style = getComputedStyle(element);
        const drawn = element instanceof SVGElement;
        if (drawn && element.tagName !== 'text') continue;
        const [a, b] = [light(rgba(drawn ? style.fill : style.color)), light(ground(element))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) {
          told.add(`${element.tagName}.${element.getAttribute('class')} ${contrast.toFixed(2)}`);
        }
      }
      return [...told];
    });
    expect(faint).toEqual([]);
  });

  test('moves nothing by itself where motion is not wanted, nor anywhere else', async () => {
    for (const summary of (await page.locator('summary:visible').all()).slice(0, 3)) {
      await summary.click();
    }
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    const smooth = await page.evaluate(
      () => getComputedStyle(document.documentElement).scrollBehavior,
    );
    expect(smooth).toBe('auto');
  });
});
