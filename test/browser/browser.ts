import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The path of a Chromium on this machine: $GAMUT_CHROMIUM, else the usual places. null with a
 * printed reason where there is none; in CI that is an error, since the tests would say nothing.
 */
export function findBrowser(): string | null {
  const asked = process.env.GAMUT_CHROMIUM;
  const found = asked ?? PLACES.find((place) => existsSync(place)) ?? null;
  if (found !== null && existsSync(found)) return found;
  const reason = `No Chromium at ${asked ?? 'the usual places'}; set GAMUT_CHROMIUM to its path.`;
  if (process.env.CI) throw new Error(reason);
  console.warn(`${reason} The browser tests are skipped.`);
  return null;
}

/** WebGL computed by the processor, so that tests need no graphics card; and a browser without any. */
const GRAPHICS = {
  webgl: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  none: ['--disable-gpu', '--disable-3d-apis'],
} as const;

/** A headless browser with a profile of its own, which is removed when it closes. */
export const openBrowser = (
  executablePath: string,
  graphics: keyof typeof GRAPHICS = 'none',
): Promise<Browser> => chromium.launch({ executablePath, args: [...QUIET, ...GRAPHICS[graphics]] });

export interface Opened {
  readonly page: Page;
  /** Everything but the file itself that the page asked for. */
  readonly requests: string[];
  /** Errors and warnings in the console, uncaught errors and dialogs. */
  readonly complaints: string[];
}

/** Opens a file from disk and listens to all that it does. */
export async function openFile(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const requests: string[] = [];
  const complaints: string[] = [];
  const address = pathToFileURL(path).href;
  page.on('request', (request) => {
    const asked = request.url();
    // Files that the page makes for its reader are no requests to anywhere.
    if (asked !== address && !asked.startsWith('blob:')) requests.push(asked);
  });
  page.on('console', (message) => {
    const text = message.text();
    // The driver that computes WebGL on the processor complains about reading pixels back.
    if (['error', 'warning'].includes(message.type()) && !text.includes('GL Driver Message')) {
      complaints.push(text);
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  if ((await page.locator('#points').count()) > 0) {
    await page.waitForSelector('.stage[data-texts]');
  }
  return { page, requests, complaints };
}

/** What on the page could run, load or lead away, beside the page's own script and blocks. */
export const dangersOf = (page: Page): Promise<Readonly<Record<string, unknown>>> =>
  page.evaluate(() => ({
    hacked: 'hacked' in window,
    scripts: document.querySelectorAll('script').length,
    loading: document.querySelectorAll(
      'img, iframe, link, base, svg:not([role=img]), object, embed',
    ).length,
    handlers: [...document.querySelectorAll('*')].filter((one) =>
      one.getAttributeNames().some((name) => name.startsWith('on')),
    ).length,
    links: [...document.querySelectorAll('a')].filter(
      (link) => !link.getAttribute('href')?.startsWith('#'),
    ).length,
  }));

/** Findings without a link to a part of the page that there is. */
export const unfounded = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('.findings > li')].filter((one) => {
        const links = [...one.querySelectorAll('.evidence a')];
        const target = (link: Element) =>
          document.getElementById(decodeURIComponent(link.getAttribute('href')!.slice(1)));
        return links.length === 0 || links.some((link) => target(link) === null);
      }).length,
  );

/** Unfolds all that is folded, which makes what is made when it is first unfolded. */
export const unfoldAll = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Unfold all' }).click();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  await page.waitForFunction(
    () => ![...document.querySelectorAll('details')].some((one) => one.childElementCount < 2),
  );
};

/** How wide the page is, and how wide its window. */
export const widthsOf = (page: Page): Promise<number[]> =>
  page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
