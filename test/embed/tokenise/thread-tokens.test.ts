import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RESERVED, readVocabulary, UNKNOWN } from '../../../models/use-lite/weights.ts';
import { type Source, type Tokens, tokensOf } from '../../../src/embed/tokenise/thread-tokens.ts';
import { openTokeniser, type TokenizerJson } from '../../../src/embed/tokenise/tokenizer-json.ts';
import { createUnigram, type Tokenise } from '../../../src/embed/tokenise/unigram.ts';
import { unigramJson } from '../../../src/embed/tokenise/unigram-json.ts';
import { bertTokenizer, MARKERS, writeJson } from '../../support/models.ts';

const WORDS = [...MARKERS, 'red', 'green', '##er', 'sky', '##s', ',', 'é', '空'];
/** Texts of all kinds, odd ones among them; no two alike. */
const textsFrom = (first: number): string[] =>
  Array.from({ length: 64 }, (_, i) => {
    const odd = ['', 'Red skys, greener', '空é', 'x\ud83d', '😀 red', 'sky '.repeat(40)][i % 6]!;
    return `${odd} ${first + i}`.trim();
  });

let folder: string;
let opened: Tokenise;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-tokens-'));
  await writeJson(folder, 'tokenizer.json', bertTokenizer(WORDS));
  opened = (await openTokeniser(folder)).tokenise;
});
afterAll(() => rm(folder, { recursive: true }));

/** Tokens that count what is tokenised here, in this thread. */
function counted(tokenise: Tokenise, source: Source, worth = 64) {
  const count = { here: 0 };
  const tokens = tokensOf(
    (text) => {
      count.here += 1;
      return tokenise(text);
    },
    { prefix: 'red: ', source, worth },
  );
  return { tokens, count };
}

/** Asks until the thread answers. */
async function started(tokens: Tokens, count: { here: number }): Promise<void> {
  for (let before = -1; before !== count.here; ) {
    before = count.here;
    await tokens.of(textsFrom(0));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const expected = (tokenise: Tokenise, texts: readonly string[]): number[][] =>
  texts.map((text) => [...tokenise(`red: ${text}`)]);
const plain = (all: readonly Int32Array[]): number[][] => all.map((ids) => [...ids]);

describe('tokens of many texts', () => {
  test('come from a thread, also ahead of time, and are those of this thread', async () => {
    const { tokens, count } = counted(opened, { folder });
    try {
      await started(tokens, count);
      const { here } = count;
      for (let first = 0; first < 1000; first += 200) {
        const [some, next] = [textsFrom(first), textsFrom(first + 100)];
        const asked = tokens.of(some);
        tokens.ahead(next);
        expect(plain(await asked)).toEqual(expected(opened, some));
        expect(plain(await tokens.of(next))).toEqual(expected(opened, next));
      }
      expect(count.here).toBe(here);
      expect(tokens.warnings).toEqual([]);
    } finally {
      await tokens.close();
    }
  });

  test('of the default model are the same too', async () => {
    const vocabulary = await readVocabulary();
    const options = { reserved: RESERVED, unknown: UNKNOWN };
    const own = createUnigram(vocabulary, options);
    const json = unigramJson(vocabulary, options) as unknown as TokenizerJson;
    const { tokens, count } = counted(own, { json });
    try {
      await started(tokens, count);
      expect(plain(await tokens.of(textsFrom(7)))).toEqual(expected(own, textsFrom(7)));
    } finally {
      await tokens.close();
    }
  });

  test('come from here where they are few: no thread is started', async () => {
    const { tokens, count } = counted(opened, { folder: join(folder, 'nowhere') }, 65);
    expect(plain(await tokens.of(textsFrom(0)))).toEqual(expected(opened, textsFrom(0)));
    expect(count.here).toBe(64);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(tokens.warnings).toEqual([]);
    await tokens.close();
  });

  test('come from here, with a warning, where the thread fails', async () => {
    const { tokens } = counted(opened, { folder: join(folder, 'nowhere') });
    while (tokens.warnings.length === 0) {
      expect(plain(await tokens.of(textsFrom(3)))).toEqual(expected(opened, textsFrom(3)));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(tokens.warnings[0]).toMatch(/thread that tokenises failed: .*nowhere.*without it\.$/);
    expect(plain(await tokens.of(textsFrom(3)))).toEqual(expected(opened, textsFrom(3)));
    await tokens.close();
  });

  test('that were made ready in vain are forgotten, and stopping is not a failure', async () => {
    const { tokens, count } = counted(opened, { folder });
    await started(tokens, count);
    const before = count.here;
    tokens.ahead(Array.from({ length: 200 }, (_, i) => textsFrom(64 * i)).flat());
    await tokens.close();
    expect(tokens.warnings).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(count.here).toBe(before);
    const controller = new AbortController();
    controller.abort();
    await expect(tokens.of(textsFrom(1), controller.signal)).rejects.toMatchObject({
      kind: 'interrupted',
    });
  });
});
