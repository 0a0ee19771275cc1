import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Place, textRows, writeVectors } from './gamut.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeVectors(place.at('v.npy'));
});
afterAll(() => place.remove());

describe('input that cannot be used exits 2 with one line naming file, line and remedy', () => {
  test.each<readonly [what: string, name: string, content: string, message: string]>([
    ['an empty file', 'a.jsonl', '', 'a.jsonl has no rows; give a file that has some.'],
    ['blank lines', 'b.jsonl', '\n\n', 'b.jsonl has no rows; give a file that has some.'],
    ['an empty list', 'c.json', '[]', 'c.json has no rows; give a file that has some.'],
    ['a table of a header', 'd.csv', 'id,text\n', 'd.csv has no rows; give a file that has some.'],
    [
      'a broken line',
      'e.jsonl',
      '{"text":"a"}\n{"text":"b\n{"text":"c"}\n',
      'e.jsonl:2: the row is not valid JSON',
    ],
    [
      'a row without text',
      'f.jsonl',
      '{"text":"a"}\n{"text":"b"}\n{"id":3}\n',
      'f.jsonl:3: the row',
    ],
    ['no column that is text', 'g.jsonl', '{"x":1}\n{"x":2}\n', "for example --text '{x}'"],
    ['an archive', 'h.jsonl', 'PK\u0003\u0004rest', 'h.jsonl is a ZIP archive'],
  ])('%s', async (_, name, content, message) => {
    await writeFile(place.at(name), content);
    const { code, stdout, stderr } = await place.gamut(['audit', name, '--json', '-']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^gamut: .*\.\n$/);
  });

  test('a broken line names the flag that leaves it out', async () => {
    const { stderr } = await place.gamut(['audit', '-'], { input: '{"text":"a"}\n{"text"\n' });
    expect(stderr).toContain('standard input:2: ');
    expect(stderr).toContain('--on-bad-row skip');
  });

  test('a missing file, a folder, one good file among missing ones', async () => {
    for (const [args, message] of [
      [['none.jsonl'], 'none.jsonl does not exist; check the path.'],
      [['v.npy', 'none.npy'], 'none.npy does not exist; check the path.'],
      [['v.npy', '--reference', 'none.npy'], 'none.npy does not exist; check the path.'],
      [['.'], '. is a folder; name the files in it'],
    ] as const) {
      const { code, stderr } = await place.gamut(['audit', ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(`gamut: ${message}`);
    }
  });

  test('a broken line far behind the first rows is found before anything is embedded', async () => {
    await writeFile(place.at('late.jsonl'), `${textRows(2000)}{"text":\n`);
    const { code, stderr } = await place.gamut(['audit', 'late.jsonl']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gamut: late\.jsonl:2001: /);
  });

  test('vectors that are cut short or not finite', async () => {
    const good = await readFile(place.at('v.npy'));
    await writeFile(place.at('cut.npy'), good.subarray(0, good.length - 4));
    const infinite = Buffer.from(good);
    infinite.writeFloatLE(Number.POSITIVE_INFINITY, good.length - 4);
    await writeFile(place.at('infinite.npy'), infinite);
    for (const name of ['cut.npy', 'infinite.npy']) {
      const { code, stderr } = await place.gamut(['audit', name]);
      expect(code).toBe(2);
      expect(stderr).toContain(name);
    }
  });
});

describe('standard input', () => {
  test('is an input of its own name', async () => {
    const { code, stdout } = await place.gamut(['audit', '-', '--json', '-'], {
      input: textRows(8),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).dataset).toMatchObject({
      rows: 8,
      sources: [{ path: '-', format: 'jsonl' }],
    });
  });

  test('that is empty is said to be', async () => {
    const { code, stderr } = await place.gamut(['audit', '-']);
    expect([code, stderr]).toEqual([
      2,
      'gamut: standard input has no rows; give a file that has some.\n',
    ]);
  });

  test.each([
    [['audit', '-', '-']],
    [['audit', '-', '--reference', '-']],
    [['audit', 'v.npy', '--reference', '-', '--reference', '-']],
  ])('can be asked for once: %j', async (args) => {
    const { code, stderr } = await place.gamut(args, { input: textRows(8) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gamut: Standard input .*(once|twice)/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('--on-bad-row skip leaves broken rows out and says which', async () => {
  const input = `${textRows(5)}{"text":\n{"text":""}\n${textRows(3)}`;
  const args = ['audit', '-', '--on-bad-row', 'skip'];
  const report = JSON.parse((await place.gamut([...args, '--json', '-'], { input })).stdout);
  expect(report.dataset.rows).toBe(8);
  expect(report.dataset.badRows).toMatchObject({ count: 2, first: [{ line: 6 }, { line: 7 }] });
  const { stdout } = await place.gamut(args, { input });
  expect(stdout).toContain('2 left out');
});
