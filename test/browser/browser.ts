import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
