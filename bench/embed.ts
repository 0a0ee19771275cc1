/**
 * Claim: the same model embeds texts of mixed lengths at least twice as fast as transformers.js' own
 * feature-extraction pipeline on the same machine.
 * Prints texts and tokens a second, and what share of what the model computed was padding, for the
 * pipeline at several batch sizes and for gamut, with the ratio to the best of the pipeline's, and how
 * far their vectors lie apart.
 *
 *     npm run build && node dist/bench/embed.js [FOLDER] [FILE.jsonl] [TEXTS]
 *
 * Without a folder of an ONNX model it makes one of the shape of all-MiniLM-L6-v2 with random weights;
 * without a file of rows with a `text`, texts of 3 to 200 words, most of them short, as in datasets of
 * instructions.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gaussian, random } from '../src/base/random.ts';
import { planBatches } from '../src/embed/batches.ts';
import { openModelFolder } from '../src/embed/model-folder.ts';
import { MINILM, vocabularyOf, writeBert } from './bert.ts';

const [folderAsked, file, count = '512'] = process.argv.slice(2);
const temporary = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
const folder = folderAsked ? resolve(folderAsked) : join(temporary, 'minilm');
if (!folderAsked) writeBert(folder, MINILM);

const uniform = random(7);
const vocabulary = vocabularyOf(MINILM.words);
function makeText(): string {
  const words = Math.round(Math.min(200, Math.max(3, 25 * Math.exp(0.9 * gaussian(uniform)))));
  const draw = (): string => vocabulary[6 + Math.floor(uniform() ** 3 * MINILM.words)]!;
  return Array.from({ length: words }, draw).join(' ');
}
const texts = file
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(0, Number(count))
      .map((line) => String(JSON.parse(line).text))
  : Array.from({ length: Number(count) }, makeText);

const model = await openModelFolder(folder, { long: 'truncate' });
const { vectors: warm } = await model.embed(texts.slice(0, 64));
const { dims } = model;
const all = Array.from(
  (await model.embed(texts)).tokens,
  (n) => Math.min(n, model.card.maxTokens) + 2,
);
const useful = all.reduce((sum, n) => sum + n, 0);
console.log(
  `${texts.length} texts, ${(useful / texts.length).toFixed(0)} tokens each on average, ${Math.max(...all)} at most`,
);

async function perSecond(work: () => Promise<Float32Array>): Promise<[number, Float32Array]> {
  const times: number[] = [];
  let vectors = warm;
  for (let run = 0; run < 2; run += 1) {
    const start = performance.now();
    vectors = await work();
    times.push(performance.now() - start);
  }
  return [(texts.length / Math.min(...times)) * 1e3, vectors];
}

function report(name: string, rate: number, computed: number, note: string): void {
  const speed = `${rate.toFixed(0).padStart(6)} texts/s ${((rate * useful) / texts.length).toFixed(0).padStart(8)} tokens/s`;
  console.log(
    `${name.padEnd(34)}${speed} ${((100 * (computed - useful)) / computed).toFixed(0).padStart(4)} % padding  ${note}`,
  );
}

const { pipeline } = await import('@xenova/transformers');
const extract = await pipeline('feature-extraction', folder, {
  dtype: 'fp32',
  device: 'cpu',
  local_files_only: true,
});
let best = 0;
let expected = warm;
for (const batch of [1, 8, 32]) {
  let computed = 0;
  for (let i = 0; i < all.length; i += batch) {
    const some = all.slice(i, i + batch);
    computed += some.length * Math.max(...some);
  }
  const [rate, vectors] = await perSecond(async () => {
    const whole = new Float32Array(texts.length * dims);
    for (let i = 0; i < texts.length; i += batch) {
      const found = await extract(texts.slice(i, i + batch), { pooling: 'mean', normalize: true });
      whole.set(found.data as Float32Array, i * dims);
    }
    return whole;
  });
  if (rate > best) [best, expected] = [rate, vectors];
  report(`transformers.js, ${batch} at a time`, rate, computed, '');
}
await extract.dispose();

const computed = planBatches(all.map((n) => n - 2)).reduce(
  (sum, { length, inputs }) => sum + (length + 2) * inputs.length,
  0,
);
const [rate, vectors] = await perSecond(async () => (await model.embed(texts)).vectors);
let furthest = 0;
for (const [i, value] of vectors.entries())
  furthest = Math.max(furthest, Math.abs(value - expected[i]!));
report(
  'gamut',
  rate,
  computed,
  `${(rate / best).toFixed(2)}× the best of transformers.js (vectors differ by ${furthest.toExponential(0)} at most)`,
);

const start = performance.now();
for (let round = 0; round < 20; round += 1) model.unknownTokens!(texts);
const share = ((performance.now() - start) / 20 / 1e3) * (rate / texts.length);
console.log(`tokenising is ${(100 * share).toFixed(1)} % of gamut's time`);
await model.close();
rmSync(temporary, { recursive: true });
