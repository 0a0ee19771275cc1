import { inputError, messageOf } from '../base/errors.ts';
import { Writer } from '../compute/protobuf.ts';
import { type Field, integersOf, readFields, textOf } from '../compute/protobuf-reader.ts';

/** A model with its matrices in eight bits, and what became of it. */
export interface Quantised {
  readonly bytes: Uint8Array;
  /** How many matrices were replaced. */
  readonly matrices: number;
}

/** Numbers that share a scale: a run of a column. */
const BLOCK = 32;
/** What an eight-bit zero is. */
const ZERO = 128;
const LARGEST = 127;
/** Numbers of ONNX's messages: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const MODEL = { graph: 7, opset: 8 };
const GRAPH = { node: 1, initializer: 5 };
const NODE = { input: 1, output: 2, name: 3, type: 4 };
const TENSOR = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, external: 13 };
const FLOAT = 1;
const CONTRIB = 'com.microsoft';

/**
 * An ONNX model with every MatMul by a constant matrix turned into MatMulNBits: weights in eight bits
 * with a scale for each 32 of a column, and, on the processor, activations in eight bits with scales of
 * their own row (accuracy level 4). No scale is shared between rows, so a text's vector does not depend
 * on what else is in its batch, as it does with dynamic quantisation. Everything else stays as it is.
 */
export function quantise(model: Uint8Array, name: string): Quantised {
  try {
    const fields = readFields(model);
    const graph = fields.find(({ number }) => number === MODEL.graph);
    if (graph === undefined) throw new RangeError('it has no graph');
    const { bytes, matrices } = quantiseGraph(graph.bytes);
    const parts = fields.map((field) =>
      field === graph ? message(MODEL.graph, bytes) : field.whole,
    );
    const known = fields.some(
      ({ number, bytes: opset }) =>
        number === MODEL.opset && readFields(opset).some((field) => textOf(field) === CONTRIB),
    );
    const opset = new Writer().text(1, CONTRIB).integer(2, 1).finish();
    if (!known && matrices > 0) parts.push(message(MODEL.opset, opset));
    return { bytes: Buffer.concat(parts), matrices };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(`${name} is no ONNX model: ${messageOf(error)}.`, { cause: error });
  }
}

/** A length-delimited field. */
const message = (number: number, bytes: Uint8Array): Uint8Array =>
  new Writer().bytes(number, bytes).finish();

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

function quantiseGraph(graph: Uint8Array): { bytes: Uint8Array; matrices: number } {
  const fields = readFields(graph);
  const constants = new Map<string, Matrix>();
  for (const field of fields) {
    if (field.number !== GRAPH.initializer) continue;
    const tensor = readFields(field.bytes);
    const matrix = matrixOf(tensor);
    if (matrix !== null) constants.set(nameOf(tensor), matrix);
  }
  const nodes = fields
    .filter(({ number }) => number === GRAPH.node)
    .map(({ bytes }) => nodeOf(bytes));
  const uses = new Map<string, number>();
  for (const { inputs } of nodes) {
    for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  }
  const written = new Set<string>();
  const gone = new Set<string>();
  let matrices = 0;
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    if (field.number !== GRAPH.node) continue;
    const node = nodeOf(field.bytes);
    const weight = node.inputs[1] ?? '';
    const matrix = node.type === 'MatMul' ? constants.get(weight) : undefined;
    if (matrix === undefined) {
      parts.push(field.whole);
      continue;
    }
    matrices += 1;
    uses.set(weight, uses.get(weight)! - 1);
    if (uses.get(weight) === 0) gone.add(weight);
    if (!written.has(weight)) parts.push(...tensorsOf(weight, matrix));
    written.add(weight);
    parts.push(message(GRAPH.node, replaced(node, matrix)));
  }
  const rest = fields.filter(
    (field) =>
      field.number !== GRAPH.node &&
      !(field.number === GRAPH.initializer && gone.has(nameOf(readFields(field.bytes)))),
  );
  return { bytes: Buffer.concat([...parts, ...rest.map(({ whole }) => whole)]), matrices };
}

const nameOf = (tensor: readonly Field[]): string => {
  const field = tensor.find(({ number }) => number === TENSOR.name);
  return field === undefined ? '' : textOf(field);
};

/** A constant that is a float32 matrix; null for every other. */
function matrixOf(tensor: readonly Field[]): Matrix | null {
  const [rows = 0, columns = 0, ...more] = integersOf(tensor, TENSOR.dims);
  const type = tensor.find(({ number }) => number === TENSOR.type)?.value;
  if (type !== FLOAT || rows * columns === 0 || more.length > 0) return null;
  if (tensor.some(({ number }) => number === TENSOR.external)) {
    throw inputError(
      'The model keeps its weights in a file beside it, which this cannot quantise; take one whose ONNX file holds them.',
    );
  }
  const data = tensor.find(({ number }) => number === TENSOR.raw || number === TENSOR.floats);
  if (data === undefined || data.bytes.length !== 4 * rows * columns) return null;
  // A copy, since a message's content lies at any address. (A Buffer's own `slice` is none.)
  const values = new Float32Array(Uint8Array.from(data.bytes).buffer);
  return { rows, columns, values };
}

interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
}

function nodeOf(bytes: Uint8Array): Node {
  const fields = readFields(bytes);
  const texts = (number: number): string[] =>
    fields.filter((field) => field.number === number).map(textOf);
  return {
    type: texts(NODE.type)[0] ?? '',
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    name: texts(NODE.name)[0] ?? '',
  };
}

/** The MatMulNBits that does what a MatMul did. */
function replaced({ inputs, outputs, name }: Node, { rows, columns }: Matrix): Uint8Array {
  const node = new Writer();
  for (const input of [inputs[0]!, `${inputs[1]}_q8`, `${inputs[1]}_scales`])
    node.text(NODE.input, input);
  for (const output of outputs) node.text(NODE.output, output);
  node.text(NODE.name, name).text(NODE.type, 'MatMulNBits').text(7, CONTRIB);
  const attributes = { K: rows, N: columns, bits: 8, block_size: BLOCK, accuracy_level: 4 };
  for (const [key, value] of Object.entries(attributes)) {
    node.message(5, new Writer().text(1, key).integer(3, value).integer(20, 2));
  }
  return node.finish();
}

/** The eight-bit weights, column by column in blocks of rows, and their scales, as initializers. */
function tensorsOf(name: string, { rows, columns, values }: Matrix): Uint8Array[] {
  const blocks = Math.ceil(rows / BLOCK);
  const weights = new Uint8Array(columns * blocks * BLOCK).fill(ZERO);
  const scales = new Float32Array(columns * blocks);
  for (let column = 0; column < columns; column += 1) {
    for (let block = 0; block < blocks; block += 1) {
      const first = block * BLOCK;
      const last = Math.min(rows, first + BLOCK);
      let largest = 0;
      for (let row = first; row < last; row += 1) {
        largest = Math.max(largest, Math.abs(values[row * columns + column]!));
      }
      const at = column * blocks + block;
      const scale = Math.fround(largest / LARGEST);
      scales[at] = scale;
      if (scale === 0) continue;
      for (let row = first; row < last; row += 1) {
        const value = Math.round(values[row * columns + column]! / scale);
        weights[at * BLOCK + row - first] = ZERO + Math.max(-LARGEST, Math.min(LARGEST, value));
      }
    }
  }
  const tensor = (suffix: string, dims: number[], type: number, data: Uint8Array): Uint8Array =>
    message(
      GRAPH.initializer,
      new Writer()
        .packed(TENSOR.dims, dims)
        .integer(TENSOR.type, type)
        .text(TENSOR.name, name + suffix)
        .bytes(TENSOR.raw, data)
        .finish(),
    );
  const UINT8 = 2;
  return [
    tensor('_q8', [columns, blocks, BLOCK], UINT8, weights),
    tensor('_scales', [columns * blocks], FLOAT, new Uint8Array(scales.buffer)),
  ];
}
