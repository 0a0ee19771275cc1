/**
 * Claim: a static model embeds at least 40,000 sentences a second on two cores, tokenising included.
 * Prints texts a second, as the median of five runs, for ours on one thread and on all, and for the
 * same model through transformers.js' tokeniser and plain loops, with the ratio to the latter; and how
 * far the two's vectors lie apart. Then what a static model gains over what it is distilled from: the default model, which is
 * itself small, and an encoder of the shape of all-MiniLM-L6-v2 with random weights, distilled here.
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
import { distill } from '../src/embed/distill.ts';
import type { Embedder } from '../src/embed/embedder.ts';
import { openModelFolder } from '../src/embed/model-folder.ts';
import { loadEmbedder } from '../src/embed/models.ts';
import { openStaticModel } from '../src/embed/static-model.ts';
import { MINILM, tokenizerOf, vocabularyOf, writeBert } from './bert.ts';

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

/** Texts a second of a model and of what is distilled of it; the former is given as many as it does in seconds. */
async function beside(
  name: string,
  teacher: Embedder,
  few: number,
  student: Embedder,
): Promise<void> {
  const rates: number[] = [];
  for (const [model, some] of [
    [teacher, texts.slice(0, few)],
    [student, texts],
  ] as const) {
    await model.embed(some.slice(0, 128));
    // The middle of three runs.
    const runs: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const start = performance.now();
      await model.embed(some);
      runs.push((some.length / (performance.now() - start)) * 1e3);
    }
    rates.push(runs.sort((a, b) => a - b)[1]!);
    await model.close();
  }
  const [slow, quick] = rates as [number, number];
  console.log(`${name.padEnd(42)}${slow.toFixed(0).padStart(8)} texts/s`);
  console.log(
    `${'  distilled'.padEnd(42)}${quick.toFixed(0).padStart(8)} texts/s  ${(quick / slow).toFixed(0)}×`,
  );
}

await beside(
  'use-lite',
  await loadEmbedder('use-lite'),
  1000,
  await loadEmbedder('use-lite-static'),
);

// An encoder of the size that most people embed with. How quick it and its student are does not hang on what they learned.
const [large, small] = [join(temporary, 'minilm'), join(temporary, 'distilled')];
writeBert(large, { ...MINILM, words: WORDS });
const teacher = await openModelFolder(large);
mkdirSync(small);
for (const [file, parts] of Object.entries((await distill(teacher)).files)) {
  writeFileSync(join(small, file), Buffer.concat(parts.map((part) => Buffer.from(part))));
}
const shape = 'all-MiniLM-L6-v2’s shape, random weights';
await beside(shape, teacher, 256, await openStaticModel(small));
rmSync(temporary, { recursive: true });
