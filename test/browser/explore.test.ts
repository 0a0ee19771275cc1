import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MapReport } from '../../src/audit/report.ts';
import { renderHtml } from '../../src/report/html.ts';
import { clumpedMap } from '../report/clumped.ts';
import { collapsedReport } from '../report/fixture.ts';
import { abouts } from '../report/measured.ts';
import { findBrowser, openBrowser } from './browser.ts';

const executable = findBrowser();

/** Three points on a line, the middle one of the reference. */
const MAP: MapReport = {
  engine: 'umap',
  x: Float32Array.of(0, 1, 2),
  y: Float32Array.of(0, 0, 0),
  cluster: Int32Array.of(0, -1, 1),
  ids: ['left', 'middle', 'right'],
  texts: ['Say "hello, world"', 'of the reference', 'the other one'],
  of: 2,
  columns: [
    { name: 'length', values: [18, null, 13], amounts: true },
    { name: 'topic', values: ['greeting', null, 'none'] },
    { name: 'always', values: ['same', null, 'same'] },
  ],
};

describe.skipIf(executable === null).each(['webgl', 'none'] as const)(
  'the map to explore, graphics: %s',
  (graphics) => {
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      browser = await openBrowser(executable!, graphics);
      folder = await mkdtemp(join(tmpdir(), 'gamut-explore-'));
    });
    afterAll(async () => {
      await browser?.close();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    async function open(map: MapReport): Promise<{ page: Page; complaints: string[] }> {
      const path = join(folder, 'report.html');
      await writeFile(path, renderHtml(collapsedReport(), map, abouts));
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const complaints: string[] = [];
      page.on('console', (message) => {
        // The driver that computes WebGL on the processor complains about reading pixels back.
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const address = request.url();
        if (address !== pathToFileURL(path).href && !address.startsWith('blob:')) {
          complaints.push(address);
        }
      });
      await page.goto(pathToFileURL(path).href);
      await page.waitForSelector('.stage[data-texts]');
      await page.locator('.stage').scrollIntoViewIfNeeded();
      return { page, complaints };
    }

    const pixelAt = (page: Page, x: number, y: number): Promise<number[]> =>
      page.evaluate(
        async (at) => {
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const canvas = document.querySelector<HTMLCanvasElement>('.ink')!;
          const copy = document.createElement('canvas').getContext('2d')!;
          copy.drawImage(canvas, -at.x, -at.y);
          return [...copy.getImageData(0, 0, 1, 1).data];
        },
        { x, y },
      );

    const listed = (page: Page): Promise<string[]> =>
      page.locator('.rows tbody th').allTextContents();

    test('is drawn by what the browser has', async () => {
      const { page, complaints } = await open(MAP);
      const surface = await page.locator('.stage').getAttribute('data-surface');
      expect(surface).toBe(graphics === 'webgl' ? 'webgl' : 'canvas');
      const box = (await page.locator('.stage').boundingBox())!;
      const [red = 0, green = 0, blue = 0] = await pixelAt(page, 28, Math.floor(box.height / 2));
      expect(Math.min(red, green, blue)).toBeLessThan(200);
      expect(await pixelAt(page, 5, 5)).toEqual([255, 255, 255, 255]);
      expect(complaints).toEqual([]);
      await page.close();
    });

    test('lists the rows inside a line that is drawn around them', async () => {
      const { page } = await open(MAP);
      const box = (await page.locator('.stage .over').boundingBox())!;
      const at = (x: number, y: number): [number, number] => [box.x + x, box.y + y];
      const middle = box.height / 2;
      await page.getByRole('button', { name: 'Lasso' }).click();
      await page.mouse.move(...at(8, middle - 40));
      await page.mouse.down();
      for (const [x, y] of [
        [70, -40],
        [70, 40],
        [8, 40],
      ] as const) {
        await page.mouse.move(...at(x, middle + y), { steps: 4 });
      }
      await page.mouse.up();
      expect(await listed(page)).toEqual(['left']);
      await page.locator('.stage .over').press('Escape');
      expect(await page.locator('.selection').isVisible()).toBe(false);
      await page.close();
    });

    test('finds rows by words, and gives them away as a file and as ids', async () => {
      const { page } = await open(MAP);
      await page.getByRole('searchbox', { name: 'Search ids and texts' }).fill('HELLO');
      await page.locator('.rows').waitFor();
      expect(await listed(page)).toEqual(['left']);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as CSV' }).click(),
      ]);
      const path = join(folder, 'rows.csv');
      await download.saveAs(path);
      const [head, row] = (await readFile(path, 'utf8')).split('\r\n');
      expect(head).toBe('id,cluster,x,y,text');
      expect(row).toMatch(/^left,"story, short, write",0,0,"Say ""hello, world"""$/);
      await page.locator('.selection').getByRole('button', { name: 'Copy ids' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      await page.getByRole('searchbox', { name: 'Search ids and texts' }).fill('');
      await page.locator('.selection').waitFor({ state: 'hidden' });
      await page.close();
    });

    test('is coloured by what rows have, where that says something', async () => {
      const { page, complaints } = await open(MAP);
      const options = await page.locator('.choice option').allTextContents();
      expect(options).toEqual(['Clusters', 'length', 'topic']);
      const box = (await page.locator('.stage').boundingBox())!;
      const middle = Math.floor(box.height / 2);
      const before = await pixelAt(page, 28, middle);
      await page.locator('.choice select').selectOption({ label: 'length' });
      expect(await page.locator('.marks').textContent()).toBe('1813');
      expect(await pixelAt(page, 28, middle)).not.toEqual(before);
      await page.locator('.stage .over').hover({ position: { x: 28, y: middle } });
      expect(await page.locator('.tip').textContent()).toContain('length 18');
      await page.locator('.choice select').selectOption({ label: 'topic' });
      expect((await page.locator('.pick .label').allTextContents()).toSorted()).toEqual([
        'greeting',
        'none',
      ]);
      expect(complaints).toEqual([]);
      await page.close();
    });

    test('names parts of clusters when it is near, none over another', async () => {
      const map = clumpedMap(2000, 0);
      const words = ['amber', 'birch', 'cedar', 'delta', 'ember'];
      const { page } = await open({
        ...map,
        texts: map.texts.map((_, i) => `about ${words[Math.floor(map.x[i]! * 3 + 90) % 5]}`),
      });
      expect(await page.locator('.labels .part').count()).toBe(0);
      for (let step = 0; step < 4; step += 1) {
        await page.getByRole('button', { name: 'Zoom in' }).click();
      }
      await page.locator('.labels .part').first().waitFor({ state: 'attached' });
      const boxes = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.labels bdi')]
          .filter((label) => label.style.visibility === 'visible')
          .map((label) => label.getBoundingClientRect().toJSON() as DOMRect),
      );
      expect(boxes.length).toBeGreaterThan(2);
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(0, i)) {
          const apart =
            a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
          expect(apart).toBe(true);
        }
      }
      await page.close();
    });

    test('draws contours of density over the points', async () => {
      const { page } = await open(clumpedMap(400, 0));
      const drawn = (): Promise<number> =>
        page.evaluate(async () => {
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const canvas = document.querySelector<HTMLCanvasElement>('.over')!;
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return data.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0);
        });
      expect(await drawn()).toBe(0);
      await page.getByLabel('density contours').check();
      expect(await drawn()).toBeGreaterThan(500);
      await page.close();
    });
  },
);
