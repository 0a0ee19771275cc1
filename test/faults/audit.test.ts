import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { readCard } from '../../src/embed/card.ts';
import { makePlace, type Place, shareModels, writeTexts } from '../cli/gamut.ts';

const ROWS = 1100;
const MEASURES = ['--measures', 'near-duplicates,mean-distance', '--clusters', '4'];
const AUDIT = ['audit', 'rows.jsonl', '--quiet', ...MEASURES];

let place: Place;
/** The report of a run that nothing happened to. */
let undisturbed: string;
beforeAll(async () => {
  place = await makePlace();
  await writeTexts(place.at('rows.jsonl'), ROWS, 5);
  undisturbed = await report('undisturbed');
});
afterAll(() => place.remove());

/** Audits with the cache of that name, and returns the report. */
async function report(cache: string): Promise<string> {
  await newCache(cache);
  const path = `${cache}.json`;
  const { code, stderr } = await place.gamut([...AUDIT, '--cache', cache, '--json', path]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return readFile(place.at(path), 'utf8');
}

/** A cache that has the model and no vectors, unless it is there already. */
async function newCache(name: string): Promise<void> {
  if (!existsSync(place.at(name))) await shareModels(place.at(name));
}

async function blocksOf(cache: string): Promise<string[]> {
  const vectors = place.at(cache, 'vectors');
  const names = await readdir(vectors, { recursive: true }).catch((): string[] => []);
  return names.filter((name) => name.endsWith('.block')).map((name) => join(vectors, name));
}

const warnings = (text: string): string[] => JSON.parse(text).warnings;

test('killed at random moments again and again, then left alone, an audit gives the same bytes', async () => {
  await newCache('killed');
  const uniform = random(1);
  const args = [...AUDIT, '--cache', 'killed', '--json', 'killed.json'];
  for (let round = 0; round < 5; round++) {
    const before = (await blocksOf('killed')).length;
    const { child, ended } = place.start(args);
    let running = true;
    void ended.then(() => {
      running = false;
    });
    // Kill in the middle of what comes after a commit, but always get on by one at least.
    while (running && (await blocksOf('killed')).length <= Math.min(before, 2)) await sleep(2);
    await sleep(uniform() * 150);
    child.kill('SIGKILL');
    await ended;
    if (existsSync(place.at('killed.json'))) {
      expect(await readFile(place.at('killed.json'), 'utf8')).toBe(undisturbed);
    }
  }
  expect(await report('killed')).toBe(undisturbed);
});

test('two audits at once on one new cache are both right', async () => {
  await newCache('both');
  const runs = ['a.json', 'b.json'].map(
    (path) => place.start([...AUDIT, '--cache', 'both', '--json', path]).ended,
  );
  expect((await Promise.all(runs)).map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  for (const path of ['a.json', 'b.json']) {
    expect(await readFile(place.at(path), 'utf8')).toBe(undisturbed);
  }
  expect(await report('both')).toBe(undisturbed);
});

test('a file where the cache should be costs the next run time, and is said', async () => {
  await writeFile(place.at('file'), 'mine');
  const args = [...AUDIT, '--cache', 'file', '--json', 'uncached.json'];
  expect(await place.gamut(args)).toMatchObject({ code: 0, stderr: '' });
  const text = await readFile(place.at('uncached.json'), 'utf8');
  expect(warnings(text)).toEqual([
    'Vectors could not be kept in file for the next run: a file stands where a folder should be. Name another folder with --cache.',
  ]);
  expect({ ...JSON.parse(text), warnings: [] }).toEqual(JSON.parse(undisturbed));
  expect(await readFile(place.at('file'), 'utf8')).toBe('mine');
});

describe('what is damaged in the cache is mended', () => {
  test('a block of vectors, with a warning once', async () => {
    await newCache('damaged');
    await cp(place.at('undisturbed', 'vectors'), place.at('damaged', 'vectors'), {
      recursive: true,
    });
    const blocks = await blocksOf('damaged');
    const victim = blocks[1]!;
    const good = await readFile(victim);
    const bad = Buffer.from(good);
    bad[bad.length - 5]! ^= 1;
    await writeFile(victim, bad);

    const text = await report('damaged');
    expect(warnings(text)).toEqual([
      '1 damaged block(s) in the vector store were ignored and embedded again.',
    ]);
    expect({ ...JSON.parse(text), warnings: [] }).toEqual(JSON.parse(undisturbed));
    expect(await readFile(victim)).toEqual(good);
    expect(await report('damaged')).toBe(undisturbed);
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['changed by a bit', (bytes: Buffer) => bytes.fill(bytes[1000]! ^ 4, 1000, 1001)],
  ])('a model that is %s', async (_, damage) => {
    const { hash, name } = readCard('use-lite');
    const shared = join(process.env.XDG_CACHE_HOME!, 'gamut');
    const found = await readdir(join(shared, 'models', name), { recursive: true });
    const path = join('models', name, found.find((each) => each.endsWith('model.onnx'))!);
    await rm(place.at('model'), { recursive: true, force: true });
    await cp(place.at('undisturbed', 'vectors'), place.at('model', 'vectors'), { recursive: true });
    await mkdir(dirname(place.at('model', path)), { recursive: true });
    await copyFile(join(shared, path), place.at('model', path));
    await writeFile(place.at('model', path), damage(await readFile(place.at('model', path))));

    const text = await report('model');
    expect(warnings(text)).toEqual([
      expect.stringMatching(/^The kept model .* was damaged, and was built again/),
    ]);
    expect({ ...JSON.parse(text), warnings: [] }).toEqual(JSON.parse(undisturbed));
    const mended = await readFile(place.at('model', path));
    expect(`sha256:${createHash('sha256').update(mended).digest('hex')}`).toBe(hash);
  });
});
