import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gaussian, random } from '../src/base/random.ts';
import { float, Graph, type Tensor } from '../src/compute/graph.ts';

/** The shape of a BERT encoder. */
export interface Shape {
  readonly layers: number;
  readonly dims: number;
  readonly heads: number;
  readonly inner: number;
  readonly words: number;
  readonly positions: number;
}

/** That of all-MiniLM-L6-v2, which most people embed with. */
export const MINILM: Shape = {
  layers: 6,
  dims: 384,
  heads: 12,
  inner: 1536,
  words: 30_000,
  positions: 512,
};

const MARKERS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ',', '.'];

/** Words of a made-up language, MARKERS before them. */
export const vocabularyOf = (words: number): string[] => [
  ...MARKERS,
  ...Array.from({ length: words }, (_, i) => Math.floor((i + 37) ** 2.3).toString(36)),
];

/**
 * An encoder with random weights in the layout that transformers.js and gamut read: as much work for
 * both as the trained one, and nothing to download. Its vectors mean nothing.
 */
export function writeBert(folder: string, shape: Shape): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), bertGraph(shape));
  const json = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  json('config.json', { model_type: 'bert', hidden_size: shape.dims });
  json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: shape.positions,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
  });
  json('tokenizer.json', tokenizerOf(vocabularyOf(shape.words)));
}

/** BERT's tokeniser over a vocabulary that begins with MARKERS. */
export function tokenizerOf(vocabulary: readonly string[]): Readonly<Record<string, unknown>> {
  const marker = (id: number): object => ({ id: MARKERS[id], ids: [id], tokens: [MARKERS[id]] });
  return {
    version: '1.0',
    added_tokens: MARKERS.slice(0, 4).map((content, id) => ({
      ...{ id, content, special: true, single_word: false },
      ...{ lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: { '[CLS]': marker(2), '[SEP]': marker(3) },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
}

function bertGraph({ layers, dims, heads, inner, words, positions }: Shape): Uint8Array {
  const uniform = random(1);
  const g = new Graph('bert');
  const ids = g.input('input_ids', 'int64', ['b', 's']);
  const mask = g.input('attention_mask', 'int64', ['b', 's']);
  const types = g.input('token_type_ids', 'int64', ['b', 's']);
  const draw = (scale: number, ...shape: number[]): Tensor => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    return g.constant(
      Float32Array.from({ length: size }, () => scale * gaussian(uniform)),
      shape,
    );
  };
  const linear = (x: Tensor, from: number, to: number): Tensor =>
    g.op('Add', [g.op('MatMul', [x, draw(1 / Math.sqrt(from), from, to)]), draw(0.02, to)]);
  const normalise = (x: Tensor): Tensor => {
    const ones = g.constant(new Float32Array(dims).fill(1), [dims]);
    const zeros = g.constant(new Float32Array(dims), [dims]);
    return g.op('LayerNormalization', [x, ones, zeros], { axis: -1, epsilon: float(1e-12) });
  };
  const length = g.op('Squeeze', [g.op('Shape', [ids], { start: 1, end: 2 })]);
  const zero = g.op('Squeeze', [g.ints(0)]);
  const place = g.op('Range', [zero, length, g.op('Squeeze', [g.ints(1)])]);
  let x = g.op('Add', [
    g.op('Gather', [draw(1, words + MARKERS.length, dims), ids]),
    g.op('Gather', [draw(1, positions, dims), place]),
  ]);
  x = normalise(g.op('Add', [x, g.op('Gather', [draw(0.1, 2, dims), types])]));
  const away = g.op('Mul', [
    g.op('Sub', [g.scalar(1), g.op('Cast', [g.op('Unsqueeze', [mask, g.ints(1, 2)])], { to: 1 })]),
    g.scalar(-1e9),
  ]);
  const byHead = g.ints(0, 0, heads, dims / heads);
  for (let layer = 0; layer < layers; layer += 1) {
    const head = (perm: number[]): Tensor =>
      g.op('Transpose', [g.op('Reshape', [linear(x, dims, dims), byHead])], { perm });
    const [q, k, v] = [head([0, 2, 1, 3]), head([0, 2, 3, 1]), head([0, 2, 1, 3])];
    const scaled = g.op('Div', [g.op('MatMul', [q, k]), g.scalar(Math.sqrt(dims / heads))]);
    const shares = g.op('Softmax', [g.op('Add', [scaled, away])], { axis: -1 });
    const context = g.op('Transpose', [g.op('MatMul', [shares, v])], { perm: [0, 2, 1, 3] });
    const merged = g.op('Reshape', [context, g.ints(0, 0, dims)]);
    x = normalise(g.op('Add', [linear(merged, dims, dims), x]));
    x = normalise(g.op('Add', [linear(gelu(g, linear(x, dims, inner)), inner, dims), x]));
  }
  g.output('last_hidden_state', x, 'float32', ['b', 's', dims]);
  return g.build();
}

/** x · Φ(x), in the operators that exporters write and the runtime fuses. */
function gelu(g: Graph, x: Tensor): Tensor {
  const erf = g.op('Erf', [g.op('Div', [x, g.scalar(Math.SQRT2)])]);
  const sum = g.op('Add', [erf, g.scalar(1)]);
  return g.op('Mul', [g.op('Mul', [x, sum]), g.scalar(0.5)]);
}
