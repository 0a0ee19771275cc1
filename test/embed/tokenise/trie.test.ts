import { expect, test } from 'vitest';
import { createTrie, step, type Trie } from '../../../src/embed/tokenise/trie.ts';

function valueAfter(trie: Trie, word: string): number {
  let node = 0;
  for (let i = 0; i < word.length && node >= 0; i++) node = step(trie, node, word.charCodeAt(i));
  return node < 0 ? -1 : trie.values[node]!;
}

test('finds every word that was put in, and nothing else', () => {
  const words = ['a', 'ab', 'abc', 'b', 'bcd', '▁', '▁a', 'é', '\uffff'];
  const trie = createTrie(words.map((word, i) => [word, i]));
  expect(words.map((word) => valueAfter(trie, word))).toEqual(words.map((_, i) => i));
  for (const other of ['', 'bc', 'c', 'abcd', '▁b', 'e']) expect(valueAfter(trie, other)).toBe(-1);
});

test('a word that comes twice has its last value', () => {
  expect(
    valueAfter(
      createTrie([
        ['x', 1],
        ['y', 2],
        ['x', 3],
      ]),
      'x',
    ),
  ).toBe(3);
});

test('an empty trie has a root and no way down', () => {
  expect(step(createTrie([]), 0, 97)).toBe(-1);
});
