/**
 * Claim: a static model embeds at least 40,000 sentences a second on two cores, tokenising included.
 * Prints texts a second, as the median of five runs, for ours on one thread and on all, and for the
 * same model through transformers.js' tokeniser and plain loops, with the ratio to the latter; and how
 * far the two's vectors lie apart.
 *
 *     npm run build && node dist/bench/static.js [FOLDER] [FILE.jsonl]
 *
 * Without a folder of a model2vec model it makes one of 30,000 × 256 numbers; without a file of rows
 * with a `text`, sentences of 12 words from its vocabulary.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussian, random } from '../src/base/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../src/data/safetensors.ts';
import { loadEmbedder } from '../src/embed/models.ts';
import { openStaticModel } from '../src/embed/static-model.ts';
import { tokenizerOf, vocabularyOf } from './bert.ts';

const [folderAsked, file] = process.argv.slice(2);
const WORDS = 30_000;
const DIMS = 256;
const TEXTS = 20_000;
const uniform = random(1);

const temporary = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
const vocabulary = vocabularyOf(WORDS);

function makeModel(): string {
  const folder = join(temporary, 'model');
  mkdirSync(folder);
  const data = Float32Array.from({ length: vocabulary.length * DIMS }, () => gaussian(uniform));
  const tensors = { embeddings: { shape: [vocabulary.length, DIMS], data } };
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat(encodeSafetensors(tensors)));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'model2vec' }));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerOf(vocabulary)));
  return folder;
}

const makeSentence = (): string => {
  const words = Array.from(
    { length: 12 },
    () => vocabulary[6 + Math.floor(uniform() ** 3 * WORDS)]!,
  );
  return `${words.slice(0, 7).join(' ')}, ${words.slice(7).join(' ')}.`;
};

const folder = folderAsked ?? makeModel();
const texts = file
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => String(JSON.parse(line).text))
  : Array.from({ length: TEXTS }, makeSentence);

async function perSecond(work: () => Promise<Float32Array>): Promise<[number, Float32Array]> {
  let vectors = await work();
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const start = performance.now();
    vectors = await work();
    times.push(performance.now() - start);
  }
  return [(texts.length / times.sort((a, b) => a - b)[2]!) * 1e3, vectors];
}

/** The same model as a program around transformers.js would run it. */
async function openPeer(): Promise<() => Promise<Float32Array>> {
  const { PreTrainedTokenizer } = await import('@xenova/transformers');
  const json = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  const tokenizer = new PreTrainedTokenizer(json, {});
  const unknown = json.model.vocab[json.model.unk_token];
  const weights = decodeSafetensors(readFileSync(join(folder, 'model.safetensors')), folder);
  const table = weights.floats('embeddings');
  const dims = weights.shape('embeddings')[1]!;
  return async () => {
    const vectors = new Float32Array(texts.length * dims);
    for (const [i, text] of texts.entries()) {
      const into = vectors.subarray(i * dims, (i + 1) * dims);
      for (const id of tokenizer.encode(text, { add_special_tokens: false })) {
        if (id === unknown) continue;
        for (let j = 0; j < dims; j += 1) into[j]! += table[id * dims + j]!;
      }
      const norm = Math.hypot(...into) || 1;
      for (let j = 0; j < dims; j += 1) into[j]! /= norm;
    }
    return vectors;
  };
}

const [theirs, expected] = await perSecond(await openPeer());
console.log(
  `${texts.length} texts of ${(texts.join('').length / texts.length).toFixed(0)} characters`,
);
console.log(`transformers.js' tokeniser, plain loops   ${theirs.toFixed(0).padStart(8)} texts/s`);
for (const threads of [1, undefined]) {
  const model = await openStaticModel(folder, { threads });
  const [ours, vectors] = await perSecond(async () => (await model.embed(texts)).vectors);
  await model.close();
  let furthest = 0;
  for (const [i, value] of vectors.entries())
    furthest = Math.max(furthest, Math.abs(value - expected[i]!));
  const name = `gamut, ${threads === 1 ? 'one thread' : 'all threads'}`;
  console.log(
    `${name.padEnd(42)}${ours.toFixed(0).padStart(8)} texts/s  ${(ours / theirs).toFixed(1)}×  (vectors differ by ${furthest.toExponential(0)} at most)`,
  );
}
rmSync(temporary, { recursive: true });

// The default model and what is distilled of it, on a tenth of the texts, which the former needs seconds for.
const some = texts.slice(0, Math.ceil(texts.length / 10));
let teacher = 0;
for (const name of ['use-lite', 'use-lite-static']) {
  const model = await loadEmbedder(name);
  await model.embed(some.slice(0, 100));
  const start = performance.now();
  await model.embed(some);
  const rate = (some.length / (performance.now() - start)) * 1e3;
  await model.close();
  teacher ||= rate;
  console.log(
    `${name.padEnd(42)}${rate.toFixed(0).padStart(8)} texts/s  ${(rate / teacher).toFixed(0)}× use-lite`,
  );
}
