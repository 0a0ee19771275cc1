import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MapReport } from '../../src/audit/report.ts';
import { renderHtml } from '../../src/report/html.ts';
import { clumpedMap } from '../report/clumped.ts';
import { collapsedReport } from '../report/fixture.ts';
import { HOSTILE } from '../report/hostile.ts';
import { abouts } from '../report/measured.ts';
import {
  dangersOf,
  findBrowser,
  type Opened,
  openBrowser,
  openFile,
  unfoldAll,
  widthsOf,
} from './browser.ts';

const executable = findBrowser();

describe.skipIf(executable === null)('the report in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    browser = await openBrowser(executable!);
    folder = await mkdtemp(join(tmpdir(), 'gamut-report-'));
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function open(
    map: MapReport | null,
    options: BrowserContextOptions = {},
    report = collapsedReport(),
  ): Promise<Opened> {
    const path = join(folder, 'report.html');
    await writeFile(path, renderHtml(report, map, abouts));
    return openFile(browser, path, options);
  }

  /** Two points, far apart, so that a pointer finds each of them without searching. */
  const pairMap = (text: string): MapReport => ({
    engine: 'umap',
    x: Float32Array.of(0, 1),
    y: Float32Array.of(0, 0),
    cluster: Int32Array.of(0, 1),
    ids: ['left', 'right'],
    texts: [text, 'the other one'],
    of: 2,
  });

  /** The left point lies at the margin, half way up. */
  async function leftPoint(page: Page): Promise<{ x: number; y: number }> {
    const box = (await page.locator('.stage .over').boundingBox())!;
    return { x: 28, y: Math.floor(box.height / 2) };
  }

  test('opens from disk with its parts, without a request or a complaint', async () => {
    const { page, requests, complaints } = await open(clumpedMap());
    const headings = await page.locator('h2').allTextContents();
    expect(headings).toEqual([
      'Findings',
      'Map',
      'Measures',
      'Figures',
      'Missing from the dataset',
      'Clusters',
      'Rows to look at',
      'Nearest pairs',
      'The data',
      'How this was made',
    ]);
    expect(await page.title()).toBe('collapsed.jsonl · gamut');
    expect(await page.locator('[id="measure-vendi"]').textContent()).toContain('12.3');
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('shows the text of the row under the pointer, and keeps it on a click', async () => {
    const { page } = await open(pairMap('A text to be found'));
    const canvas = page.locator('.stage .over');
    const position = await leftPoint(page);
    await canvas.hover({ position });
    expect(await page.locator('.tip').textContent()).toContain('A text to be found');
    expect(await page.locator('.tip').isVisible()).toBe(true);
    await canvas.click({ position });
    await canvas.hover({ position: { x: 300, y: 20 } });
    expect(await page.locator('.tip').isVisible()).toBe(false);
    expect(await page.locator('.kept').textContent()).toContain('A text to be found');
    await canvas.press('Escape');
    expect(await page.locator('.kept').textContent()).toBe('');
    await page.close();
  });

  /** How many sheets of paper the page takes. */
  const sheets = async (page: Page): Promise<number> =>
    (await page.pdf()).toString('latin1').match(/\/Type \/Page\b/g)!.length;

  /** The colour in the middle of the left point. */
  const colourAt = (page: Page, at: { x: number; y: number }): Promise<number[]> =>
    page.evaluate(async ({ x, y }) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const canvas = document.querySelector<HTMLCanvasElement>('.ink')!;
      const ratio = canvas.width / canvas.clientWidth;
      // WebGL has no pixels to ask for; a copy of its canvas has.
      const copy = document.createElement('canvas').getContext('2d')!;
      copy.drawImage(canvas, -x * ratio, -y * ratio);
      return [...copy.getImageData(0, 0, 1, 1).data];
    }, at);

  test('fades the other clusters when one is chosen in the legend', async () => {
    const { page } = await open(pairMap('x'));
    const position = await leftPoint(page);
    const before = await colourAt(page, position);
    const button = page.locator('.legend button').nth(1);
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    const faded = await colourAt(page, position);
    expect(Math.min(...faded.slice(0, 3))).toBeGreaterThan(Math.min(...before.slice(0, 3)) + 80);
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    expect(await colourAt(page, position)).toEqual(before);
    await page.close();
  });

  test('zooms and moves with the keyboard, and comes back', async () => {
    const { page } = await open(pairMap('x'));
    const position = await leftPoint(page);
    const before = await colourAt(page, position);
    const canvas = page.locator('.stage .over');
    for (const key of ['+', 'ArrowUp', 'ArrowLeft']) await canvas.press(key);
    expect(await colourAt(page, position)).not.toEqual(before);
    await canvas.press('0');
    expect(await colourAt(page, position)).toEqual(before);
    await page.close();
  });

  test('leaves the wheel to the page until the map has been clicked', async () => {
    const { page } = await open(clumpedMap());
    await page.locator('#map').scrollIntoViewIfNeeded();
    await page.locator('.stage .over').hover({ position: { x: 300, y: 40 } });
    const scrolled = (): Promise<number> => page.evaluate(() => window.scrollY);
    const start = await scrolled();
    await page.mouse.wheel(0, 120);
    await page.waitForFunction((from) => window.scrollY > from, start);
    await page.locator('.stage .over').click({ position: { x: 300, y: 200 } });
    const clicked = await scrolled();
    await page.mouse.wheel(0, 120);
    await colourAt(page, { x: 1, y: 1 });
    expect(await scrolled()).toBe(clicked);
    await page.close();
  });

  test('draws the shares of clusters by rank, and says them to those who cannot see', async () => {
    const { page } = await open(null);
    const figure = page.getByRole('img', {
      name: 'Shares of 9 clusters by rank, from 33 % to 1.3 %; half of the rows lie in 2 clusters of 9.',
    });
    expect(await figure.locator('circle').count()).toBe(9);
    await page.close();
  });

  test('leafs through long lists with the keyboard, and searches them', async () => {
    const { page } = await open(null);
    const list = page.locator('#rows-duplicates');
    expect(await list.locator('.entries').isVisible()).toBe(false);
    await list.locator('summary').focus();
    await page.keyboard.press('Enter');
    const heads = list.locator('.entries > li');
    expect(await heads.count()).toBe(5);
    expect(await list.getByRole('status').textContent()).toBe(`1 – 5 of ${HOSTILE.length}`);
    const on = list.getByRole('button', { name: 'On' });
    await on.focus();
    await page.keyboard.press('Enter');
    expect(await list.getByRole('status').textContent()).toContain('6 – 10');
    expect(await on.evaluate((button) => button === document.activeElement)).toBe(true);
    await list.getByRole('searchbox').fill('LONE SURROGATE');
    expect(await heads.count()).toBe(1);
    expect(await on.isDisabled()).toBe(true);
    await page.close();
  });

  test('gives the ids of pairs and of regions away', async () => {
    const { page, complaints } = await open(null);
    await page.getByRole('button', { name: 'Copy pairs of ids' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const region = page.locator('#uncovered article').first();
    await region.getByRole('button', { name: 'Copy these ids' }).click();
    await region.getByRole('button', { name: 'Copied' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('never lets two cluster names overlap', async () => {
    const { page } = await open(clumpedMap());
    const boxes = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.labels bdi')]
        .filter((label) => label.style.visibility === 'visible')
        .map((label) => label.getBoundingClientRect().toJSON() as DOMRect),
    );
    expect(boxes.length).toBeGreaterThan(3);
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(0, i)) {
        const apart =
          a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart).toBe(true);
      }
    }
    await page.close();
  });

  test('follows the system to dark, and the button turns it over', async () => {
    const { page } = await open(pairMap('x'), { colorScheme: 'dark' });
    const paper = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await paper()).toBe('rgb(19, 21, 23)');
    expect((await colourAt(page, { x: 5, y: 5 })).slice(0, 3)).toEqual([24, 26, 29]);
    await page.getByRole('button', { name: 'Switch to light' }).click();
    expect(await paper()).toBe('rgb(252, 252, 250)');
    expect((await colourAt(page, { x: 5, y: 5 })).slice(0, 3)).toEqual([255, 255, 255]);
    await page.close();
  });

  test('prints on white what is open, also from a dark screen', async () => {
    const { page } = await open(pairMap('x'), { colorScheme: 'dark' });
    // What a card draws does not reach the paper: there the canvas above it shows the points.
    const copied = (): Promise<boolean> =>
      page.evaluate(() => {
        const over = document.querySelector<HTMLCanvasElement>('.stage .over')!;
        const { data } = over.getContext('2d')!.getImageData(0, 0, over.width, over.height);
        return data.some(
          (value, at) => at % 4 < 3 && value < 200 && data[at - (at % 4) + 3] === 255,
        );
      });
    expect(await copied()).toBe(false);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await copied()).toBe(true);
    expect(await page.locator('details[open]').count()).toBe(0);
    expect((await colourAt(page, { x: 5, y: 5 })).slice(0, 3)).toEqual([255, 255, 255]);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await copied()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    const more = page.locator('#measures summary').first();
    const said = (): Promise<string> =>
      more.evaluate((line) => getComputedStyle(line, '::after').content);
    expect(await said()).toContain('folded away in the file');
    const short = await sheets(page);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: 'Unfold all' }).click();
    expect(await page.locator('details:not([open], .numbers)').count()).toBe(0);
    expect(await sheets(page)).toBeGreaterThan(short);
    await page.getByRole('button', { name: 'Fold all' }).click();
    expect(await page.locator('details[open]').count()).toBe(0);
    await page.close();
  });

  test('opens what is folded away when a finding links to it', async () => {
    const report = collapsedReport();
    const linked = {
      ...report,
      findings: [{ level: 'notice' as const, text: 'See there.', evidence: ['diameter'] }],
    };
    const { page } = await open(null, {}, linked);
    const row = page.locator('[id="measure-diameter"]');
    expect(await row.isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Diameter' }).click();
    await row.waitFor({ state: 'visible' });
    await page.close();
  });

  test('fits a phone without scrolling sideways', async () => {
    const { page } = await open(clumpedMap(), { viewport: { width: 390, height: 844 } });
    const widths = await widthsOf(page);
    expect(widths[0]).toBe(widths[1]);
    await page.close();
  });

  test('runs and loads nothing that a row says, in any place where a row can speak', async () => {
    const report = collapsedReport();
    const rows = HOSTILE.map((text) => ({ id: text, text }));
    const words = [...HOSTILE];
    const everywhere = HOSTILE.join('\n');
    const hostile = {
      ...report,
      dataset: {
        ...report.dataset,
        sources: [{ path: everywhere, format: 'csv', text: everywhere }],
        badRows: { count: 1, first: [{ source: everywhere, line: 1, why: everywhere }] },
      },
      findings: HOSTILE.map((text) => ({
        level: 'notice' as const,
        text,
        evidence: [`quality:${text}`],
      })),
      warnings: words,
      skipped: HOSTILE.map((text) => ({ id: text, why: text })),
      clusters: report.clusters.map((cluster, i) => ({
        ...cluster,
        name: HOSTILE[i]!,
        words,
        samples: rows,
      })),
      uncovered: report.uncovered.map((region, i) => ({
        ...region,
        name: HOSTILE[i]!,
        words,
        samples: rows.map((row) => ({ ...row, distance: null })),
      })),
      measures: {
        ...report.measures,
        ...Object.fromEntries(
          HOSTILE.filter((text) => text !== '__proto__').map((text) => [
            `quality:${text}`,
            { ...report.measures.vendi!, axis: 'quality' as const, title: text },
          ]),
        ),
      },
    };
    const columns = HOSTILE.map((name) => ({ name, values: HOSTILE.slice(0, 2) }));
    const map = { ...pairMap(everywhere), ids: [everywhere, HOSTILE[0]!], columns };
    const { page, requests, complaints } = await open(map, {}, hostile);
    const position = await leftPoint(page);
    await page.locator('.stage .over').hover({ position });
    expect(await page.locator('.tip').textContent()).toContain(HOSTILE[0]);
    await page.locator('.stage .over').click({ position });
    for (const at of ['1', '9']) await page.locator('.choice select').selectOption(at);
    await page.locator('.stage .over').hover({ position });
    await page.getByRole('searchbox', { name: 'Search ids and texts' }).fill('hacked');
    await page.locator('.rows tbody tr').first().waitFor();
    await unfoldAll(page);
    await page.locator('.evidence a').first().click();
    expect(await dangersOf(page)).toEqual({
      ...{ hacked: false, scripts: 4, loading: 0, handlers: 0, links: 0 },
    });
    expect(await page.locator('main > section').count()).toBe(10);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('forbids turning strings into markup and loading from elsewhere', async () => {
    const { page } = await open(null);
    const refused = await page.evaluate(async () => {
      const markup = (() => {
        try {
          document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
          return false;
        } catch {
          return true;
        }
      })();
      const request = await fetch('https://hacked.invalid/').then(
        () => false,
        () => true,
      );
      return { markup, request };
    });
    expect(refused).toEqual({ markup: true, request: true });
    await page.close();
  });

  test('keeps a map whose texts cannot all be read, says so, and makes the rest of the page', async () => {
    const path = join(folder, 'broken.html');
    const whole = renderHtml(collapsedReport(), pairMap('a text'), abouts);
    await writeFile(
      path,
      whole.replace(/(<script type="text\/plain" id="texts">)[^<]*/, '$1broken'),
    );
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${pathToFileURL(path).href}#100%`);
    await page.getByText('Not all texts of the map could be read').waitFor();
    await page.locator('.stage .over').click({ position: await leftPoint(page) });
    await page.locator('.kept .whose').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search ids and texts' }).fill('other');
    await page.getByText('0 rows: “other”').waitFor();
    expect(await page.locator('.stage .over').count()).toBe(1);
    const empty = await page.evaluate(
      () =>
        [...document.querySelectorAll('details:not(.numbers)')].filter(
          (one) => one.children.length < 2,
        ).length,
    );
    expect(empty).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('loads 100,000 points, and has the text of one before it has all of them', async () => {
    const clumps = clumpedMap(100_000, 0);
    const map = { ...clumps, texts: clumps.texts.with(-1, 'the last of them') };
    // The last row, whose text is the last to be unpacked, lies alone at the margin, half way up.
    map.x[99_999] = Math.min(...map.x) - 30;
    map.y[99_999] = (Math.min(...map.y) + Math.max(...map.y)) / 2;
    const path = join(folder, 'large.html');
    await writeFile(path, renderHtml(collapsedReport(), map, abouts));
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('.stage[data-ready]');
    await page.locator('.stage .over').hover({ position: await leftPoint(page) });
    await page.getByText('the last of them').waitFor();
    for (const name of ['Zoom in', 'Zoom in', 'Show everything']) {
      await page.getByRole('button', { name }).click();
    }
    await page.getByRole('searchbox', { name: 'Search ids and texts' }).fill('last of them');
    await page.getByText('1 row: “last of them”').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    const ink = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.ink')!;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let coloured = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! < 240) coloured += 1;
      return coloured;
    });
    expect(ink).toBeGreaterThan(1000);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
