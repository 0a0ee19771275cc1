/** How much of a text, in characters of its words, phrases take that occur more than once. */

/** The share of the most telling n-gram that occurs at least twice: occurrences × length. */
export function topShare(words: readonly string[], size: number): number {
  const counts = new Map<string, number>();
  let top = 0;
  for (const [gram, length] of grams(words, size)) {
    const count = (counts.get(gram) ?? 0) + 1;
    counts.set(gram, count);
    if (count > 1) top = Math.max(top, count * length);
  }
  return top / charactersOf(words);
}

/** The share of the words that stand in an n-gram which occurred before; each word counts once. */
export function repeatedShare(words: readonly string[], size: number): number {
  const seen = new Set<string>();
  let covered = 0;
  let characters = 0;
  let at = 0;
  for (const [gram] of grams(words, size)) {
    if (seen.has(gram)) {
      for (let i = Math.max(covered, at); i < at + size; i += 1) characters += words[i]!.length;
      covered = at + size;
    } else seen.add(gram);
    at += 1;
  }
  return characters / charactersOf(words);
}

const charactersOf = (words: readonly string[]): number =>
  Math.max(
    1,
    words.reduce((sum, word) => sum + word.length, 0),
  );

function* grams(
  words: readonly string[],
  size: number,
): Generator<readonly [gram: string, length: number]> {
  for (let i = 0; i + size <= words.length; i += 1) {
    let gram = words[i]!;
    for (let j = 1; j < size; j += 1) gram += ` ${words[i + j]}`;
    yield [gram, gram.length - size + 1];
  }
}
