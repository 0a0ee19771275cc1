/** Lexical measures by plain loops over all rows: what the quick ones must agree with. */

export const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

export const gramsOf = (words: readonly string[], size: number): string[] =>
  Array.from({ length: Math.max(0, words.length - size + 1) }, (_, i) =>
    words.slice(i, i + size).join(' '),
  );

export const countsOf = (grams: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function distinct(texts: readonly string[], size: number): number {
  const grams = texts.flatMap((text) => gramsOf(wordsOf(text), size));
  return new Set(grams).size / grams.length;
}

export function entropyBits(texts: readonly string[]): number {
  const words = texts.flatMap(wordsOf);
  return -[...countsOf(words).values()].reduce(
    (sum, count) => sum + (count / words.length) * Math.log2(count / words.length),
    0,
  );
}

/** Share of different words among 42, by the product over draws. */
export function hdD(texts: readonly string[]): number {
  const words = texts.flatMap(wordsOf);
  let sum = 0;
  for (const count of countsOf(words).values()) {
    let absent = 1;
    for (let i = 0; i < 42; i += 1)
      absent *= Math.max(0, words.length - count - i) / (words.length - i);
    sum += 1 - absent;
  }
  return sum / 42;
}

export function mtld(words: readonly string[]): number {
  const runs = (order: readonly string[]): number => {
    let count = 0;
    let run: string[] = [];
    for (const word of order) {
      run.push(word);
      if (new Set(run).size / run.length > 0.72) continue;
      count += 1;
      run = [];
    }
    return run.length === 0 ? count : count + (1 - new Set(run).size / run.length) / 0.28;
  };
  return (words.length / runs(words) + words.length / runs(words.toReversed())) / 2;
}

export function selfBleu(texts: readonly string[]): number {
  const rows = texts.map(wordsOf);
  return mean(
    rows.map((row, i) =>
      bleu(
        row,
        rows.filter((_, j) => j !== i),
      ),
    ),
  );
}

function bleu(row: readonly string[], references: readonly (readonly string[])[]): number {
  let logs = 0;
  for (let size = 1; size <= 4; size += 1) {
    const others = references.map((reference) => countsOf(gramsOf(reference, size)));
    let shared = 0;
    for (const [gram, count] of countsOf(gramsOf(row, size))) {
      shared += Math.min(count, Math.max(...others.map((counts) => counts.get(gram) ?? 0)));
    }
    if (size === 1 && shared === 0) return 0;
    logs += Math.log((shared === 0 ? 0.1 : shared) / Math.max(1, row.length - size + 1)) / 4;
  }
  const nearest = references
    .map(({ length }) => length)
    .sort((a, b) => Math.abs(a - row.length) - Math.abs(b - row.length) || a - b)[0]!;
  return Math.exp(logs + (row.length >= nearest ? 0 : 1 - nearest / row.length));
}

export function selfRepetition(texts: readonly string[]): number {
  const rows = texts.map((text) => new Set(gramsOf(wordsOf(text), 4)));
  return mean(
    rows.map((row, i) => {
      let repeated = 0;
      for (const gram of row) {
        repeated += rows.filter((other, j) => j !== i && other.has(gram)).length;
      }
      return Math.log(1 + repeated);
    }),
  );
}

export function overPairs(
  texts: readonly string[],
  of: (a: readonly string[], b: readonly string[]) => number,
): number {
  const rows = texts.map(wordsOf);
  return mean(rows.flatMap((a, i) => rows.slice(i + 1).map((b) => of(a, b))));
}

export function rougeL(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  let above = Array.from({ length: b.length + 1 }, () => 0);
  for (const word of a) {
    const row = [0];
    for (const [j, other] of b.entries()) {
      row.push(word === other ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!));
    }
    above = row;
  }
  return (2 * above[b.length]!) / (a.length + b.length);
}

export function jaccard(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  if (all.size === 0) return 1;
  const other = new Set(b);
  return new Set(a.filter((word) => other.has(word))).size / all.size;
}
