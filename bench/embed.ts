/**
 * Claim: the same model embeds texts of mixed lengths faster than transformers.js' own
 * feature-extraction pipeline on the same machine, however many texts that is given at a time, and more
 * than twice as fast as in batches.
 * Prints texts and tokens a second, and what share of what the model computed was padding, for the
 * pipeline at several batch sizes and for gamut, with the ratio to each of the pipeline's, and how
 * far their vectors lie apart. The pipeline runs with as many threads as gamut, and once as it comes. Beside what
 * gamut chose, a session a thread or one, stands one session with as many threads.
 *
 *     npm run build && node dist/bench/embed.js [FOLDER|-] [FILE.jsonl|-] [TEXTS] [ROUNDS]
 *
 * Without a folder of an ONNX model it makes one of the shape of all-MiniLM-L6-v2 with random weights;
 * without a file of rows with a `text`, texts of 3 to 200 words, most of them short, as in datasets of
 * instructions.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gaussian, random } from '../src/base/random.ts';
import { cpu, type Device } from '../src/compute/device.ts';
import { defaultThreads } from '../src/compute/pool.ts';
import { planBatches } from '../src/embed/batches.ts';
import { openModelFolder } from '../src/embed/model-folder.ts';
import { eightBitModel } from '../src/embed/quantise/folder.ts';
import { MINILM, vocabularyOf, writeBert } from './bert.ts';

const [folderAsked, file, count = '512', rounds = '3'] = process.argv
  .slice(2)
  .map((given) => (given === '-' ? undefined : given));
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

interface Contender {
  readonly name: string;
  /** Tokens that the model computes, padding included. */
  readonly computed: number;
  work(): Promise<Float32Array>;
  /** The quickest round so far, in seconds, and what it gave. */
  seconds: number;
  vectors: Float32Array;
}
const contenders: Contender[] = [];
const enter = (name: string, computed: number, work: Contender['work']): Contender => {
  const contender = { name, computed, work, seconds: Number.POSITIVE_INFINITY, vectors: warm };
  contenders.push(contender);
  return contender;
};

const { pipeline } = await import('@xenova/transformers');
const local = { dtype: 'fp32', device: 'cpu', local_files_only: true } as const;
const byDefault = await pipeline('feature-extraction', folder, local);
const extract = await pipeline('feature-extraction', folder, {
  ...local,
  // As many as gamut has: the runtime's own default is one of two on some virtual machines.
  session_options: { intraOpNumThreads: defaultThreads() },
});
const pipelineBy = (extracting: typeof extract, batch: number, name: string): Contender => {
  let computed = 0;
  for (let i = 0; i < all.length; i += batch) {
    const some = all.slice(i, i + batch);
    computed += some.length * Math.max(...some);
  }
  return enter(`transformers.js, ${name}`, computed, async () => {
    const vectors = new Float32Array(texts.length * dims);
    for (let i = 0; i < texts.length; i += batch) {
      const some = texts.slice(i, i + batch);
      const found = await extracting(some, { pooling: 'mean', normalize: true });
      vectors.set(found.data as Float32Array, i * dims);
    }
    return vectors;
  });
};
const peers = [
  pipelineBy(byDefault, 1, '1 at a time, as it comes'),
  ...[1, 8, 32].map((batch) => pipelineBy(extract, batch, `${batch} at a time`)),
];

const computed = planBatches(all.map((n) => n - 2)).reduce(
  (sum, { length, inputs }) => sum + (length + 2) * inputs.length,
  0,
);
const ours = enter('gamut', computed, async () => (await model.embed(texts)).vectors);

/** The processor with one session, however many batches wait: its threads meet after every operator. */
const together: Device = {
  ...cpu,
  open: async (...asked) => ({ ...(await cpu.open(...asked)), expect: async () => 1 }),
};
const single = await openModelFolder(folder, { long: 'truncate', device: together });
const whole = enter(`gamut, one session of ${defaultThreads()} threads`, computed, async () => {
  return (await single.embed(texts)).vectors;
});

const small = join(temporary, 'int8');
cpSync(folder, small, { recursive: true });
rmSync(join(small, 'onnx'), { recursive: true });
mkdirSync(join(small, 'onnx'));
const whole32 = readFileSync(join(folder, 'onnx', 'model.onnx'));
const { bytes } = await eightBitModel(folder, whole32, { texts: texts.slice(0, 64) });
writeFileSync(join(small, 'onnx', 'model_int8.onnx'), bytes);
const eight = await openModelFolder(small, { long: 'truncate' });
const quick = enter('gamut, eight-bit matrices', computed, async () => {
  return (await eight.embed(texts)).vectors;
});

// In turns, so that whatever else the machine does meets all of them.
for (let round = 0; round < Number(rounds); round += 1) {
  for (const contender of contenders) {
    const start = performance.now();
    contender.vectors = await contender.work();
    contender.seconds = Math.min(contender.seconds, (performance.now() - start) / 1e3);
  }
}

function furthest(a: Float32Array, b: Float32Array): string {
  let largest = 0;
  for (const [i, value] of a.entries()) largest = Math.max(largest, Math.abs(value - b[i]!));
  return largest.toExponential(0);
}
/** The least cosine of two sets of vectors, row by row. */
function leastCosine(a: Float32Array, b: Float32Array): number {
  let least = 1;
  for (let row = 0; row < texts.length; row += 1) {
    let cosine = 0;
    for (let j = row * dims; j < (row + 1) * dims; j += 1) cosine += a[j]! * b[j]!;
    least = Math.min(least, cosine);
  }
  return least;
}
let changed = 0;
for (let row = 0; row < texts.length; row += 16) {
  const alone = (await eight.embed([texts[row]!])).vectors;
  if (alone.some((value, j) => value !== quick.vectors[row * dims + j])) changed += 1;
}
const notes = new Map([
  ...peers.map((peer) => {
    const ratio = (peer.seconds / ours.seconds).toFixed(2);
    const apart = furthest(ours.vectors, peer.vectors);
    return [peer, `gamut is ${ratio}× as fast, vectors ${apart} apart at most`] as const;
  }),
  [
    whole,
    `what gamut chose is ${(whole.seconds / ours.seconds).toFixed(2)}× as fast; vectors ${furthest(ours.vectors, whole.vectors)} apart`,
  ],
  [
    quick,
    `${(ours.seconds / quick.seconds).toFixed(2)}× fp32; cosine to it ${leastCosine(ours.vectors, quick.vectors).toFixed(4)} at least; ${changed} of ${Math.ceil(texts.length / 16)} texts change with their company`,
  ],
]);
for (const contender of contenders) {
  const { name, seconds } = contender;
  const speed = `${(texts.length / seconds).toFixed(0).padStart(6)} texts/s ${(useful / seconds).toFixed(0).padStart(8)} tokens/s`;
  const padding = ((100 * (contender.computed - useful)) / contender.computed).toFixed(0);
  console.log(
    `${name.padEnd(42)}${speed} ${padding.padStart(4)} % padding  ${notes.get(contender) ?? ''}`,
  );
}
const start = performance.now();
for (let round = 0; round < 20; round += 1) model.unknownTokens!(texts);
const share = (performance.now() - start) / 20 / 1e3 / ours.seconds;
console.log(
  `tokenising takes ${(100 * share).toFixed(1)} % of gamut's time, and is done beside it`,
);
await byDefault.dispose();
await extract.dispose();
await model.close();
await eight.close();
await single.close();
rmSync(temporary, { recursive: true });
