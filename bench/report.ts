import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { formatBytes } from '../src/base/numbers.ts';
import { random } from '../src/base/random.ts';
import { audit, renderHtml } from '../src/index.ts';
import { aboutOf } from '../src/measures/registry.ts';

/**
 * How long a report takes to open in headless Chromium, and how large it is: from the request to the map
 * with its points drawn and its texts at hand. `node dist/bench/report.js [ROWS | FILE.html …]`: 100,000
 * generated texts by default, embedded by the static model, or pages that are there already.
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

interface Opened {
  /** From the request to the map with its points and texts. */
  readonly seconds: number;
  /** Of the processor, in the page's process and all its threads: hardly moved by what else runs here. */
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
    const start = performance.now();
    await page.goto(pathToFileURL(resolve(path)).href);
    await page.waitForSelector('.stage[data-ready]', { timeout: 120_000 });
    const seconds = (performance.now() - start) / 1000;
    const { metrics } = await session.send('Performance.getMetrics');
    return { seconds, busy: metrics.find(({ name }) => name === 'ProcessTime')?.value ?? 0 };
  } finally {
    await browser.close();
  }
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
      `${path}: ${formatBytes((await stat(path)).size)}, open in ${of('seconds')} s, ${of('busy')} s of the processor`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
