import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePlace, type Place, textRows, writeTexts } from './gamut.ts';

/** Enough that embedding takes seconds; a block is committed every 512 rows. */
const ROWS = 1300;
const BLOCKS = 3;
const MEASURES = ['--measures', 'mean-distance', '--clusters', '4'];
const AUDIT = ['audit', 'rows.jsonl', ...MEASURES, '--json', 'report.json'];
const MORE = ['--html', 'report.html', '--save-index', 'index'];

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  await writeTexts(place.at('rows.jsonl'), ROWS, 30);
});
afterEach(() => place.remove());

const outputs = (): string[] =>
  ['report.json', 'report.html', 'index'].filter((name) => existsSync(place.at(name)));

/** Every block in the store; a block that is written again is another file, with another number. */
async function blocks(): Promise<Map<string, number>> {
  const vectors = join(place.cache, 'vectors');
  const names = await readdir(vectors, { recursive: true }).catch((): string[] => []);
  const found = new Map<string, number>();
  for (const name of names) {
    if (name.endsWith('.block')) found.set(name, (await stat(join(vectors, name))).ino);
  }
  return found;
}

async function embeddingIsUnderWay(): Promise<void> {
  while ((await blocks()).size === 0) await sleep(5);
}

describe.skipIf(process.platform === 'win32')('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s during embedding exits 130 with one line and no output; the next run goes on',
    async (signal) => {
      const { child, ended } = place.start([...AUDIT, ...MORE]);
      await embeddingIsUnderWay();
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect([code, stdout]).toEqual([130, '']);
      // In a log, a line about the progress so far may stand before it.
      expect(stderr).toMatch(/^(embedding: .*\n)*gamut: Interrupted; .*\n$/);
      expect(outputs()).toEqual([]);
      expect((await readdir(place.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      const kept = await blocks();
      expect(kept.size).toBeLessThan(BLOCKS);

      expect((await place.gamut(AUDIT)).code).toBe(0);
      expect(outputs()).toEqual(['report.json']);
      const all = await blocks();
      expect(all.size).toBe(BLOCKS);
      for (const [name, file] of kept) expect(all.get(name)).toBe(file);
    },
  );

  test('that comes again ends it at once', async () => {
    const { child, ended } = place.start(AUDIT);
    await embeddingIsUnderWay();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(130);
    expect(outputs()).toEqual([]);
  });

  test('while standard input is awaited leaves nothing behind', async () => {
    const temporary = place.at('tmp');
    await mkdir(temporary);
    const { child, ended } = place.start(['audit', '-', '--json', 'report.json'], {
      input: textRows(5),
      keepOpen: true,
      env: { TMPDIR: temporary },
    });
    while ((await readdir(temporary)).length === 0) await sleep(5);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([
      130,
      'gamut: Interrupted; run the same command again to go on from what is stored.\n',
    ]);
    expect([outputs(), await readdir(temporary)]).toEqual([[], []]);
  });
});
