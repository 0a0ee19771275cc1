import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { formatBytes } from '../src/base/numbers.ts';
import { random } from '../src/base/random.ts';
import { audit, renderHtml } from '../src/index.ts';
import { aboutOf } from '../src/measures/registry.ts';

/**
 * How long a report takes to open in headless Chromium, and how large it is. From the request on: until its
 * points are drawn; until a pointer on one of them has got its text (texts are unpacked a few rows at a time,
 * on demand); until all texts are at hand, as searching needs them. The browser has been started before and
 * has come to rest, as one has in which a file is opened. `node dist/bench/report.js [ROWS | FILE.html …]`:
 * 100,000 generated texts by default, embedded by the static model, or pages that are there already.
 */
const TURNS = 3;
const WORDS = 'river lantern copper silent orchard velvet thunder garden mirror paper stone winter';

async function generated(rows: number, folder: string): Promise<string> {
  const uniform = random(1);
  const words = WORDS.split(' ');
  const line = (): string =>
    Array.from({ length: 16 }, () => words[Math.floor(uniform() * words.length)]).join(' ');
  const data = join(folder, 'texts.txt');
  await writeFile(data, Array.from({ length: rows }, line).join('\n'));
  const { report, map } = await audit(data, {
    ...{
      model: 'use-lite-static',
      measures: 'vendi,cluster-entropy',
      curves: false,
      cache: folder,
    },
  });
  const page = join(folder, 'report.html');
  await writeFile(page, renderHtml(report, map, aboutOf(Object.keys(report.measures))));
  return page;
}

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Milliseconds in which a browser that has just been started ends its own work. */
const REST = 2000;
/** Pixels between the places where the pointer looks for a row. */
const STEP = 25;

/** Seconds from the request on. */
interface Opened {
  readonly drawn: number;
  readonly read: number;
  readonly searched: number;
  /** Of the processor, in the page's process and all its threads, until the points are drawn. */
  readonly busy: number;
}

async function opened(path: string): Promise<Opened> {
  const executablePath = process.env.GAMUT_CHROMIUM ?? PLACES.find((place) => existsSync(place));
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.waitForTimeout(REST);
    const start = performance.now();
    const since = (): number => (performance.now() - start) / 1000;
    await page.goto(pathToFileURL(resolve(path)).href, { waitUntil: 'commit' });
    await page.waitForSelector('.stage[data-ready]', { timeout: 120_000 });
    const drawn = since();
    const { metrics } = await session.send('Performance.getMetrics');
    await hoverRow(page);
    const read = since();
    await page.waitForSelector('.stage[data-texts]');
    const busy = metrics.find(({ name }) => name === 'ProcessTime')?.value ?? 0;
    return { drawn, read, searched: since(), busy };
  } finally {
    await browser.close();
  }
}

/** Moves the pointer over the map until it is on a row, and waits for that row's text. */
async function hoverRow(page: Page): Promise<void> {
  const map = page.locator('.stage .over');
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  for (let x = box.x + box.width / 2; x < box.x + box.width; x += STEP) {
    await page.mouse.move(x, box.y + box.height / 2);
    if (!(await page.locator('.tip').isVisible())) continue;
    await page.locator('.tip .text').filter({ hasText: /./ }).waitFor();
    return;
  }
  throw new Error('no row lies to the right of the middle of the map');
}

const asked = process.argv.slice(2);
const files = asked.filter((name) => name.endsWith('.html'));
const folder = await mkdtemp(join(tmpdir(), 'gamut-bench-report-'));
try {
  if (files.length === 0) files.push(await generated(Number(asked[0] ?? 100_000), folder));
  for (const path of files) {
    const times: Opened[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) times.push(await opened(path));
    const of = (key: keyof Opened): string => times.map((time) => time[key].toFixed(2)).join(', ');
    console.log(
      `${path}: ${formatBytes((await stat(path)).size)}, drawn after ${of('drawn')} s (${of('busy')} s of the processor), a row's text after ${of('read')} s, all texts after ${of('searched')} s`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
