/**
 * Claim: measures that hold every text against every other take far less time than their peers' loops,
 * and give the same.
 *
 * Prints for each measure, on the same texts in one run, our seconds with reading, counting and the
 * interval, the peer's seconds without one, their ratio, and both values. The peers run under
 * /usr/bin/python3: NLTK's `sentence_bleu` (python3-nltk) for self-BLEU, the loops of cshaib/diversity
 * for the others written out here, on words parted by white space. Most are quadratic, so 300 rows are
 * the default. Those that count once (distinct-2, token-entropy, gzip) are as quick in Python on few
 * rows: ours count all four sizes by groups, for the intervals. `all` adds our time for every lexical
 * measure of the whole file.
 *
 *     npm run build && node dist/bench/measures-texts.js [FILE] [rows] [all]
 */
import { spawnSync } from 'node:child_process';
import { withIntervals } from '../src/audit/intervals.ts';
import { runMeasures } from '../src/audit/measure.ts';
import { random } from '../src/base/random.ts';
import { vectorsOf } from '../src/compute/vectors.ts';
import { openDataset } from '../src/data/open.ts';
import { textKey } from '../src/embed/text-key.ts';
import { artefactsOf } from '../src/engine/artefacts.ts';
import { makeRows } from '../src/engine/collect.ts';
import { DEFAULT_SETTINGS } from '../src/measures/measure.ts';
import { ABOUT, MEASURES } from '../src/measures/registry.ts';
import type { Rows } from '../src/measures/rows.ts';

const PEERS = `
import json, sys, time, math, gzip
from collections import Counter
texts = json.load(sys.stdin)
docs = [t.split() for t in texts]
grams = lambda d, n: [tuple(d[i:i + n]) for i in range(len(d) - n + 1)]
def distinct():
    all = [g for d in docs for g in grams(d, 2)]
    return len(set(all)) / len(all)
def entropy():
    counts = Counter(w for d in docs for w in d)
    n = sum(counts.values())
    return -sum(c / n * math.log2(c / n) for c in counts.values())
def repetition():
    sets = [set(grams(d, 4)) for d in docs]
    return sum(math.log(1 + sum(sum(g in o for j, o in enumerate(sets) if j != i) for g in s)) for i, s in enumerate(sets)) / len(sets)
def bleu():
    from nltk.translate.bleu_score import sentence_bleu, SmoothingFunction
    smooth = SmoothingFunction().method1
    return sum(sentence_bleu(docs[:i] + docs[i + 1:], d, smoothing_function=smooth) for i, d in enumerate(docs)) / len(docs)
def lcs(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b):
            before, row[j + 1] = row[j + 1], before + 1 if x == y else max(row[j], row[j + 1])
    return row[-1]
def rouge():
    total = sum(2 * lcs(a, b) / max(1, len(a) + len(b)) for i, a in enumerate(docs) for b in docs[i + 1:])
    return total / (len(docs) * (len(docs) - 1) / 2)
def jaccard():
    sets = [set(d) for d in docs]
    total = sum(len(a & b) / max(1, len(a | b)) for i, a in enumerate(sets) for b in sets[i + 1:])
    return total / (len(sets) * (len(sets) - 1) / 2)
def ratio():
    data = '\\n'.join(texts).encode('utf8')
    return len(data) / len(gzip.compress(data, 9))
found = {}
for name, measure in [('distinct-2', distinct), ('token-entropy', entropy), ('self-bleu', bleu), ('self-repetition', repetition), ('rouge-l', rouge), ('pairwise-jaccard', jaccard), ('compression-ratio', ratio)]:
    start = time.perf_counter()
    try:
        found[name] = [measure(), time.perf_counter() - start]
    except ImportError as error:
        found[name] = str(error)
print(json.dumps(found))
`;

/** Texts of one to a hundred words with the frequencies of a language's. */
function madeUp(n: number): string[] {
  const uniform = random(1);
  return Array.from({ length: n }, () =>
    Array.from(
      { length: 1 + Math.floor(uniform() * 100) },
      () => `w${Math.floor(Math.exp(uniform() * Math.log(20_000)))}`,
    ).join(' '),
  );
}

async function read(path: string): Promise<string[]> {
  const dataset = await openDataset([path]);
  const texts: string[] = [];
  for await (const { text } of dataset.rows()) texts.push(text ?? '');
  await dataset.close();
  return texts;
}

/** Rows of texts; measures of texts read no vector. */
function asRows(texts: readonly string[]): Rows {
  const vectors = vectorsOf(new Float32Array(texts.length).fill(1), 1);
  return makeRows(vectors, vectors, texts.map(textKey), 0, async function* contents() {
    yield texts.map((text) => ({ text, columns: {} }));
  });
}

async function ours(texts: readonly string[], ids: readonly string[]): Promise<[number, number]> {
  const start = performance.now();
  const chosen = ids.map((id) => ABOUT[id]!);
  const source = artefactsOf(asRows(texts), null, { seed: 0, index: 'exact' });
  const context = { seed: 0, settings: DEFAULT_SETTINGS };
  const measured = await runMeasures(chosen, source, context);
  const values = await withIntervals(chosen, source, measured, context);
  return [values[ids[0]!]!.value!, (performance.now() - start) / 1000];
}

const [file, count = '300', whole] = process.argv.slice(2);
const texts = file === undefined ? madeUp(Number(count)) : await read(file);
const some = texts.slice(0, Number(count));
const python = spawnSync('/usr/bin/python3', ['-c', PEERS], {
  input: JSON.stringify(some),
  encoding: 'utf8',
});
if (python.status !== 0) throw new Error(python.stderr);
const peers: Readonly<Record<string, [number, number] | string>> = JSON.parse(python.stdout);

console.log(`${some.length} rows of ${file ?? 'made-up texts'}\n`);
console.log('measure               ours s    peer s     ratio       ours       peer');
// Code is compiled when first used: once for nothing.
await ours(some.slice(0, 20), Object.keys(peers));
for (const [id, peer] of Object.entries(peers)) {
  const [value, seconds] = await ours(some, [id]);
  const line = `${id.padEnd(18)} ${seconds.toFixed(3).padStart(9)}`;
  if (typeof peer === 'string') {
    console.log(`${line}   no peer: ${peer}`);
    continue;
  }
  const numbers = [value, peer[0]].map((number) => number.toPrecision(5).padStart(10)).join(' ');
  const ratio = `${(peer[1] / seconds).toFixed(1)}×`.padStart(9);
  console.log(`${line} ${peer[1].toFixed(3).padStart(9)} ${ratio} ${numbers}`);
}
if (whole === 'all') {
  const lexical = MEASURES.filter(({ section }) => section === 'lexical').map(({ id }) => id);
  const [, seconds] = await ours(texts, lexical);
  console.log(
    `\nall ${lexical.length} lexical measures of ${texts.length} rows: ${seconds.toFixed(2)} s`,
  );
}
