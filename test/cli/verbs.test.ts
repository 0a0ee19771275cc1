import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAll } from '../data/helpers.ts';
import { makePlace, type Place, textRows, writeTexts, writeVectors } from './gamut.ts';

const ROWS = 40;
const PYTHON = '/usr/bin/python3';
const hasNumpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeTexts(place.at('rows.jsonl'), ROWS);
  await writeVectors(place.at('v.npy'));
});
afterAll(() => place.remove());

const read = (name: string): Promise<string> => readFile(place.at(name), 'utf8');
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const DATA = lines(textRows(ROWS));

describe('measures and models', () => {
  test('measures names each one with what it reads, and --json has the same ids', async () => {
    const [people, machines] = await Promise.all([
      place.gamut(['measures']),
      place.gamut(['measures', '--json']),
    ]);
    const listed = JSON.parse(machines.stdout) as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['vendi', 'mean-distance', 'near-duplicates', 'recall']),
    );
    for (const { id } of listed) expect(people.stdout).toContain(id);
    expect([people.code, people.stderr, machines.code, machines.stderr]).toEqual([0, '', 0, '']);
  });

  test('models names the default one with its licence, and --json is the cards', async () => {
    const [people, machines] = await Promise.all([
      place.gamut(['models']),
      place.gamut(['models', '--json']),
    ]);
    expect(people.stdout).toMatch(/^use-lite .*\n.*512 dimensions[\s\S]*Apache-2\.0/m);
    const [card] = JSON.parse(machines.stdout);
    expect(card).toMatchObject({ name: 'use-lite', dims: 512, maxTokens: 128 });
  });
});

describe('project', () => {
  const COLUMNS = [
    ...['id', 'x', 'y', 'cluster', 'cluster_name', 'nn_distance', 'density', 'influence'],
    ...['text', 'topic'],
  ];

  test('writes the rows in their order with their place, cluster and columns, in each format', async () => {
    const names = ['map.csv', 'map.json', 'map.jsonl', 'map.parquet', 'map.arrow'];
    const outputs = names.flatMap((name) => ['-o', name]);
    const { code, stdout, stderr } = await place.gamut(['project', 'rows.jsonl', ...outputs]);
    expect([code, stdout]).toEqual([0, '']);
    for (const name of names) expect(stderr).toContain(`wrote ${name}: ${ROWS} rows\n`);
    const rows = lines(await read('map.jsonl'));
    expect(rows.map(({ id, topic, text }) => ({ id, topic, text }))).toEqual(DATA);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(COLUMNS);
      expect(Number.isFinite(row.x) && Number.isFinite(row.y)).toBe(true);
      expect(Number.isInteger(row.cluster)).toBe(true);
    }
    expect(JSON.parse(await read('map.json'))).toEqual(rows);
    const [header, ...body] = (await read('map.csv')).trimEnd().split('\n');
    expect(header).toBe(COLUMNS.join(','));
    const field = (value: unknown): string =>
      String(value).includes(',') ? `"${value}"` : String(value);
    expect(body).toEqual(rows.map((row) => COLUMNS.map((column) => field(row[column])).join(',')));
    for (const name of ['map.parquet', 'map.arrow']) {
      const again = await readAll(place.at(name));
      expect(again.map(({ columns }) => columns)).toEqual(rows);
    }
  });

  test('draws pictures, and refuses what it cannot draw or write before it starts', async () => {
    const size = ['--width', '300', '--height', '200', '--theme', 'dark', '--color', 'topic'];
    const drawn = await place.gamut([
      'project',
      'rows.jsonl',
      '-o',
      'map.svg',
      '-o',
      'map.png',
      ...size,
    ]);
    expect(drawn.code).toBe(0);
    expect(await read('map.svg')).toContain('width="300" height="200"');
    const twice = await place.gamut(['project', 'rows.jsonl', '-o', 'map.svg', '-o', './map.svg']);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('name another file')]);
    const beside = ['-o', 'map.vl.csv', '-o', 'map.vl.json'];
    expect((await place.gamut(['project', 'rows.jsonl', ...beside])).code).toBe(2);
    const odd = await place.gamut(['project', 'rows.jsonl', '-o', 'map.pdf']);
    expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('.svg, .png')]);
  });

  test('takes labels in place of clusters, and options of the layout', async () => {
    const layout = ['--neighbours', '5', '--min-dist', '0.3', '--spread', '2', '--epochs', '20'];
    const args = ['project', 'rows.jsonl', '-o', 'labels.jsonl', '--labels', 'topic', ...layout];
    expect((await place.gamut(args)).code).toBe(0);
    for (const row of lines(await read('labels.jsonl'))) expect(row.cluster).toBe(row.topic);
  });
});

describe('embed', () => {
  test.skipIf(!hasNumpy)(
    'writes float32 unit rows that numpy reads, in the order of the input',
    async () => {
      await writeFile(
        place.at('reversed.jsonl'),
        textRows(ROWS).trimEnd().split('\n').reverse().join('\n'),
      );
      for (const name of ['rows', 'reversed']) {
        const { code, stderr } = await place.gamut(['embed', `${name}.jsonl`, '-o', `${name}.npy`]);
        expect(code).toBe(0);
        expect(stderr).toContain(`wrote ${name}.npy: ${ROWS} rows × 512\n`);
      }
      const script = [
        'import numpy, sys',
        'a, b = (numpy.load(name, allow_pickle=False) for name in sys.argv[1:])',
        'length = numpy.linalg.norm(a, axis=1)',
        'print(a.dtype, a.shape, abs(length - 1).max() < 1e-5, abs(a - b[::-1]).max() < 1e-5)',
      ].join('\n');
      const files = [place.at('rows.npy'), place.at('reversed.npy')];
      expect(execFileSync(PYTHON, ['-c', script, ...files], { encoding: 'utf8' })).toBe(
        `float32 (${ROWS}, 512) True True\n`,
      );
    },
  );

  test('writes what audit and project read again, with the same numbers', async () => {
    await place.gamut(['embed', 'rows.jsonl', '-o', 'again.npy']);
    const value = async (input: string) => {
      const { stdout } = await place.gamut(['audit', input, '--measures', 'vendi', '--json', '-']);
      return JSON.parse(stdout).measures.vendi.value;
    };
    expect(await value('again.npy')).toBeCloseTo(await value('rows.jsonl'), 4);
  });
});

describe('index and novelty', () => {
  test('say that known rows are known and others are new, and to what each is nearest', async () => {
    const { code, stderr } = await place.gamut(['index', 'rows.jsonl', '-o', 'saved']);
    expect(code).toBe(0);
    expect(stderr).toContain(`wrote saved: ${ROWS} rows × 512`);
    expect(stderr).toMatch(/recall 100\s% on/);
    const known = DATA.slice(0, 5);
    const fresh = [{ id: 'new', text: 'def add(a, b): return a + b  # python function' }];
    const input = [...known, ...fresh].map((row) => JSON.stringify(row)).join('\n');

    const args = ['novelty', '-', '--index', 'saved', '-o', 'new.jsonl'];
    const told = await place.gamut(args, { input });
    expect(told.code).toBe(0);
    expect(told.stdout).toContain('17 %'.replace(' ', '\u202f'));
    const rows = lines(await read('new.jsonl'));
    expect(rows.map(({ id, novel, nearest_id }) => [id, novel, nearest_id])).toEqual([
      ...known.map(({ id }) => [id, false, id]),
      ['new', true, expect.any(String)],
    ]);
    expect(rows[0]!.distance).toBeCloseTo(0, 5);
    expect(rows[0]!.nearest_text).toBe(known[0]!.text);
  });

  test('embed as the index was, and refuse a flag that says otherwise', async () => {
    const made = ['index', 'rows.jsonl', '-o', 'cut', '--long', 'truncate'];
    expect((await place.gamut(made)).code).toBe(0);
    const asked = ['novelty', 'rows.jsonl', '--index', 'cut'];
    expect((await place.gamut(asked)).code).toBe(0);
    for (const args of [asked, ['index', 'rows.jsonl', '--add', '-o', 'cut']]) {
      const { code, stderr } = await place.gamut([...args, '--long', 'mean']);
      expect(code).toBe(2);
      expect(stderr).toContain('with --long truncate; --long mean would not compare');
    }
  });

  test('an index that an audit saved serves as well', async () => {
    await place.gamut(['audit', 'rows.jsonl', '-q', '--save-index', 'audited']);
    const { code, stdout } = await place.gamut(['novelty', 'rows.jsonl', '--index', 'audited']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\b0\s%/);
  });

  test('an index that does not fit, or is not whole, is refused with the remedy', async () => {
    await place.gamut(['index', 'v.npy', '-o', 'vectors']);
    const unfit = await place.gamut(['novelty', 'rows.jsonl', '--index', 'vectors']);
    expect([unfit.code, unfit.stdout]).toEqual([2, '']);
    expect(unfit.stderr).toContain('the index in vectors');

    for (const damage of ['graph.hnsw', 'rows.jsonl', 'index.json']) {
      await place.gamut(['index', 'v.npy', '-o', 'vectors']);
      await writeFile(place.at('vectors', damage), '');
      const { code, stderr } = await place.gamut(['novelty', 'v.npy', '--index', 'vectors']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^gamut: .*vectors.* gamut index/);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
