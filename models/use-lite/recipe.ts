import { float, Graph, type Tensor } from '../../src/compute/graph.ts';
import { packagedFolder, readWeights, type Weights } from './weights.ts';

const DIMS = 512;

const VOCABULARY = 8002;
const EMBEDDING = 256;
const HEADS = 4;

/** Added to the logits of padded keys; their softmax weight is then exactly 0. */
const MASKED = -1e9;

const ROOT = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const KERNELS = 'module/Encoder_en/KonaTransformer/Encode';
const TANH = 'module/Encoder_en/hidden_layers/tanh_layer_0';

/**
 * Universal Sentence Encoder Lite (Cer et al. 2018, arXiv 1803.11175) as an ONNX graph in float32 and
 * standard operators: two transformer layers over word pieces, the mean over the tokens, one tanh layer,
 * unit length. It is rebuilt from the weights of the TensorFlow.js model, with the same arithmetic.
 *
 * Input `tokens`, int32 [batch, length]: ids, −1 where a row is padded. Any length runs, but the encoder
 * was trained on 128 tokens at most. Output `vectors`, float32 [batch, 512]: unit rows. A row of nothing but
 * padding gives the vector of the empty text.
 *
 * The same weights give the same bytes: the card's hash is theirs.
 */
export async function buildUseLite(folder = packagedFolder()): Promise<Uint8Array> {
  const weights = await readWeights(folder);
  const g = new Graph('use-lite');
  const tokens = g.input('tokens', 'int32', ['batch', 'length']);
  const real = toFloat(g, g.op('Greater', [tokens, g.constant(Int32Array.of(-1), [])]));

  let x = embedding(g, weights, tokens);
  const bias = g.op('Mul', [
    g.op('Sub', [g.scalar(1), g.op('Unsqueeze', [real, g.ints(1, 2)])]),
    g.scalar(MASKED),
  ]);
  x = layer(g, weights, 0, x, bias, EMBEDDING);
  x = layer(g, weights, 1, x, bias, DIMS);

  const sum = g.op('Squeeze', [
    g.op('MatMul', [g.op('Unsqueeze', [real, g.ints(1)]), x]),
    g.ints(1),
  ]);
  const count = g.op('Max', [g.op('ReduceSum', [real, g.ints(1)]), g.scalar(1)]);
  const mean = g.op('Div', [sum, count]);
  const matrix = g.constant(weights(TANH, 'weights'), [DIMS, DIMS]);
  const y = g.op('Tanh', [g.op('Gemm', [mean, matrix, g.constant(weights(TANH, 'bias'), [DIMS])])]);
  const squares = g.op('ReduceSum', [g.op('Mul', [y, y]), g.ints(1)]);
  const norm = g.op('Sqrt', [g.op('Max', [squares, g.scalar(1e-12)])]);
  g.output('vectors', g.op('Div', [y, norm]), 'float32', ['batch', DIMS]);
  return g.build();
}

/**
 * Twice the piece's vector plus the sines and cosines of its position. (The original adds the vector to
 * itself-with-timing; doubling the table is the same numbers.)
 */
function embedding(g: Graph, weights: Weights, tokens: Tensor): Tensor {
  const table = weights('module/Embeddings_en').map((value) => 2 * value);
  // Padding, −1, picks the last row: what it holds is masked ever after.
  const pieces = g.op('Gather', [g.constant(table, [VOCABULARY, EMBEDDING]), tokens]);
  const rates = `${ROOT}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`;
  const length = g.op('Squeeze', [g.op('Shape', [tokens], { start: 1, end: 2 })]);
  const position = g.op('Range', [g.scalar(0), toFloat(g, length), g.scalar(1)]);
  const angle = g.op('Mul', [
    g.op('Unsqueeze', [position, g.ints(1)]),
    g.constant(weights(rates), [1, EMBEDDING / 2]),
  ]);
  const timing = g.op('Concat', [g.op('Sin', [angle]), g.op('Cos', [angle])], { axis: 1 });
  return g.op('Add', [pieces, timing]);
}

/** To float32, which is ONNX's data type 1. */
const toFloat = (g: Graph, tensor: Tensor): Tensor => g.op('Cast', [tensor], { to: 1 });

/** A pre-norm transformer layer whose attention is `width` wide; its result is 512 wide. */
function layer(
  g: Graph,
  weights: Weights,
  index: 0 | 1,
  x: Tensor,
  bias: Tensor,
  width: number,
): Tensor {
  const path = `${ROOT}/Layer_${index}/TransformerLayer`;
  const folded = `${ROOT}/TransformerStack/Layer_${index}/TransformerLayer`;
  const joined = (name: string): Float32Array => weights(path, name, 'ConcatPartitions/concat');
  const normalise = (tensor: Tensor, name: string, size: number): Tensor =>
    g.op(
      'LayerNormalization',
      [
        tensor,
        g.constant(joined(`${name}layer_prepostprocess/layer_norm/layer_norm_scale`), [size]),
        g.constant(joined(`${name}layer_prepostprocess/layer_norm/layer_norm_bias`), [size]),
      ],
      { axis: -1, epsilon: float(1e-6) },
    );
  const linear = (tensor: Tensor, matrix: Float32Array, offset: Float32Array): Tensor =>
    g.op('Add', [
      g.op('MatMul', [tensor, g.constant(matrix, [matrix.length / offset.length, offset.length])]),
      g.constant(offset, [offset.length]),
    ]);

  const kernels = `${KERNELS}/Layer_${index}/TransformerLayer/MultiheadAttention`;
  const scale = weights(folded, 'MultiheadAttention/mul/y')[0]!;
  const qkv = linear(
    normalise(x, '', width),
    scaleQueries(weights(kernels, 'qkv_transform_single/kernel/part_0'), width, scale),
    scaleQueries(joined('MultiheadAttention/qkv_transform_single/bias'), width, scale),
  );
  const context = attention(g, qkv, bias, width);
  const attended = linear(
    context,
    weights(kernels, 'output_transform_single/kernel/part_0'),
    joined('MultiheadAttention/output_transform_single/bias'),
  );
  // Only the first layer widens its input, so only it has a matrix in the residual path.
  const residual = index === 0 ? linear(x, joined('dense/kernel'), joined('dense/bias')) : x;
  const h = g.op('Add', [attended, residual]);

  const conv1 = weights(folded, 'FFN/conv1/Tensordot/Reshape_1');
  const conv2 = weights(folded, 'FFN/conv2/Tensordot/Reshape_1');
  const hidden = g.op('Relu', [
    linear(normalise(h, 'FFN/', DIMS), conv1, joined('FFN/conv1/bias')),
  ]);
  return g.op('Add', [h, linear(hidden, conv2, joined('FFN/conv2/bias'))]);
}

function attention(g: Graph, qkv: Tensor, bias: Tensor, width: number): Tensor {
  const split = g.ops('Split', [qkv, g.ints(width, width, width)], 3, { axis: 2 });
  const byHead = g.ints(0, 0, HEADS, width / HEADS);
  const [q, k, v] = split.map((part) => g.op('Reshape', [part, byHead])) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const queries = g.op('Transpose', [q], { perm: [0, 2, 1, 3] });
  const keys = g.op('Transpose', [k], { perm: [0, 2, 3, 1] });
  const values = g.op('Transpose', [v], { perm: [0, 2, 1, 3] });
  const logits = g.op('Add', [g.op('MatMul', [queries, keys]), bias]);
  const context = g.op('MatMul', [g.op('Softmax', [logits], { axis: -1 }), values]);
  const merged = g.op('Transpose', [context], { perm: [0, 2, 1, 3] });
  return g.op('Reshape', [merged, g.ints(0, 0, width)]);
}

/** Folds the attention's 1/√(head width) into the query columns, the first third, of a matrix or bias. */
function scaleQueries(matrix: Float32Array, width: number, scale: number): Float32Array {
  return matrix.map((value, i) => (i % (3 * width) < width ? value * scale : value));
}
