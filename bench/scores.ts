/**
 * Claim: a language model whose graph gives back the losses of tokens alone is read quicker than the same
 * model whose logits come to JavaScript, and says the same.
 * Prints tokens a second of both in one run, their ratio, and how far the mean losses of texts lie apart.
 *
 *     npm run build && node dist/bench/scores.js [FOLDER] [TEXTS]
 *
 * Without a folder of an ONNX decoder it makes one with random weights: four layers of 256 numbers and a
 * vocabulary of 32,000 words.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gaussian, random } from '../src/base/random.ts';
import { cpu } from '../src/compute/device.ts';
import { float, Graph, type Tensor } from '../src/compute/graph.ts';
import { openTokeniser } from '../src/embed/tokenise/tokenizer-json.ts';
import { openLanguageModel } from '../src/scores/language-model.ts';
import { tokenizerOf, vocabularyOf } from './bert.ts';

const [LAYERS, DIMS, HEADS, WORDS, LONGEST] = [4, 256, 4, 32_000, 1024];
const [asked, count = '128'] = process.argv.slice(2);
const temporary = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
const folder = asked ? resolve(asked) : join(temporary, 'decoder');
const uniform = random(3);
const normal = (size: number, scale: number): Float32Array =>
  Float32Array.from({ length: size }, () => scale * gaussian(uniform));
if (!asked) writeDecoder();

const vocabulary = vocabularyOf(WORDS - 6);
const texts = Array.from({ length: Number(count) }, () => {
  const words = Math.round(Math.min(200, Math.max(3, 25 * Math.exp(0.9 * gaussian(uniform)))));
  const draw = (): string => vocabulary[6 + Math.floor(uniform() ** 3 * (WORDS - 6))]!;
  return Array.from({ length: words }, draw).join(' ');
});

const model = await openLanguageModel(folder, { device: cpu, long: 'truncate' });
const session = await cpu.open(readFileSync(join(folder, 'onnx', 'model.onnx')));
const { before, tokenise } = await openTokeniser(folder);

/** The mean loss of a text from all its logits. */
async function plainly(text: string): Promise<number> {
  const ids = [...before, ...tokenise(text)].slice(0, model.card.maxTokens);
  const shape = [1, ids.length];
  const results = await session.run({
    input_ids: [BigInt64Array.from(ids, BigInt), shape],
    attention_mask: [new BigInt64Array(ids.length).fill(1n), shape],
  });
  const logits = results.logits!.data as Float32Array;
  const size = logits.length / ids.length;
  let loss = 0;
  for (let i = 1; i < ids.length; i += 1) {
    const row = logits.subarray((i - 1) * size, i * size);
    let largest = Number.NEGATIVE_INFINITY;
    for (const logit of row) largest = Math.max(largest, logit);
    let sum = 0;
    for (const logit of row) sum += Math.exp(logit - largest);
    loss += largest + Math.log(sum) - row[ids[i]!]!;
  }
  return loss / (ids.length - 1);
}

interface Round {
  readonly seconds: number;
  readonly values: Float32Array;
  readonly tokens: number;
}
let ours: Round = { seconds: Number.POSITIVE_INFINITY, values: new Float32Array(0), tokens: 0 };
let theirs = ours;
for (let round = 0; round < 3; round += 1) {
  let start = performance.now();
  const { values, tokens } = await model.texts.score(texts.map((text) => [text]));
  let seconds = (performance.now() - start) / 1000;
  if (seconds < ours.seconds) ours = { seconds, values, tokens: tokens.reduce((a, b) => a + b, 0) };
  start = performance.now();
  const plain = new Float32Array(texts.length);
  for (const [i, text] of texts.entries()) plain[i] = await plainly(text);
  seconds = (performance.now() - start) / 1000;
  if (seconds < theirs.seconds) theirs = { seconds, values: plain, tokens: ours.tokens };
}
const apart = Math.max(...ours.values.map((value, i) => Math.abs(value - theirs.values[i]!)));
console.log(`${texts.length} texts, ${ours.tokens} tokens to be foretold`);
console.log(`losses in the graph      ${(ours.tokens / ours.seconds).toFixed(0)} tokens/s`);
console.log(`logits in JavaScript     ${(ours.tokens / theirs.seconds).toFixed(0)} tokens/s`);
console.log(`ratio                    ${(theirs.seconds / ours.seconds).toFixed(2)}`);
console.log(`mean losses apart        ${apart.toExponential(1)} nats at most`);
await model.close();
await session.release();
rmSync(temporary, { recursive: true });

/** A decoder as GPT-2 has it: norms before attention and before two dense layers, causal attention. */
function writeDecoder(): void {
  const g = new Graph('decoder');
  const ids = g.input('input_ids', 'int64', ['batch', 'length']);
  g.input('attention_mask', 'int64', ['batch', 'length']);
  const dense = (x: Tensor, from: number, to: number): Tensor =>
    g.op('MatMul', [x, g.constant(normal(from * to, 1 / Math.sqrt(from)), [from, to])]);
  const norm = (x: Tensor): Tensor => {
    const ones = g.constant(new Float32Array(DIMS).fill(1), [DIMS]);
    return g.op('LayerNormalization', [x, ones], { axis: -1, epsilon: float(1e-5) });
  };
  const length = g.op('Slice', [g.op('Shape', [ids]), g.ints(1), g.ints(2)]);
  const lengths = g.op('Concat', [length, length], { axis: 0 });
  const causal = Float32Array.from({ length: LONGEST ** 2 }, (_, i) =>
    i % LONGEST > Math.floor(i / LONGEST) ? -1e9 : 0,
  );
  const mask = g.op('Slice', [
    g.constant(causal, [LONGEST, LONGEST]),
    g.ints(0, 0),
    lengths,
    g.ints(0, 1),
  ]);
  const heads = (x: Tensor, perm: number[]): Tensor =>
    g.op('Transpose', [g.op('Reshape', [x, g.ints(0, 0, HEADS, DIMS / HEADS)])], { perm });
  let x = g.op('Gather', [g.constant(normal(WORDS * DIMS, 1), [WORDS, DIMS]), ids], { axis: 0 });
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const n = norm(x);
    const q = heads(dense(n, DIMS, DIMS), [0, 2, 1, 3]);
    const k = heads(dense(n, DIMS, DIMS), [0, 2, 3, 1]);
    const v = heads(dense(n, DIMS, DIMS), [0, 2, 1, 3]);
    const scale = g.scalar(1 / Math.sqrt(DIMS / HEADS));
    const scores = g.op('Add', [g.op('Mul', [g.op('MatMul', [q, k]), scale]), mask]);
    const mixed = g.op('MatMul', [g.op('Softmax', [scores], { axis: -1 }), v]);
    const joined = g.op('Reshape', [
      g.op('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
      g.ints(0, 0, DIMS),
    ]);
    x = g.op('Add', [x, dense(joined, DIMS, DIMS)]);
    const wide = g.op('Relu', [dense(norm(x), DIMS, 4 * DIMS)]);
    x = g.op('Add', [x, dense(wide, 4 * DIMS, DIMS)]);
  }
  g.output('logits', dense(norm(x), DIMS, WORDS), 'float32', ['batch', 'length', WORDS]);
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), g.build());
  const json = tokenizerOf(vocabularyOf(WORDS - 6));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ model_type: 'gpt2', n_positions: LONGEST }),
  );
}
