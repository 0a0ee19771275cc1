/**
 * A model of words in the order they come: interpolated Witten–Bell smoothing of order three (Witten & Bell
 * 1991; Chen & Goodman 1998, section 2.5),
 *
 *   p(w | h) = (c(h w) + t(h) · p(w | h′)) / (c(h) + t(h)),
 *
 * where c counts, t(h) is how many different words follow the history h, and h′ is h without its first word.
 * A text begins after two markers; how it ends is not modelled. Below single words lies the uniform
 * distribution over the vocabulary and one word more, which stands for all that were never seen.
 */
export interface WordModel {
  /** Different words it has seen. */
  readonly vocabulary: number;
  /** Words it was trained on. */
  readonly words: number;
  /** Bits a word of a text; null where the text has no word. */
  bits(words: readonly string[]): number | null;
}

/** What stands before the first word of a text. */
const START = 0;

export function trainWordModel(texts: Iterable<readonly string[]>): WordModel {
  const numbers = new Map<string, number>();
  /** By word, START included: its occurrences, and as a history what followed it. */
  const single = new Tally();
  const afterOne = new Tally();
  const followersOfOne = new Tally();
  /** Runs of two words by their number; as histories what followed them. */
  const pairs = new PairTable();
  const pairCounts = new Tally();
  const afterTwo = new Tally();
  const followersOfTwo = new Tally();
  const triples = new PairTable();
  const tripleCounts = new Tally();
  let total = 0;
  for (const words of texts) {
    let before = START;
    let history = pairs.add(START, START);
    for (const word of words) {
      let number = numbers.get(word);
      if (number === undefined) {
        number = numbers.size + 1;
        numbers.set(word, number);
      }
      const pair = pairs.add(before, number);
      const triple = triples.add(history, number);
      if (pairCounts.at(pair) === 0) followersOfOne.increase(before);
      if (tripleCounts.at(triple) === 0) followersOfTwo.increase(history);
      single.increase(number);
      afterOne.increase(before);
      pairCounts.increase(pair);
      afterTwo.increase(history);
      tripleCounts.increase(triple);
      total += 1;
      before = number;
      history = pair;
    }
  }
  const kinds = numbers.size;

  /** −1 for a word, a history or a run that was never seen. */
  const chance = (number: number, before: number, history: number): number => {
    const uniform = 1 / (kinds + 1);
    const one = smoothed(number < 0 ? 0 : single.at(number), total, kinds, uniform);
    if (before < 0) return one;
    const pair = number < 0 ? -1 : pairs.find(before, number);
    const two = smoothed(
      pair < 0 ? 0 : pairCounts.at(pair),
      afterOne.at(before),
      followersOfOne.at(before),
      one,
    );
    if (history < 0) return two;
    const triple = number < 0 ? -1 : triples.find(history, number);
    return smoothed(
      triple < 0 ? 0 : tripleCounts.at(triple),
      afterTwo.at(history),
      followersOfTwo.at(history),
      two,
    );
  };

  return {
    vocabulary: kinds,
    words: total,
    bits(words) {
      if (words.length === 0) return null;
      let bits = 0;
      let before = START;
      let history = pairs.find(START, START);
      for (const word of words) {
        const number = numbers.get(word) ?? -1;
        bits -= Math.log2(chance(number, before, history));
        history = before < 0 || number < 0 ? -1 : pairs.find(before, number);
        before = number;
      }
      return bits / words.length;
    },
  };
}

function smoothed(count: number, all: number, followers: number, below: number): number {
  return all === 0 ? below : (count + followers * below) / (all + followers);
}

/** Counts by number from 0, which grow as they are asked to. */
class Tally {
  private counts = new Uint32Array(1024);

  at(number: number): number {
    return this.counts[number] ?? 0;
  }

  increase(number: number): void {
    if (number >= this.counts.length) {
      const larger = new Uint32Array(2 * Math.max(number, this.counts.length));
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts[number]! += 1;
  }
}

/** Numbers from 0 for pairs of numbers, by open addressing: 12 bytes a slot, at most half of them taken. */
class PairTable {
  private size = 0;
  private first = new Int32Array(2048);
  private second = new Int32Array(2048);
  /** The pair's number plus one; 0 where the slot is free. */
  private numbers = new Int32Array(2048);

  find(a: number, b: number): number {
    return this.numbers[this.slot(a, b)]! - 1;
  }

  add(a: number, b: number): number {
    let slot = this.slot(a, b);
    if (this.numbers[slot]! > 0) return this.numbers[slot]! - 1;
    if (2 * (this.size + 1) > this.numbers.length) {
      this.grow();
      slot = this.slot(a, b);
    }
    this.size += 1;
    this.put(slot, a, b, this.size);
    return this.size - 1;
  }

  private put(slot: number, a: number, b: number, number: number): void {
    this.first[slot] = a;
    this.second[slot] = b;
    this.numbers[slot] = number;
  }

  private slot(a: number, b: number): number {
    const mask = this.numbers.length - 1;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let at = (hash ^ (hash >>> 13)) & mask;
    while (this.numbers[at]! > 0 && (this.first[at] !== a || this.second[at] !== b)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private grow(): void {
    const { first, second, numbers } = this;
    const slots = 2 * numbers.length;
    this.first = new Int32Array(slots);
    this.second = new Int32Array(slots);
    this.numbers = new Int32Array(slots);
    for (const [at, number] of numbers.entries()) {
      if (number === 0) continue;
      this.put(this.slot(first[at]!, second[at]!), first[at]!, second[at]!, number);
    }
  }
}
