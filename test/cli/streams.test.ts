import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Place, writeTexts, writeVectors } from './gamut.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeVectors(place.at('v.npy'));
  await writeTexts(place.at('rows.jsonl'), 40);
});
afterAll(() => place.remove());

const ESCAPE = '\u001b';

test('--json - puts the report on stdout, and nothing else', async () => {
  const files = ['--json', '-', '--html', 'report.html', '--save-index', 'index'];
  const { code, stdout, stderr } = await place.gamut(['audit', 'rows.jsonl', ...files]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    schema: 'gamut.report/1',
    dataset: { rows: 40 },
    skipped: expect.any(Array),
  });
  for (const measure of Object.values<Record<string, unknown>>(report.measures)) {
    expect(measure).toMatchObject({ n: 40, method: expect.stringMatching(/^(exact|sampled)$/) });
    expect(measure).toHaveProperty('value');
    expect(measure).toHaveProperty('interval');
  }
  expect(stderr).toMatch(/wrote report\.html \([^\n]+\)\nwrote index\n/);
});

test('the summary goes to stdout, what was written to stderr', async () => {
  const { stdout, stderr } = await place.gamut(['audit', 'rows.jsonl', '--json', 'r.json']);
  expect(stdout).toContain('Vendi score');
  expect(stdout).not.toContain('wrote');
  expect(stderr).toContain('wrote r.json\n');
});

describe('--quiet', () => {
  test.each([
    ['-q', ['audit', 'rows.jsonl', '--html', 'q.html']],
    ['--quiet', ['project', 'rows.jsonl', '-o', 'q.csv']],
    ['-q', ['embed', 'rows.jsonl', '-o', 'q.npy']],
    ['--quiet', ['index', 'rows.jsonl', '-o', 'q']],
  ])('%s of %j says nothing', async (quiet, args) => {
    expect(await place.gamut([...args, quiet])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('silences no error and no report that was asked for', async () => {
    const { code, stderr } = await place.gamut(['audit', 'none.jsonl', '--quiet']);
    expect([code, stderr]).toEqual([2, 'gamut: none.jsonl does not exist; check the path.\n']);
    const { stdout } = await place.gamut(['audit', 'v.npy', '-q', '--json', '-']);
    expect(JSON.parse(stdout).dataset.rows).toBe(24);
  });
});

test('into a pipe there are neither colours nor control characters, and lines fit 80 columns', async () => {
  for (const args of [
    ['audit', 'rows.jsonl', '--reference', 'rows.jsonl'],
    ['measures'],
    ['models'],
  ]) {
    const { stdout, stderr } = await place.gamut(args);
    expect(stdout + stderr).not.toContain(ESCAPE);
    expect(stdout + stderr).not.toContain('\r');
    for (const line of stdout.split('\n')) {
      if (!/^ {4}(sha256|http)/.test(line)) expect([...line].length).toBeLessThanOrEqual(80);
    }
  }
});

describe.skipIf(process.platform === 'win32')('a pipe whose reader has gone', () => {
  const shell = (script: string) => ({ wrapper: ['bash', '-c', script, 'bash'] });

  test.each([
    ['audit', ['audit', 'rows.jsonl', '--json', '-']],
    ['measures', ['measures']],
    ['measures as JSON', ['measures', '--json']],
    ['help', ['audit', '--help']],
  ])('ends %s quietly', async (_, args) => {
    const script = 'set -o pipefail; "$@" | head -c 1';
    const { code, stdout, stderr } = await place.gamut(args, shell(script));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^.$/)]);
    expect(stderr).not.toMatch(/EPIPE|Error|at /);
  });

  test('does not stop a run whose messages nobody reads', async () => {
    const script = 'set -o pipefail; "$@" 2>&1 >unread.json | true';
    const args = ['audit', 'rows.jsonl', '--json', '-', '--html', 'unread.html'];
    expect((await place.gamut(args, shell(script))).code).toBe(0);
    expect(JSON.parse(await readFile(place.at('unread.json'), 'utf8')).dataset.rows).toBe(40);
  });

  test.runIf(process.platform === 'linux')('a full disk behind stdout is an error', async () => {
    const { code, stderr } = await place.gamut(
      ['audit', 'v.npy', '--json', '-'],
      shell('"$@" >/dev/full'),
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/^gamut: Could not write to standard output: .*\.\n$/m);
  });
});

test('what comes from the data cannot control the terminal', async () => {
  const nasty = `{"id":"${'\\u001b'}[2J","text":"red ${'\\u001b'}[31m and a bell \\u0007"}\n`;
  await writeFile(place.at('nasty.jsonl'), nasty.repeat(6));
  const { code, stdout, stderr } = await place.gamut(['audit', 'nasty.jsonl']);
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(ESCAPE);
  expect(stdout).not.toContain('\u0007');
});
