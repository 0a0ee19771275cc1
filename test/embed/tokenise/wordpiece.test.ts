import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PreTrainedTokenizer } from '@xenova/transformers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../../src/base/random.ts';
import { openTokeniser, type Tokeniser } from '../../../src/embed/tokenise/tokenizer-json.ts';
import { bertTokenizer, MARKERS, writeJson } from '../../support/models.ts';

/** All letters, so that most words can be spelled, and pieces that overlap, so that greed matters. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzßøжя日本々가'.split('');
const WORDS = [
  ...MARKERS,
  ...LETTERS,
  ...LETTERS.slice(0, 30).map((letter) => `##${letter}`),
  ...[
    'un',
    'una',
    '##aff',
    '##able',
    '##ff',
    'the',
    '##e',
    'playing',
    'play',
    '##ing',
    '!',
    ',',
    '.',
  ],
  ...['#', '$', '##7', '1', '12', '##2', '“', '—', 'ά', 'α', 'ᄀ', 'ᅡ', '😀', '##😀'],
];

let folder: string;
let ours: Tokeniser;
let theirs: PreTrainedTokenizer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-tokeniser-'));
  await writeJson(folder, 'tokenizer.json', bertTokenizer(WORDS));
  ours = await openTokeniser(folder);
  theirs = new PreTrainedTokenizer(bertTokenizer(WORDS), {});
});
afterAll(() => rm(folder, { recursive: true }));

const spelled = (text: string): string[] =>
  Array.from(ours.tokenise(text), (token) => WORDS[token]!);

describe('word pieces', () => {
  test('are the longest from the left; a word that does not come out even is unknown', () => {
    expect(spelled('unaffable')).toEqual(['una', '##ff', '##able']);
    expect(spelled('playing the play')).toEqual(['playing', 'the', 'play']);
    expect(spelled('theά')).toEqual(['[UNK]']);
    expect(spelled('the 9 the')).toEqual(['the', '[UNK]', 'the']);
  });

  test('marks and ideographs are words of their own; lower case without accents', () => {
    expect(spelled('Thé,日本')).toEqual(['the', ',', '日', '本']);
    expect(spelled('“play” — #1!')).toEqual(['“', 'play', '[UNK]', '—', '#', '1', '!']);
  });

  test('a word of more than a hundred characters is unknown, one of a hundred is not', () => {
    expect(spelled('a'.repeat(101))).toEqual(['[UNK]']);
    expect(spelled('a'.repeat(100))).toHaveLength(100);
    expect(spelled('😀'.repeat(100))).toHaveLength(100);
  });

  test('nothing comes of nothing', () => {
    expect(spelled('')).toEqual([]);
    expect(spelled(' \t\n\u00ad\u200b\u3000')).toEqual([]);
  });

  test('markers in a text are tokens', () => {
    expect(spelled('the [MASK], a')).toEqual(['the', '[MASK]', ',', 'a']);
    expect(spelled('[SEP]')).toEqual(['[SEP]']);
    expect(spelled('[sep]')[0]).toBe('[UNK]');
  });

  test('agree with transformers.js on random text of many scripts', () => {
    const uniform = random(7);
    const ranges = [
      ...[
        [0x20, 0x7e],
        [0x61, 0x7a],
        [0x00, 0x1f],
        [0x80, 0x24f],
        [0x300, 0x36f],
        [0x370, 0x45f],
      ],
      ...[
        [0x5d0, 0x6ff],
        [0x900, 0x97f],
        [0x1100, 0x11ff],
        [0x2000, 0x206f],
        [0x3000, 0x30ff],
      ],
      ...[
        [0x4e00, 0x4e80],
        [0xac00, 0xad00],
        [0xd800, 0xdfff],
        [0xf900, 0xffff],
        [0x1f300, 0x1f64f],
      ],
    ] as const;
    for (let i = 0; i < 3000; i += 1) {
      let text = '';
      for (let length = Math.floor(uniform() * 24); length > 0; length -= 1) {
        const [low, high] = ranges[Math.floor(uniform() * ranges.length)]!;
        text += String.fromCodePoint(low! + Math.floor(uniform() * (high! - low! + 1)));
        if (uniform() < 0.2) text += ' ';
        if (uniform() < 0.02) text += '[SEP]';
      }
      // transformers.js takes ideographs beyond the basic plane for letters; BERT does not.
      if (/[\u{20000}-\u{2fa1f}]/u.test(text)) continue;
      const expected = theirs.encode(text, { add_special_tokens: false });
      expect([...ours.tokenise(text)], JSON.stringify(text)).toEqual([...expected]);
    }
  });
});
