import { expect, test } from 'vitest';
import { exchangeOf } from '../../src/data/exchange.ts';
import type { Row } from '../../src/data/row.ts';

test.each<[string, Row['columns'], [string, string] | null]>([
  ['instruction and output', { instruction: 'add', input: '', output: '3' }, ['add', '3']],
  ['an input between', { Instruction: 'add', input: '1 2', output: '3' }, ['add\n1 2', '3']],
  ['prompt and completion', { prompt: 'why', completion: 'so' }, ['why', 'so']],
  ['question and answer beside a text', { text: 'x', question: 'q', answer: 'a' }, ['q', 'a']],
  [
    'the last answer of a conversation',
    {
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'hello' },
        { role: 'user', content: 'why?' },
        { role: 'assistant', content: 'so' },
      ],
    },
    ['hi\nhello\nwhy?', 'so'],
  ],
  [
    'an answer in ShareGPT’s words',
    {
      conversations: [
        { from: 'human', value: 'hi' },
        { from: 'gpt', value: 'hello' },
        { from: 'human', value: 'bye' },
      ],
    },
    ['hi', 'hello'],
  ],
  ['no response', { instruction: 'add', output: ' ' }, null],
  ['no prompt', { output: '3' }, null],
  ['a conversation without an answer', { messages: [{ role: 'user', content: 'hi' }] }, null],
  ['a text alone', { text: 'x' }, null],
])('%s', (_, columns, expected) => {
  expect(exchangeOf(columns)).toEqual(
    expected === null ? null : { prompt: expected[0], response: expected[1] },
  );
});

test('named columns win over those that are found', () => {
  const columns = { instruction: 'add', output: '3', asked: 'why', meta: { said: 'so' } };
  expect(exchangeOf(columns, { prompt: 'asked', response: 'meta.said' })).toEqual({
    ...{ prompt: 'why', response: 'so' },
  });
  expect(exchangeOf({ output: '3' }, { prompt: 'asked', response: 'output' })).toBeNull();
});
