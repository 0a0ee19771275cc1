import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tests must not touch the user's cache, and must not build the default model once per file:
 * they share one cache folder of their own.
 */
export default function setup(): void {
  const folder = process.env.GAMUT_TEST_CACHE ?? join(tmpdir(), 'gamut-test-cache');
  mkdirSync(folder, { recursive: true });
  process.env.XDG_CACHE_HOME = folder;
}
