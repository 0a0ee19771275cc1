import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { makePlace, type Place, shareModels, writeTexts, writeVectors } from '../cli/gamut.ts';
import { gaussianRows } from '../support/data.ts';

const place: Place = await makePlace();
/** KiB */
const SIZE = 256;
const disk = place.at('disk');
const mounted = mountSmallDisk(disk);

beforeAll(async () => {
  await writeVectors(place.at('v.npy'));
  await writeNpy(place.at('wide.npy'), vectorsOf(gaussianRows(400, 64, 1), 64));
  await writeTexts(place.at('rows.jsonl'), 160, 4);
});
afterAll(async () => {
  if (mounted) execFileSync('umount', [disk]);
  await place.remove();
});

/** A small file system, where this process may mount one. */
function mountSmallDisk(folder: string): boolean {
  mkdirSync(folder);
  if (process.platform !== 'linux') return false;
  try {
    const how = ['-t', 'tmpfs', '-o', `size=${SIZE}k`, 'tmpfs'];
    execFileSync('mount', [...how, folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Empties the disk and fills it up to some KiB. Empty files can be made even on a full one. */
async function leave(kib: number): Promise<void> {
  for (const name of await readdir(disk)) await rm(join(disk, name), { recursive: true });
  await writeFile(join(disk, 'filler'), Buffer.alloc((SIZE - kib) * 1024));
}

describe.skipIf(!mounted)('on a full disk', () => {
  test.each([
    ['a report', ['audit', 'v.npy', '--json', 'disk/out.json']],
    ['an HTML report', ['audit', 'v.npy', '--html', 'disk/out.html']],
    ['a projection', ['project', 'v.npy', '-o', 'disk/out.csv']],
    ['vectors', ['embed', 'v.npy', '-o', 'disk/out.npy']],
  ])('%s is not left half written, and the exit code is 3', async (_, args) => {
    await leave(0);
    const { code, stdout, stderr } = await place.gamut([...args, '-q']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^gamut: Could not write disk\/out.*\n$/);
    expect(await readdir(disk)).toEqual(['filler']);
  });

  test.each([0, 8, 64])(
    'an index for which %i KiB are left is not there afterwards',
    async (kib) => {
      await leave(kib);
      const { code, stderr } = await place.gamut(['index', 'wide.npy', '-o', 'disk/index', '-q']);
      expect(code).toBe(3);
      expect(stderr).toMatch(/^gamut: Could not .*disk\/index.*\n$/);
      expect(existsSync(place.at('disk', 'index', 'index.json'))).toBe(false);
      const novelty = await place.gamut(['novelty', 'wide.npy', '--index', 'disk/index']);
      expect([novelty.code, novelty.stdout]).toEqual([2, '']);
    },
  );

  test('a cache keeps what fits, and the report says so', async () => {
    await leave(SIZE);
    await shareModels(place.at('disk', 'cache'));
    const args = [
      'audit',
      'rows.jsonl',
      '-q',
      '--measures',
      'mean-distance',
      '--json',
      'report.json',
    ];
    const { code, stderr } = await place.gamut([...args, '--cache', 'disk/cache']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(await readFile(place.at('report.json'), 'utf8')).warnings).toEqual([
      'Vectors could not be kept in disk/cache for the next run: disk full. Name another folder with --cache.',
    ]);
  });
});
