import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { shareModels, textRows, writeTexts } from '../cli/gamut.ts';

interface Manifest {
  readonly bin: { readonly gamut: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as Manifest;

let folder: string;
/** gamut unpacked as npm would install it, its dependencies beside it. */
let installed: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-package-'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync(npm, args, { cwd: packagePath(), shell: process.platform === 'win32' });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'))!;
  installed = join(folder, 'node_modules', 'gamut');
  await mkdir(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, archive), '--strip-components=1', '-C', installed]);
  const entries = await readdir(installed, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(packagePath('node_modules', name), link, 'junction');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  test('holds what users need and nothing else', () => {
    const kinds = [
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
      /^dist\/(src|models)\/.*\.(js|d\.ts)$/,
      /^dist\/native\/([\w.-]+\.wasm|worker\.mjs)$/,
      /^models\/[\w.-]+\/card\.json$/,
      /^src\/report\/html\/style\/[\w-]+\.css$/,
    ];
    expect(files.filter((file) => !kinds.some((kind) => kind.test(file)))).toEqual([]);
    for (const kind of kinds) expect(files.some((file) => kind.test(file))).toBe(true);
  });

  test('has what README, licence and package.json promise', async () => {
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', manifest.bin.gamut]) {
      expect(files).toContain(name);
    }
    expect(files).toContain('dist/src/index.js');
    expect(files).toContain('dist/src/index.d.ts');
    const main = await readFile(join(installed, manifest.bin.gamut), 'utf8');
    expect(main.startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  test('has nothing left over from sources that are gone', () => {
    const orphans = files
      .filter((file) => /^dist\/(src|models)\/.*\.js$/.test(file))
      .map((file) => file.slice('dist/'.length).replace(/\.js$/, '.ts'))
      .filter((source) => !existsSync(packagePath(source)));
    expect(orphans).toEqual([]);
  });

  test('is small: weights and data are not in it', async () => {
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(join(installed, file))).size),
    );
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3 * 1024 * 1024);
  });
});

describe('installed elsewhere', () => {
  const node = (...args: string[]) =>
    spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    });

  beforeAll(async () => {
    await shareModels(join(folder, 'cache', 'gamut'));
    await writeTexts(join(folder, 'rows.jsonl'), 20);
  });

  test('the command audits a file and writes both reports', async () => {
    const bin = join(installed, manifest.bin.gamut);
    const outputs = ['--json', 'report.json', '--html', 'report.html'];
    const { status, stdout, stderr } = node(bin, 'audit', 'rows.jsonl', ...outputs);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(
        /^wrote report\.html \(\d+ kB, map of 20 rows\)\nwrote report\.json\n$/,
      ),
    });
    expect(stdout).toContain('Vendi score');
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    expect(report.dataset.rows).toBe(20);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('<script');
  });

  test('the model is made from its package on first use', async () => {
    const bin = join(installed, manifest.bin.gamut);
    const { status, stderr } = node(
      bin,
      'embed',
      'rows.jsonl',
      '-o',
      'v.npy',
      '-q',
      '--cache',
      'new',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((await stat(join(folder, 'v.npy'))).size).toBeGreaterThan(20 * 512 * 4);
    expect(await readdir(join(folder, 'new'))).toEqual(['models', 'vectors']);
  });

  test('the library exports its verbs, prints nothing and throws errors that say what to do', async () => {
    await writeFile(join(folder, 'again.jsonl'), textRows(12));
    const script = `
      import { strict as assert } from 'node:assert';
      import { audit, embed, project, buildIndex, novelty, GamutError, MEASURES } from 'gamut';
      const { report, map } = await audit('again.jsonl', { measures: 'fast', map: false });
      assert.equal(report.schema, 'gamut.report/1');
      assert.equal(report.dataset.rows, 12);
      assert.equal(map, null);
      const { n, dims } = await embed('again.jsonl');
      assert.deepEqual([n, dims], [12, 512]);
      const projection = await project('again.jsonl', { epochs: 5 });
      assert.equal(projection.layout.length, 24);
      await projection.close();
      await buildIndex('again.jsonl', 'index');
      assert.equal((await novelty('again.jsonl', { index: 'index' })).share.value, 0);
      await assert.rejects(audit('none.jsonl'), (error) => error instanceof GamutError && error.exitCode === 2);
      assert.ok(MEASURES.length > 20);
    `;
    const { status, stdout, stderr } = node('--input-type=module', '-e', script);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('only what is exported can be imported', () => {
    const { status, stderr } = node(
      '--input-type=module',
      '-e',
      "import 'gamut/dist/src/index.js'",
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
