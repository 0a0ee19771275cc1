/**
 * What a cluster is about, in words: the words that are frequent in it and rare elsewhere
 * (class-based tf-idf, Grootendorst 2022, arXiv 2203.05794: tf · ln(1 + A/f), A the mean number of
 * words a cluster has, f the word's count over all clusters; tf counts each row once per word, so that
 * one long row cannot name a cluster).
 */
export class ClusterWords {
  private readonly counts: Map<string, number>[];

  constructor(k: number) {
    this.counts = Array.from({ length: k }, () => new Map<string, number>());
  }

  observe(cluster: number, text: string): void {
    const counts = this.counts[cluster]!;
    for (const word of new Set(wordsOf(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }

  /** The `count` most characteristic words of every cluster, best first. */
  finish(count: number): string[][] {
    const totals = new Map<string, number>();
    let all = 0;
    for (const counts of this.counts) {
      for (const [word, rows] of counts) {
        totals.set(word, (totals.get(word) ?? 0) + rows);
        all += rows;
      }
    }
    const mean = all / Math.max(1, this.counts.length);
    return this.counts.map((counts) =>
      [...counts]
        .map(([word, rows]) => ({ word, score: rows * Math.log(1 + mean / totals.get(word)!) }))
        .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
        .slice(0, count)
        .map(({ word }) => word),
    );
  }
}

/**
 * What clusters are called, in their order: three characteristic words each. The first is one that no
 * earlier cluster has first, so that names that share words can still be told apart at a glance.
 */
export function namesFromWords(words: readonly (readonly string[])[]): string[] {
  const heads = new Set<string>();
  const used = new Set<string>();
  return words.map((own, cluster) => {
    const head = own.find((word) => !heads.has(word)) ?? own[0];
    if (head !== undefined) heads.add(head);
    const rest = own.filter((word) => word !== head);
    const plain = clusterName(head === undefined ? [] : [head, ...rest], cluster);
    const name = used.has(plain) ? `${plain} (${cluster + 1})` : plain;
    used.add(name);
    return name;
  });
}

/** Its most characteristic words, or its number where it has none. */
const clusterName = (words: readonly string[], cluster: number): string =>
  words.length === 0 ? `cluster ${cluster + 1}` : words.slice(0, NAME_WORDS).join(', ');

const NAME_WORDS = 3;

/** Lower-cased words of two letters or more that are no stop words and no bare numbers. */
export function wordsOf(text: string): string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]+/gu) ?? [];
  return found
    .flatMap((run) => (UNSPACED.test(run) ? segments(run) : [run]))
    .filter((word) => !STOP_WORDS.has(word) && !/^\p{N}+$/u.test(word));
}

/** Scripts that put no spaces between words: a run of letters is a clause, not a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

const segments = (run: string): string[] =>
  Array.from(segmenter.segment(run), ({ segment }) => segment).filter((word) => word.length > 1);

const STOP_WORDS = new Set(
  `a about above after again against all also am an and any are aren't as at be because been before
  being below between both but by can can't cannot could couldn't did didn't do does doesn't doing
  don't down during each either else ever every few first for from further get gets give given gives
  had hadn't has hasn't have haven't having he her here hers herself him himself his how however i
  i'm i've if in into is isn't it it's its itself just let like ll make makes many may me might more
  most much must my myself no nor not now of off often on once one only or other others ought our
  ours ourselves out over own please rather re s same several shall she should shouldn't since so
  some such t than that that's the their theirs them themselves then there there's these they they're
  this those through thus to too two under until up upon us use used uses using very was wasn't we
  were weren't what what's when where whether which while who whom whose why will with within without
  would wouldn't yes yet you you're you've your yours yourself yourselves`.split(/\s+/),
);
