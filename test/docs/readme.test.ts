import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';

/** Every recipe of the README is run as it stands, in a folder that has the examples. */
const run = promisify(execFile);
const readme = await readFile(packagePath('README.md'), 'utf8');

const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((m) => m[1]!);

const recipes = blocks('sh').filter((block) => block.includes('gamut '));
const programs = blocks('js');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-readme-'));
  await symlink(packagePath('examples'), join(folder, 'examples'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(packagePath(), join(folder, 'node_modules', 'gamut'));
  await mkdir(join(folder, 'bin'));
  const command = join(folder, 'bin', 'gamut');
  const main = packagePath('dist', 'src', 'cli', 'main.js');
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(command, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
});

test('the two commands come first', () => {
  expect(blocks('sh')[0]).toMatch(/^npm start .*\nnpm start -- audit FILE .*\nnpm test /);
});

describe('recipes', () => {
  test.each(recipes)('%s', async (recipe) => {
    const options = { cwd: folder, env: environment() };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', recipe], options);
    const audited = /audit examples\/(\w+\.jsonl)/.exec(recipe)?.[1];
    if (audited !== undefined) expect(stdout).toContain(audited);
  });
});

describe('programs', () => {
  test.each(programs)('%s', async (program) => {
    const file = join(folder, `program-${programs.indexOf(program)}.mjs`);
    await writeFile(file, program);
    const { stdout } = await run(process.execPath, [file], { cwd: folder, env: environment() });
    expect(stdout).toMatch(/\d/);
  });
});

test('every file that the documents link to is there', async () => {
  for (const name of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']) {
    const text = await readFile(packagePath(name), 'utf8');
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      await expect(readFile(packagePath(link!)), `${name}: ${link}`).resolves.toBeDefined();
    }
  }
});
