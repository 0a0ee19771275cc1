import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import {
  type AuditOptions,
  attribute,
  audit,
  compare,
  type ProgressEvent,
  type Report,
  track,
} from '../../src/index.ts';
import { openLanguageModel } from '../../src/scores/language-model.ts';
import { startHub } from '../support/hub.ts';
import { MARKERS } from '../support/models.ts';
import {
  plainLosses,
  tinyLanguageModel,
  writeClassifier,
  writeLanguageModel,
} from '../support/score-models.ts';

/** What models say of rows, through the verbs: values worked out by hand. */
const WORDS = ['red', 'green', 'blue', 'sky', 'grass', 'a'];
const MODEL = tinyLanguageModel(WORDS);
const CLASSES = {
  words: [...MARKERS, ...WORDS],
  table: Float32Array.from({ length: 22 }, (_, i) => (i % 2 === 1 ? Math.floor(i / 2) / 10 : 0)),
  outputs: 2,
};
const CLS = 2;
const idsOf = (text: string): number[] => text.split(/\s+/).map((word) => 5 + WORDS.indexOf(word));

/** Rows that differ: three words after two. */
const rowsOf = (n: number, first: number) =>
  Array.from({ length: n }, (_, i) => {
    const word = (at: number): string => WORDS[Math.floor((first + i) / 6 ** at) % 6]!;
    return {
      instruction: `${word(0)} ${word(1)}`,
      output: `${word(2)} ${word(0)} ${word(1)}`,
      who: i % 2 === 0 ? 'one' : 'other',
    };
  });
const few = rowsOf(40, 17);

let root: string;
let file: string;
let other: string;
let language: string;
let judge: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gamut-scores-'));
  const write = async (name: string, rows: readonly unknown[]): Promise<string> => {
    await writeFile(join(root, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return join(root, name);
  };
  file = await write('rows.jsonl', few);
  other = await write('others.jsonl', rowsOf(40, 90));
  language = join(root, 'tiny-lm');
  judge = join(root, 'tiny-judge');
  await writeLanguageModel(language, MODEL, { past: 'float32' });
  await writeClassifier(judge, CLASSES, { id2label: { 0: 'BAD', 1: 'GOOD' } });
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

async function report(options: AuditOptions, input = file): Promise<Report> {
  const { report: made } = await audit(input, {
    ...{ curves: false, map: false, cache: join(root, 'cache') },
    ...options,
  });
  return made;
}

describe('perplexity and ifd', () => {
  test('are those of losses counted by hand', async () => {
    const { measures, scorers } = await report({
      ...{ languageModel: language, measures: 'perplexity,ifd' },
    });
    const losses = few.map(({ instruction, output }) => {
      const [asked, said] = [idsOf(instruction), idsOf(output)];
      return {
        text: plainLosses(MODEL, [CLS, ...asked, ...said]),
        after: mean(plainLosses(MODEL, [asked.at(-1)!, ...said])),
        alone: mean(plainLosses(MODEL, [CLS, ...said])),
      };
    });
    const all = losses.flatMap(({ text }) => text);
    expect(measures.perplexity!.value).toBeCloseTo(Math.exp(mean(all)), 4);
    expect(measures.ifd!.value).toBeCloseTo(
      mean(losses.map(({ after, alone }) => after / alone)),
      4,
    );
    for (const { interval, value } of Object.values(measures)) {
      expect(interval![0]).toBeLessThan(value!);
      expect(interval![1]).toBeGreaterThan(value!);
    }
    expect(measures.perplexity!.distribution!.min).toBeCloseTo(
      Math.min(...losses.map(({ text }) => Math.exp(mean(text)))),
      4,
    );
    expect(scorers).toMatchObject([
      {
        ...{ role: 'language model', name: 'tiny-lm', source: language, dtype: 'fp32' },
        ...{ device: 'cpu', maxTokens: 64, measures: ['perplexity', 'ifd'] },
        hash: expect.stringMatching(/^sha256:/),
      },
    ]);
  });

  test('are kept: a second run asks no model', async () => {
    const cache = join(root, 'kept');
    const events: ProgressEvent[] = [];
    const asked = { languageModel: language, measures: 'perplexity,ifd', cache };
    const first = await report(asked);
    const second = await report({ ...asked, onProgress: (event) => events.push(event) });
    expect(second).toEqual(first);
    for (const stage of ['perplexity', 'ifd']) {
      const last = events.filter((event) => event.stage === stage).at(-1);
      expect(last).toMatchObject({ done: 40, cached: 40, total: 40 });
    }
    expect(await readdir(join(cache, 'vectors'))).toHaveLength(3);
  });

  test('of an interrupted run are kept as far as it came', async () => {
    const many = join(root, 'many.jsonl');
    const rows = rowsOf(200, 3).map((row) => `${JSON.stringify(row)}\n`);
    await writeFile(many, rows.join(''));
    const asked = { languageModel: language, measures: 'ifd', cache: join(root, 'stopped') };
    const controller = new AbortController();
    const stopped = report(
      {
        ...asked,
        signal: controller.signal,
        onProgress: ({ stage, done }) => {
          if (stage === 'ifd' && done > 0) controller.abort();
        },
      },
      many,
    );
    await expect(stopped).rejects.toMatchObject({ kind: 'interrupted' });
    const events: ProgressEvent[] = [];
    await report({ ...asked, onProgress: (event) => events.push(event) }, many);
    const last = events.filter(({ stage }) => stage === 'ifd').at(-1)!;
    expect(last.done).toBe(200);
    expect(last.cached).toBeGreaterThanOrEqual(64);
    expect(last.cached).toBeLessThan(200);
  });

  test('take prompts and answers from the columns that are named', async () => {
    const swapped = { prompt: 'output', answer: 'instruction' };
    const { measures } = await report({ languageModel: language, measures: 'ifd', ...swapped });
    const ratios = few.map(({ instruction, output }) => {
      const [asked, said] = [idsOf(output), idsOf(instruction)];
      const alone = mean(plainLosses(MODEL, [CLS, ...said]));
      return mean(plainLosses(MODEL, [asked.at(-1)!, ...said])) / alone;
    });
    expect(measures.ifd!.value).toBeCloseTo(mean(ratios), 4);
  });

  test('in a chat template read what it writes, and without the prompt what it writes of none', async () => {
    const chat = join(root, 'tiny-chat');
    await writeLanguageModel(chat, MODEL, { past: 'float32' });
    const template =
      "{% for message in messages %}blue {{ message['content'] }} grass {% endfor %}{% if add_generation_prompt %}sky {% endif %}";
    const settings = join(chat, 'tokenizer_config.json');
    const asked = { languageModel: chat, languageChat: true, measures: 'ifd' };
    const write = (said: unknown) => writeFile(settings, JSON.stringify({ chat_template: said }));
    await write([
      { name: 'tools', template: '' },
      { name: 'default', template },
    ]);
    const { measures, scorers } = await report(asked);
    const ratios = few.map(({ output }) => {
      const said = idsOf(output);
      const [after] = ['sky'].map(idsOf);
      return mean(plainLosses(MODEL, [...after!, ...said]));
    });
    // This model looks one word back, at the template's last: the prompt changes nothing.
    expect(measures.ifd!.value).toBeCloseTo(1, 6);
    expect(scorers).toMatchObject([{ chat: true, measures: ['ifd'] }]);
    const model = await openLanguageModel(chat, { device: cpu, chat: true });
    const { values, tokens } = await model.responses.score([[few[0]!.instruction, few[0]!.output]]);
    await model.close();
    expect(Array.from(tokens)).toEqual([3]);
    for (const value of values) expect(value).toBeCloseTo(ratios[0]!, 5);
    // A template whose last word is the prompt's, in a file of its own.
    await writeFile(join(chat, 'chat_template.jinja'), "a {{ messages[0]['content'] }}");
    const own = (await report(asked)).measures.ifd!.value!;
    const expected = few.map(({ instruction, output }) => {
      const [last, said] = [idsOf(instruction).at(-1)!, idsOf(output)];
      const alone = mean(plainLosses(MODEL, [...idsOf('a'), ...said]));
      return mean(plainLosses(MODEL, [last, ...said])) / alone;
    });
    expect(own).toBeCloseTo(mean(expected), 4);
    await writeFile(join(chat, 'chat_template.jinja'), '{{ nothing.at.all }}');
    await expect(report(asked)).rejects.toMatchObject({ exitCode: 2 });
    await rm(join(chat, 'chat_template.jinja'));
    await write(undefined);
    await expect(report(asked)).rejects.toThrow(
      /has no chat template .* leave out --language-chat/,
    );
    const alone = { languageModel: chat, languageChat: true, measures: 'perplexity' };
    await expect(report(alone)).rejects.toThrow('--language-chat says how ifd reads prompts');
  });

  test('where rows have no responses, have no ifd', async () => {
    const { measures } = await report({ languageModel: language, measures: 'ifd', text: 'who' });
    expect(measures.ifd!.value).not.toBeNull();
    const lines = join(root, 'lines.txt');
    await writeFile(lines, 'red sky\nblue grass\n');
    const alone = await report({ languageModel: language, measures: 'ifd' }, lines);
    expect(alone.measures.ifd).toMatchObject({
      ...{ value: null, why: 'there are no rows with a prompt and a response' },
    });
  });

  test('without a model are skipped with the reason, and an error where they are asked for', async () => {
    const { skipped } = await report({ measures: 'fast' });
    for (const id of ['perplexity', 'ifd'])
      expect(skipped).toContainEqual({ id, why: 'needs a --language-model' });
    await expect(report({ measures: 'ifd' })).rejects.toMatchObject({
      ...{ exitCode: 2, message: 'Measure ifd cannot be given: needs a --language-model.' },
    });
  });

  test('a model that nothing asks, that is not there or that has no texts to read is an error', async () => {
    const unread = report({ languageModel: language, measures: 'vendi' });
    await expect(unread).rejects.toThrow(/No measure asked for reads --language-model/);
    const nowhere = report({ languageModel: 'no such folder', measures: 'ifd' });
    await expect(nowhere).rejects.toMatchObject({ exitCode: 2 });
    await expect(nowhere).rejects.toThrow(/--language-model no such folder is a language model/);
    const dtype = report({ languageDtype: 'q4', measures: 'vendi' });
    await expect(dtype).rejects.toThrow(/--language-dtype is for --language-model/);
  });
});

describe('quality.model:NAME', () => {
  const good = (text: string): number => {
    const sum = mean([CLS, ...idsOf(text), 3].map((id) => id / 10)) * (idsOf(text).length + 2);
    return 1 / (1 + Math.exp(-sum));
  };

  test('is the mean probability of the label, with the worst and the best rows', async () => {
    const { measures, scorers } = await report({ qualityModel: judge, measures: 'fast' });
    const numbers = few.map(({ instruction, output }) => good(`${instruction} ${output}`));
    const value = measures['quality.model:tiny-judge']!;
    expect(value).toMatchObject({ axis: 'quality', title: 'Quality by tiny-judge' });
    expect(value.value).toBeCloseTo(mean(numbers), 4);
    expect(value.interval![1]).toBeLessThanOrEqual(1);
    expect(value.distribution!.max).toBeCloseTo(Math.max(...numbers), 4);
    const texts = value.examples!.map(({ text }) => text!);
    expect(texts).toHaveLength(6);
    expect(good(texts[0]!)).toBeCloseTo(Math.min(...numbers), 6);
    expect(good(texts[5]!)).toBeCloseTo(Math.max(...numbers), 6);
    expect(scorers).toMatchObject([
      { role: 'quality model', name: 'tiny-judge', head: 'softmax', label: 'GOOD', input: 'text' },
    ]);
  });

  test('of several models, by label, of prompt and response together', async () => {
    const { measures } = await report({
      qualityModel: [judge, `${judge}#bad`],
      qualityInput: 'pair',
      measures: 'quality.model:tiny-judge,quality.model:tiny-judge#bad',
    });
    const [one, two] = Object.values(measures).map(({ value }) => value!);
    expect(one! + two!).toBeCloseTo(1, 5);
    const pair = ({ instruction, output }: (typeof few)[number]): number =>
      [CLS, ...idsOf(instruction), 3].reduce((sum, id) => sum + id / 10, 0) +
      [...idsOf(output), 3].reduce((sum, id) => sum + id, 0);
    expect(one).toBeCloseTo(mean(few.map((row) => 1 / (1 + Math.exp(-pair(row))))), 4);
  });

  test('without its model is an error that says which flag', async () => {
    await expect(report({ measures: 'quality.model:x' })).rejects.toThrow(
      'Measure quality.model:x cannot be given: needs a --quality-model.',
    );
    const wrong = report({ qualityModel: judge, measures: 'quality.model:x' });
    await expect(wrong).rejects.toThrow(/no --quality-model is called x \(given: tiny-judge\)/);
    const twice = report({ qualityModel: [judge, judge], measures: 'fast' });
    await expect(twice).rejects.toThrow(/Two quality models are called tiny-judge/);
  });
});

test('a model of the hub is fetched once, and the report says its commit', async () => {
  const id = 'onnx-community/tiny-lm';
  const hub = await startHub(id, language);
  for (const name of ['HF_HOME', 'HF_HUB_CACHE', 'HF_TOKEN', 'HF_HUB_OFFLINE']) {
    vi.stubEnv(name, '');
  }
  vi.stubEnv('HF_ENDPOINT', hub.url);
  try {
    const asked = { languageModel: id, measures: 'perplexity' };
    const { scorers, measures } = await report(asked);
    expect(scorers).toMatchObject([{ name: id, revision: hub.commit, licence: 'mit' }]);
    const requests = hub.log.length;
    expect(hub.log.at(-1)).toMatch(/onnx\/model\.onnx$/);
    expect((await report({ ...asked, offline: true })).measures).toEqual(measures);
    expect(hub.log).toHaveLength(requests);
    await expect(report({ ...asked, languageDtype: 'q4' })).rejects.toThrow(/It comes in fp32/);
  } finally {
    await hub.close();
  }
});

describe('the other verbs', () => {
  const models = () => ({
    ...{ languageModel: language, qualityModel: judge, cache: join(root, 'cache') },
    measures: 'perplexity,ifd,quality.model:tiny-judge',
  });

  test('compare tests the rows of models', async () => {
    const { report: made } = await compare([file, other], { ...models(), map: false });
    expect(made.scorers).toHaveLength(2);
    for (const id of models().measures.split(',')) {
      expect(made.measures[id]!.values.map(({ value }) => value)).not.toContain(null);
      expect(made.measures[id]!.pairs[0]!.p).toBeGreaterThanOrEqual(0);
    }
    const alone = await report(models());
    expect(made.measures.perplexity!.values[0]!.value).toBe(alone.measures.perplexity!.value);
  });

  test('attribute and track give their values too', async () => {
    const attributed = await attribute(file, { ...models(), factors: ['who'] });
    expect(attributed.scorers).toHaveLength(2);
    expect(attributed.measures.ifd!.effects.length).toBeGreaterThan(0);
    const tracked = await track([file, other], models());
    expect(tracked.scorers).toHaveLength(2);
    expect(Object.keys(tracked.measures)).toEqual(models().measures.split(','));
  });
});
