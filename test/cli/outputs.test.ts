import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePlace, type Place, writeVectors } from './gamut.ts';

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  await writeVectors(place.at('v.npy'));
  await mkdir(place.at('folder'));
  await writeFile(place.at('file'), 'mine');
});
afterEach(() => place.remove());

/** Everything in the place but its cache. */
const names = async (): Promise<string[]> =>
  (await readdir(place.folder, { recursive: true })).filter((name) => !name.startsWith('.')).sort();

describe('an output that cannot be is refused before work starts', () => {
  const VERBS: readonly (readonly [flag: string, args: readonly string[], ending: string])[] = [
    ['--json', ['audit', 'v.npy', '--json'], '.json'],
    ['--html', ['audit', 'v.npy', '--html'], '.html'],
    ['-o', ['project', 'v.npy', '-o'], '.csv'],
    ['-o', ['embed', 'v.npy', '-o'], '.npy'],
  ];

  describe.each(VERBS)('%s of %j', (flag, args, ending) => {
    test('when its folder is a file', async () => {
      const before = await names();
      const { code, stdout, stderr } = await place.gamut([...args, `file/out${ending}`]);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `gamut: ${flag} file/out${ending} cannot be created: file is not a folder.\n`,
      });
      expect(await names()).toEqual(before);
    });

    test('when it is a folder', async () => {
      await mkdir(place.at(`out${ending}`));
      const { code, stderr } = await place.gamut([...args, `out${ending}`]);
      expect(code).toBe(2);
      expect(stderr).toBe(`gamut: ${flag} out${ending} is a folder; name a file in it.\n`);
    });

    test.runIf(process.platform === 'linux')('when the system makes no files there', async () => {
      const { code, stderr } = await place.gamut([...args, `/proc/none/out${ending}`]);
      expect(code).toBe(2);
      expect(stderr).toContain(`${flag} /proc/none/out${ending} cannot be created`);
    });
  });

  test.each([
    ['--save-index', ['audit', 'v.npy', '--save-index', 'file']],
    ['-o', ['index', 'v.npy', '-o', 'file']],
  ])('a folder that is a file, %s of %j', async (flag, args) => {
    const { code, stderr } = await place.gamut(args);
    expect(code).toBe(2);
    expect(stderr).toBe(`gamut: ${flag} file cannot be created: file is not a folder.\n`);
    expect(await readFile(place.at('file'), 'utf8')).toBe('mine');
  });

  test.each([
    ['an input', ['project', 'rows.csv', '-o', 'rows.csv']],
    ['an input', ['audit', 'v.npy', '--json', './folder/../v.npy']],
    ['an input', ['audit', 'v.npy', '--reference', 'rows.csv', '--html', 'rows.csv']],
    ['an input', ['embed', 'v.npy', '-o', 'link.npy']],
    ['--json', ['audit', 'v.npy', '--json', 'same', '--html', './same']],
  ])('one that would overwrite %s: %j', async (what, args) => {
    await symlink(place.at('v.npy'), place.at('link.npy'));
    await writeFile(place.at('rows.csv'), 'text\na\nb\n');
    const before = [await readFile(place.at('v.npy')), await names()];
    const { code, stderr } = await place.gamut(args);
    expect(code).toBe(2);
    expect(stderr).toContain(`is ${what} too; name another file to write.`);
    expect([await readFile(place.at('v.npy')), await names()]).toEqual(before);
  });
});

test('a baseline that nothing would show is refused before work starts', async () => {
  await writeFile(place.at('old.json'), '{}');
  for (const where of [['--json', '-'], ['-q']]) {
    const { code, stdout, stderr } = await place.gamut([
      'audit',
      'v.npy',
      '--baseline',
      'old.json',
      ...where,
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('none is asked for; add --html FILE.');
  }
});

test('folders above an output are made', async () => {
  const args = ['audit', 'v.npy', '-q', '--json', 'a/b/report.json', '--html', 'c/report.html'];
  expect((await place.gamut(args)).code).toBe(0);
  expect(JSON.parse(await readFile(place.at('a', 'b', 'report.json'), 'utf8')).schema).toBe(
    'gamut.report/1',
  );
  expect(await readFile(place.at('c', 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
});

test('nothing is left beside an output, and an older one stays when a run fails', async () => {
  const run = (seed: string) =>
    place.gamut(['audit', 'v.npy', '-q', '--seed', seed, '--json', 'report.json']);
  await run('0');
  const first = await readFile(place.at('report.json'), 'utf8');
  expect(await names()).toEqual(['file', 'folder', 'report.json', 'v.npy']);
  await writeFile(place.at('v.npy'), 'broken');
  expect((await run('1')).code).toBe(2);
  expect(await readFile(place.at('report.json'), 'utf8')).toBe(first);
  expect(await names()).toEqual(['file', 'folder', 'report.json', 'v.npy']);
});

test('a link is written through, not replaced', async () => {
  await symlink('file', place.at('link'));
  await place.gamut(['audit', 'v.npy', '-q', '--json', 'link']);
  expect(JSON.parse(await readFile(place.at('file'), 'utf8')).schema).toBe('gamut.report/1');
});

test.runIf(process.platform === 'linux')('a device is written to, not replaced', async () => {
  const device = place.at('pipe');
  const script = 'mkfifo pipe && (cat pipe > got) & sleep 0.1; "$@"; wait';
  const { code } = await place.gamut(['audit', 'v.npy', '-q', '--json', device], {
    wrapper: ['sh', '-c', script, 'sh'],
  });
  expect(code).toBe(0);
  expect(JSON.parse(await readFile(place.at('got'), 'utf8')).schema).toBe('gamut.report/1');
  expect(existsSync(device)).toBe(true);
});

test('the same input, model and seed give the same bytes', async () => {
  for (const name of ['a', 'b']) {
    const files = ['--json', `${name}.json`, '--html', `${name}.html`];
    await place.gamut(['audit', 'v.npy', '-q', ...files]);
  }
  for (const ending of ['json', 'html']) {
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => readFile(place.at(`${name}.${ending}`))),
    );
    expect(a!.equals(b!)).toBe(true);
  }
});

test('an index is not saved among other files', async () => {
  await writeFile(place.at('folder/mine.txt'), 'mine');
  const { code, stderr } = await place.gamut(['index', 'v.npy', '-o', 'folder']);
  expect([code, stderr]).toEqual([
    2,
    'gamut: -o folder holds other files (mine.txt); name a folder for this alone.\n',
  ]);
  expect((await place.gamut(['index', 'v.npy', '-o', 'index'])).code).toBe(0);
  expect((await place.gamut(['index', 'v.npy', '-o', 'index'])).code).toBe(0);
});
