import { describe, expect, test } from 'vitest';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import { countCode } from '../../src/measures/code.ts';
import { syllablesOf } from '../../src/measures/complexity/readability.ts';
import { languageOf } from '../../src/measures/language.ts';
import { findMeasure } from '../../src/measures/registry.ts';
import { TextView } from '../../src/measures/text-view.ts';
import { TRAITS } from '../../src/measures/trait-list.ts';
import { distributionOf } from '../../src/stats/quantiles.ts';
import { measureRows } from '../support/measure.ts';
import { rowsOfTexts } from '../support/rows.ts';
import { samples } from '../support/texts.ts';

const trait = (id: string, text: string): number | null => TRAITS[id]!.of(new TextView(text));

describe('lengths', () => {
  test('characters are code points, words what white space parts', () => {
    expect(trait('length.chars', 'a😀 b')).toBe(4);
    expect(trait('length.words', ' two  words\n')).toBe(2);
    expect(trait('length.words', '今天天气好 ok')).toBe(6);
    expect(trait('length.words', '')).toBe(0);
  });

  test('sentences end at signs before space and with their line', () => {
    expect(trait('sentence-length', 'One two. Three four five six!\nSeven 3.5 eight')).toBe(3);
    expect(trait('sentence-length', '今天。明天。')).toBe(3);
    expect(trait('sentence-length', '…')).toBeNull();
  });
});

describe('readability', () => {
  test.each([
    ['the', 1],
    ['make', 1],
    ['table', 2],
    ['walked', 1],
    ['wanted', 2],
    ['boxes', 2],
    ['university', 5],
    ['queue', 1],
  ])('%s has %d syllables', (word, count) => expect(syllablesOf(word)).toBe(count));

  test('is the grade of the formula', () => {
    // 12 words, 2 sentences, 13 syllables.
    const text = 'The cat sat on the mat. The dog saw the happy cat.';
    expect(trait('readability', text)).toBeCloseTo(0.39 * 6 + (11.8 * 13) / 12 - 15.59, 12);
  });

  test('is not for other languages, for code, for a few words', () => {
    expect(
      trait(
        'readability',
        'Der Hund und die Katze sind in dem Haus, das der Mann mit der Frau hat.',
      ),
    ).toBeNull();
    expect(
      trait('readability', 'import os\ndef main(a, b):\n    return the(of, and_, to)\n'),
    ).toBeNull();
    expect(trait('readability', 'The cat.')).toBeNull();
  });

  test('rises with longer words and sentences', () => {
    const hard =
      'Notwithstanding considerable methodological heterogeneity, the investigators nevertheless demonstrated that the intervention was of substantial significance.';
    expect(trait('readability', hard)!).toBeGreaterThan(
      trait('readability', 'The cat sat on the mat. The dog saw the happy cat.')! + 10,
    );
  });
});

test.each([
  ['What is the capital of the country?', 'en'],
  ['Quelle est la capitale de ce pays et où sont les gens?', 'fr'],
  ['¿Cuál es la capital del país y por qué no lo sabe?', 'es'],
  ['Это русский текст', 'cyrillic'],
  ['日本語の文章です', 'kana'],
  ['这是一个中文句子', 'han'],
  ['xyzzy plugh', null],
  ['', null],
])('%s is in %s', (text, language) => {
  expect(languageOf(text, new TextView(text).plain)).toBe(language);
});

describe('sentences, demands and steps', () => {
  test('clauses open at words and close at commas', () => {
    expect(trait('clauses', 'The cat sat on the mat and it was happy.')).toBe(1);
    expect(trait('clauses', 'The cat that I saw left because it was hungry.')).toBe(3);
    expect(trait('clause-depth', 'The cat that I saw left because it was hungry.')).toBe(3);
    expect(trait('clause-depth', 'If it is the cat, it will leave, because it was hungry.')).toBe(
      2,
    );
    expect(trait('clauses', 'What is the name of the cat?')).toBe(1);
  });

  test('demands are counted by their phrases', () => {
    expect(trait('constraints', 'Tell me about the moon.')).toBe(0);
    expect(
      trait(
        'constraints',
        'Write at least 3 sentences in JSON. Do not use commas. Make sure to start with a verb.',
      ),
    ).toBe(5);
  });

  test('are those of the prompt where a row has a response too', async () => {
    const rows = rowsOfTexts(['Write at least 3 sentences. You must, you must!'], () => ({
      instruction: 'Write at least 3 sentences.',
      output: 'You must, you must!',
    }));
    const answers = { prompt: 'instruction', answer: 'output' };
    const { constraints } = await measureRows(rows, ['constraints'], { answers });
    expect(constraints!.value).toBe(1);
    expect(trait('constraints', 'Write at least 3 sentences. You must, you must!')).toBe(3);
  });

  test('sentences that never end are no prose', () => {
    const endless = 'the cat and the dog that '.repeat(30);
    expect(trait('readability', endless)).toBeNull();
    expect(trait('clauses', endless)).toBeNull();
    expect(trait('sentence-length', endless)).toBe(180);
  });

  test('steps are numbered lines, calculations or sentences that follow', () => {
    expect(trait('steps', 'It is blue.')).toBe(0);
    expect(trait('steps', '1. Wash it.\n2. Dry it.\nStep 3: done')).toBe(3);
    expect(trait('steps', '48/2 = <<48/2=24>>24 clips\n48+24 = 72 clips\n#### 72')).toBe(2);
    expect(trait('steps', 'let i = 0;\nlet k = 1;\nf(i, k);')).toBeNull();
    expect(trait('steps', 'First, wash it. Then dry it. It is done. Therefore we rest.')).toBe(3);
  });
});

describe('code', () => {
  const python =
    'def f(x):\n    # no if here\n    if x > 1 and x < 3:\n        return "if for"\n    return 0\n';
  test('is found in fences, and where most lines look like it', () => {
    expect(new TextView(`Look:\n\`\`\`python\n${python}\`\`\`\n`).code).toBe(python.trim());
    expect(new TextView(python).code).toBe(python.trim());
    expect(new TextView(`Write it:\n${python}Thanks`).code).toBe(python.trim());
    expect(new TextView('We meet at noon; bring (some) food.').code).toBeNull();
    expect(new TextView('A plain text.\nWith two lines.').code).toBeNull();
  });

  test.each([
    ['#!/bin/sh\n\ndu -sh /home', '#!/bin/sh\n\ndu -sh /home'],
    [
      'List the adults.\nSELECT name FROM users WHERE age > 17;',
      'SELECT name FROM users WHERE age > 17;',
    ],
    ['def twice(n)\n  n * 2\nend\nputs "4"', 'def twice(n)\n  n * 2\nend\nputs "4"'],
    ['Let B = the number of balls.\nB = 12 / 2\nB = 6', null],
    ['It has:\n1. a roof;\n2. a door;\n3. and walls.', null],
    ['Sort the words.\n<noinput>\na b c', null],
    ['let x = the number of apples\nThen 2x = 10\nSo x = 5', null],
    ['What is this?\nimport taxes', null],
    ['SELECT the best answer from the list below', null],
    ['public opinion is (\nx', null],
    ['let name = "x"', 'let name = "x"'],
    ['const twice = (n) => n * 2', 'const twice = (n) => n * 2'],
    ['import numpy\nprint(numpy.pi)', 'import numpy\nprint(numpy.pi)'],
    ['SELECT name,\n  age\nFROM users', 'SELECT name,\n  age\nFROM users'],
    ['SELECT name\nFROM users', 'SELECT name\nFROM users'],
    ['SELECT * FROM users', 'SELECT * FROM users'],
    ['public static void main(\n  String[] own)', 'public static void main('],
    ['private int count;', 'private int count;'],
  ])('of %j it is %j', (text, code) => {
    expect(new TextView(text).code).toBe(code);
  });

  test('decisions are counted outside of comments and strings', () => {
    expect(trait('code-complexity', python)).toBe(3);
    expect(
      countCode('for (let i = 0; i < n; i++) { if (a || b) { c = d ? 1 : 2; } } // if').decisions,
    ).toBe(4);
  });

  test('nodes are names, literals, operators and pairs of brackets', () => {
    expect(countCode('x = f(1, "two")').nodes).toBe(6);
    expect(countCode('/* x */ // y\n').nodes).toBe(0);
  });
});

test('what repeats itself compresses', () => {
  const plain = trait('compressibility', 'A short row of different words says little twice.')!;
  expect(trait('compressibility', 'again and '.repeat(50))!).toBeGreaterThan(5 * plain);
  expect(trait('compressibility', '')).toBeNull();
});

describe('as measures', () => {
  const ids = Object.keys(TRAITS).filter((id) => findMeasure(id) !== undefined);
  const texts = samples(80, 1).map(({ text }) => text);

  test('are means over the rows that have them, with how they are spread', async () => {
    const values = await measureRows(rowsOfTexts([...texts, '']), ids);
    const { value, interval, distribution, why } = values['length.words']!;
    const lengths = [...texts, ''].map((text) => text.split(/\s+/).filter((w) => w !== '').length);
    expect(value).toBeCloseTo(lengths.reduce((a, b) => a + b, 0) / lengths.length, 12);
    expect(interval![0]).toBeLessThan(value!);
    expect(distribution).toMatchObject({ min: 0, max: Math.max(...lengths) });
    expect(why).toBeUndefined();
    expect(values['sentence-length']!.why).toBe('only rows with a sentence count: 80 of 81');
    expect(values['code-nodes']).toMatchObject({ value: null, why: 'there are no rows with code' });
  });

  test.each([
    ['no rows', []],
    ['one empty row', ['']],
    ['controls and lone surrogates', ['\ud800 \u0000 a', '\udfff']],
    ['a megabyte in one row', ['many (words and, '.repeat(65_536)]],
    ['brackets and quotes that never close', ['"""', '```js\nlet a = `', '/* a', "f('a"]],
  ])('on %s no number is NaN', async (_name, some) => {
    for (const [id, { value, why }] of Object.entries(await measureRows(rowsOfTexts(some), ids))) {
      expect(Number.isNaN(value), id).toBe(false);
      if (value === null) expect(why, id).toBeTruthy();
    }
  });

  test('one pass reads what is expected, and parts take their columns from the whole', async () => {
    const rows = rowsOfTexts(texts);
    let passes = 0;
    const counted: typeof rows = {
      ...rows,
      contents: (signal) => {
        passes += 1;
        return rows.contents!(signal);
      },
    };
    const source = artefactsOf(counted, null, { seed: 0, index: 'exact', traits: ids });
    const [words] = await (await source('traits')).of(['length.words']);
    await (await source('traits')).of(ids);
    const chosen = Int32Array.of(3, 5, 7);
    const [part] = await (await source.part(chosen, null)('traits')).of(['length.words']);
    expect(Array.from(part!)).toEqual([words![3], words![5], words![7]]);
    expect(passes).toBe(1);
  });

  test('tokens stay with their rows', async () => {
    const rows = { ...rowsOfTexts(texts), tokens: Int32Array.from(texts, (_, i) => i) };
    expect(subsetOf(rows, Int32Array.of(9, 4)).tokens).toEqual(Int32Array.of(4, 9));
    expect((await measureRows(rows, ['length.tokens']))['length.tokens']!.value).toBe(39.5);
  });
});

test('quantiles interpolate between order statistics', () => {
  expect(distributionOf(Float64Array.of(4, Number.NaN, 1, 2, 3))).toEqual({
    ...{ min: 1, p25: 1.75, median: 2.5, p75: 3.25, max: 4 },
    ...{ p5: expect.closeTo(1.15, 12), p95: expect.closeTo(3.85, 12) },
  });
  expect(distributionOf(new Float64Array(0))).toBeNull();
});
