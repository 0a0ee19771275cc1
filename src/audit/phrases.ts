/**
 * Phrases that many rows share to the letter: what a generator says again and again. Counts runs of
 * LENGTH words, each row once, on a bounded number of rows, and joins overlapping runs of the same
 * frequency into the longest phrase.
 */
const LENGTH = 4;
/** A phrase that fewer rows share is no pattern. */
const SMALLEST_SHARE = 0.05;
const LONGEST_WORDS = 14;

export interface SharedPhrase {
  readonly phrase: string;
  /** Share of the rows looked at that hold it. */
  readonly share: number;
}

export class PhraseCounter {
  private readonly counts = new Map<string, number>();
  private rows = 0;

  observe(text: string): void {
    this.rows += 1;
    const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? [];
    const runs = new Set<string>();
    for (let i = 0; i + LENGTH <= words.length; i += 1) {
      runs.add(words.slice(i, i + LENGTH).join(' '));
    }
    for (const run of runs) this.counts.set(run, (this.counts.get(run) ?? 0) + 1);
  }

  /** The phrases that most rows share, most frequent first, none of them a part of another. */
  finish(count: number): SharedPhrase[] {
    const least = Math.max(3, Math.ceil(this.rows * SMALLEST_SHARE));
    const frequent = new Map([...this.counts].filter(([, rows]) => rows >= least));
    const ordered = [...frequent].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const found: SharedPhrase[] = [];
    const used = new Set<string>();
    for (const [run, rows] of ordered) {
      if (found.length === count) break;
      if (used.has(run)) continue;
      const words = extend(run.split(' '), rows, frequent);
      for (let i = 0; i + LENGTH <= words.length; i += 1) {
        used.add(words.slice(i, i + LENGTH).join(' '));
      }
      found.push({ phrase: words.join(' '), share: rows / this.rows });
    }
    return found;
  }
}

/** Adds words at either end while a run that overlaps by all but one word is nearly as frequent. */
function extend(
  start: readonly string[],
  rows: number,
  frequent: ReadonlyMap<string, number>,
): string[] {
  const words = [...start];
  const wanted = rows * 0.9;
  const step = (matches: (run: string) => boolean): string | undefined => {
    let best: string | undefined;
    for (const [run, count] of frequent) {
      if (count < wanted || !matches(run)) continue;
      if (best === undefined || count > frequent.get(best)!) best = run;
    }
    return best;
  };
  while (words.length < LONGEST_WORDS) {
    const tail = `${words.slice(1 - LENGTH).join(' ')} `;
    const next = step((run) => run.startsWith(tail));
    if (next === undefined) break;
    words.push(next.slice(tail.length));
  }
  while (words.length < LONGEST_WORDS) {
    const head = ` ${words.slice(0, LENGTH - 1).join(' ')}`;
    const before = step((run) => run.endsWith(head));
    if (before === undefined) break;
    words.unshift(before.slice(0, -head.length));
  }
  return words;
}
