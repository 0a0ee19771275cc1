import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { MAIN, makePlace, type Place } from '../cli/gamut.ts';

/**
 * Every recipe of the README is run as it stands, in a folder that has the examples. The command `gamut` hands
 * its arguments to a process that stays (test/cli/warm.mjs), so that starting is paid once and texts are
 * embedded once; what reads standard input, or writes a report to it, is a process of its own.
 */
const run = promisify(execFile);
const readme = await readFile(packagePath('README.md'), 'utf8');

const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((m) => m[1]!);

const recipes = blocks('sh').filter((block) => block.includes('gamut '));
const programs = blocks('js');

/** Every third row of the examples: what a recipe does it does on fewer rows too. */
const EVERY = 3;

let place: Place;
let folder: string;
let server: Server;

beforeAll(async () => {
  place = await makePlace();
  folder = place.folder;
  await mkdir(join(folder, 'examples'));
  for (const name of await readdir(packagePath('examples'))) {
    if (!name.endsWith('.jsonl')) continue;
    const lines = (await readFile(packagePath('examples', name), 'utf8')).split('\n');
    const some = lines.filter((line, i) => line !== '' && i % EVERY === 0);
    await writeFile(join(folder, 'examples', name), `${some.join('\n')}\n`);
  }
  await mkdir(join(folder, 'node_modules'));
  await symlink(packagePath(), join(folder, 'node_modules', 'gamut'));
  await mkdir(join(folder, 'bin'));
  const command = join(folder, 'bin', 'gamut');
  const socket = join(folder, 'gamut.socket');
  server = createServer((stream) => {
    let asked = '';
    stream.setEncoding('utf8').on('data', async (part: string) => {
      asked += part;
      if (asked.endsWith('\n')) stream.end(JSON.stringify(await place.gamut(JSON.parse(asked))));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  await writeFile(join(folder, 'bin', 'ask.mjs'), ASK);
  const node = `exec "${process.execPath}"`;
  const script = `case " $* " in *" - "*) ${node} "${MAIN}" "$@";; esac
${node} "${join(folder, 'bin', 'ask.mjs')}" "${socket}" "$@"`;
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
});
afterAll(async () => {
  server.close();
  await place.remove();
});

/** Hands a command line to the process that stays, and is what that answers. */
const ASK = `import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
const [socket, ...args] = process.argv.slice(2);
const stream = connect(socket);
stream.write(JSON.stringify(args) + '\\n');
const { code, stdout, stderr } = JSON.parse(await text(stream));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
`;

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  XDG_CACHE_HOME: join(folder, '.cache'),
  PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
});

test('the two commands come first', () => {
  expect(blocks('sh')[0]).toMatch(/^npm start .*\nnpm start -- audit FILE .*\nnpm test /);
});

describe('recipes', { timeout: 120_000 }, () => {
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
