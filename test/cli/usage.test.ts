import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../src/base/package.ts';
import { makePlace, type Place, writeVectors } from './gamut.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeVectors(place.at('v.npy'));
});
afterAll(() => place.remove());

/** Of verbs whose measures may be read from further models. */
const SCORING = [
  ...['--language-model', '--language-dtype', '--language-chat'],
  ...['--quality-model', '--quality-input'],
];
/** Of verbs with a report. */
const REPORT = ['--json', '--html', '--markdown', '--junit', '--figures', '--theme'];
/** Of verbs that measure how good rows are. */
const JUDGING = ['--answer', '--truth', '--match', '--prompt', '--quality', '--cells', '--pareto'];

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  audit: [
    ...['--reference', '--baseline', '--measures', '--space', '--index', '--recall', '--labels'],
    ...['--clusters', '--bandwidth', '--buckets', '--duplicate-at', '--save-index'],
    ...['--by', '--control', '--at', '--no-curves', ...REPORT, ...JUDGING, ...SCORING],
  ],
  compare: [
    ...['--reference', '--measures', '--at', '--by', '--control', '--index', '--recall'],
    ...['--clusters', '--bandwidth', '--buckets', '--duplicate-at'],
    ...[...REPORT, ...JUDGING, ...SCORING],
  ],
  attribute: [
    ...['--factors', '--measures', '--at', '--no-interactions', '--clusters'],
    ...['--index', '--recall', ...REPORT, ...JUDGING, ...SCORING],
  ],
  track: [
    ...['--measures', '--at', '--clusters', '--index', '--recall'],
    ...[...REPORT, ...JUDGING, ...SCORING],
  ],
  project: [
    ...['-o, --output', '--index', '--recall', '--labels', '--clusters', '--method', '--metric'],
    ...['--components', '--neighbours', '--min-dist', '--spread', '--epochs', '--init'],
    ...['--engine', '--target', '--target-kind', '--target-weight', '--save-map', '--onto'],
    ...['--columns', '--color', '--theme', '--width', '--height', '--scale', '--title'],
  ],
  embed: ['-o, --output'],
  index: ['-o, --output', '--add'],
  novelty: ['--index', '-o, --output'],
  bench: [
    ...['--models', '--baseline', '--devices', '--dtypes', '--rows', '--measures', '--reference'],
    ...['--batches', '--lengths', '--repeats', '--seconds', '--quick', '--fresh', '--labels'],
    ...['--pair', '--score', '--json', '-o, --output'],
  ],
  sensitivity: [
    ...['--models', '--baseline', '--devices', '--dtypes', '--rows', '--measures', '--reference'],
    ...['--json', '-o, --output'],
  ],
  recipes: ['--store', '--rows', '--json', '--markdown'],
  'recipes add': ['--store', '--name', '--dataset'],
  measures: ['--json', '--markdown'],
  models: ['--json'],
};
/** Verbs that read no dataset. */
const INPUTLESS = ['measures', 'models', 'recipes', 'recipes add'];
/** Verbs that have a model in the plural. */
const OF_SEVERAL_MODELS = ['bench', 'sensitivity'];
const OF_ONE_MODEL = ['--model', '--dtype', '--dims', '--device'];
const INPUT_FLAGS = [
  '--text',
  '--model',
  '--dtype',
  '--dims',
  '--prefix',
  '--offline',
  '--concurrency',
  '--requests-per-minute',
  '--texts-per-request',
  '--device',
  '--long',
  '--on-bad-row',
  '--cache',
  '--seed',
];
const COMMON_FLAGS = ['-q, --quiet', '--debug', '-h, --help'];

describe('help', () => {
  test.each(Object.keys(FLAGS))(
    'of %s goes to stdout, fits 80 columns and has every flag',
    async (command) => {
      const { code, stdout, stderr } = await place.gamut([...command.split(' '), '--help']);
      expect([code, stderr]).toEqual([0, '']);
      expect(widest(stdout)).toBeLessThanOrEqual(80);
      const reads = stdout.includes('<input...>');
      expect(reads).toBe(!INPUTLESS.includes(command));
      const shared = INPUT_FLAGS.filter(
        (flag) => !OF_SEVERAL_MODELS.includes(command) || !OF_ONE_MODEL.includes(flag),
      );
      for (const flag of [...FLAGS[command]!, ...(reads ? shared : []), ...COMMON_FLAGS]) {
        expect(stdout).toMatch(new RegExp(`^  ${flag}\\b`, 'm'));
      }
      expect(stdout.match(/^ {2}-/gm)).toHaveLength(
        FLAGS[command]!.length + (reads ? shared.length : 0) + COMMON_FLAGS.length,
      );
    },
  );

  test('of gamut lists every command, examples and the exit codes', async () => {
    const { code, stdout } = await place.gamut(['--help']);
    expect(code).toBe(0);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    for (const command of Object.keys(FLAGS).filter((name) => !name.includes(' '))) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    for (const words of ['gamut audit data.jsonl', 'Exit codes: 0 done', '130 interrupted']) {
      expect(stdout).toContain(words);
    }
  });

  test('is what a bare gamut shows, as an error', async () => {
    const { code, stdout, stderr } = await place.gamut([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: gamut');
  });

  test('--version is the version of the package', async () => {
    expect(await place.gamut(['--version'])).toEqual({
      code: 0,
      stdout: `${version()}\n`,
      stderr: '',
    });
  });
});

const widest = (text: string): number =>
  Math.max(...text.split('\n').map((line) => [...line].length));

describe('what cannot be understood exits 2 with one line that says what to do', () => {
  const AUDIT = ['audit', 'v.npy'];
  test.each<readonly [args: readonly string[], message: string]>([
    [['frob'], "unknown command 'frob'. See gamut --help."],
    [['audti'], "unknown command 'audti' (did you mean audit?). See gamut --help."],
    [['--frob'], "unknown option '--frob'. See gamut --help."],
    [['audit'], "missing required argument 'input'. See gamut audit --help."],
    [
      [...AUDIT, '--jsno', 'x'],
      "unknown option '--jsno' (did you mean --json?). See gamut audit --help.",
    ],
    [[...AUDIT, '--json'], "option '--json <file>' argument missing. See gamut audit --help."],
    [
      [...AUDIT, '--json', '--html'],
      '--json needs a name before --html; write ./--html if that is the name.',
    ],
    [
      [...AUDIT, '--clusters', 'many'],
      "option '--clusters <k>' argument 'many' is invalid. It must be a whole number from 1 up. See gamut audit --help.",
    ],
    [
      [...AUDIT, '--seed', '4294967296'],
      "option '--seed <n>' argument '4294967296' is invalid. It must be a whole number from 0 to 4294967295. See gamut audit --help.",
    ],
    [
      [...AUDIT, '--space', 'round'],
      "option '--space <space>' argument 'round' is invalid. Allowed choices are cosine, euclidean. See gamut audit --help.",
    ],
    [
      [...AUDIT, '--duplicate-at', '2'],
      "option '--duplicate-at <cosine>' argument '2' is invalid. It must be a number from 0 to 1. See gamut audit --help.",
    ],
    [[...AUDIT, '--index', 'exact', '--recall', '0.9'], '--recall is for --index ivf or auto'],
    [
      [...AUDIT, '--recall', '2'],
      "option '--recall <share>' argument '2' is invalid. It must be a number from 0.01 to 1.",
    ],
    [[...AUDIT, '--truth', 'answer'], '--truth, --prompt and --match say more of --answer'],
    [
      [...AUDIT, '--measures', 'correct'],
      'Measure correct cannot be given: needs --answer and --truth.',
    ],
    [[...AUDIT, '--measures', 'vendii'], "There is no measure 'vendii'"],
    [[...AUDIT, '--measures', 'recall'], 'Measure recall cannot be given: needs a --reference.'],
    [[...AUDIT, '--labels', 'topic', '--clusters', '3'], '--clusters and --labels contradict'],
    [[...AUDIT, '--model', 'use-lite'], '--model is for texts, and v.npy holds vectors'],
    [
      ['project', 'v.npy'],
      "required option '-o, --output <file>' not specified. See gamut project --help.",
    ],
    [
      ['project', 'v.npy', '-o', 'map.xls'],
      '-o map.xls: the ending says the format; name a file ending in',
    ],
    [
      ['project', 'v.npy', '-o', 'map.csv', '--neighbours', '201'],
      "option '--neighbours <k>' argument '201' is invalid. It must be a whole number from 2 to 200.",
    ],
    [['novelty', 'v.npy', '--index', 'nowhere'], 'nowhere holds no saved index'],
    [['measures', 'vendi'], "too many arguments for 'measures'. Expected 0 arguments but got 1."],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await place.gamut(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`gamut: ${message}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/\.\.|\bat .*:\d+/);
  });

  test('texts take no model or device that is not there', async () => {
    for (const [flag, name] of [
      ['--model', 'gpt'],
      ['--device', 'abacus'],
    ]) {
      const { code, stderr } = await place.gamut(['audit', '-', flag!, name!], { input: 'a\nb\n' });
      expect(code).toBe(2);
      expect(stderr).toContain(`'${name}'`);
    }
  });
});

test('--reference takes one input, so that it can stand before the dataset', async () => {
  const args = ['audit', '--reference', 'v.npy', 'v.npy', '--measures', 'coverage', '--json', '-'];
  const { code, stdout } = await place.gamut(args);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).measures.coverage.value).toBe(1);
});

test('--reference given again adds to the reference', async () => {
  const reference = ['--reference', 'v.npy', '--reference', 'v.npy'];
  const { stdout } = await place.gamut(['audit', 'v.npy', ...reference, '--json', '-']);
  expect(JSON.parse(stdout).reference.rows).toBe(48);
});

test('a stack trace is shown with --debug, and only then', async () => {
  const missing = ['audit', 'missing.jsonl'];
  expect((await place.gamut(missing)).stderr).toBe(
    'gamut: missing.jsonl does not exist; check the path.\n',
  );
  const { code, stderr } = await place.gamut([...missing, '--debug']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^gamut: missing\.jsonl does not exist; check the path\.\n/);
  expect(stderr).toMatch(/^ {4}at .*:\d+:\d+/m);
  expect(stderr).toContain('ENOENT');
});
