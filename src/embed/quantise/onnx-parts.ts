import { inputError } from '../../base/errors.ts';
import { Writer } from '../../compute/protobuf.ts';
import { type Field, integersOf, readFields, textOf } from '../../compute/protobuf-reader.ts';

/** Numbers of ONNX's messages: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const MODEL = { graph: 7, opset: 8 };
const GRAPH = { node: 1, initializer: 5, output: 12 };
const NODE = { input: 1, output: 2, name: 3, type: 4, attribute: 5, domain: 7 };
const TENSOR = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, external: 13 };
const FLOAT = 1;
const TYPES = { float32: FLOAT, uint8: 2, int8: 3, int64: 7 } as const;
const CONTRIB = 'com.microsoft';

/** An ONNX model taken apart as far as changing its products takes; all else is kept as it lies. */
export interface Model {
  readonly nodes: readonly Node[];
  /** The constants that are float32 vectors or matrices, by name. */
  readonly constants: ReadonlyMap<string, Constant>;
  /** Names of the graph's results. */
  readonly outputs: ReadonlySet<string>;
  readonly opset: number;
  /** The model with other nodes, constants and results. */
  write(changes: Changes): Uint8Array;
}

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The node as it lies in the model. */
  readonly content: Uint8Array;
}

export interface Constant {
  readonly dims: readonly number[];
  values(): Float32Array;
}

export interface Changes {
  /** In order, each as a node of a graph. */
  readonly nodes: readonly Uint8Array[];
  readonly constants?: readonly Uint8Array[];
  /** Names of constants that nothing reads any more. */
  readonly dropped?: ReadonlySet<string>;
  readonly outputs?: readonly Uint8Array[];
}

/** Throws a RangeError where the bytes are no ONNX model. */
export function readModel(bytes: Uint8Array): Model {
  const fields = readFields(bytes);
  const graph = fields.find(({ number }) => number === MODEL.graph);
  if (graph === undefined) throw new RangeError('it has no graph');
  const parts = readFields(graph.bytes);
  const constants = new Map<string, Constant>();
  const outputs = new Set<string>();
  const nodes: Node[] = [];
  for (const { number, bytes: content } of parts) {
    if (number === GRAPH.node) nodes.push(nodeOf(content));
    else if (number === GRAPH.output) outputs.add(nameOf(readFields(content), 1));
    else if (number === GRAPH.initializer) {
      const tensor = readFields(content);
      const constant = constantOf(tensor);
      if (constant !== null) constants.set(nameOf(tensor, TENSOR.name), constant);
    }
  }
  const opsets = fields.filter(({ number }) => number === MODEL.opset);
  const domains = opsets.map(({ bytes: opset }) => {
    const of = readFields(opset);
    return { name: nameOf(of, 1), version: of.find(({ number }) => number === 2)?.value ?? 1 };
  });
  const known = domains.some(({ name }) => name === CONTRIB);
  return {
    ...{ nodes, constants, outputs },
    opset: domains.find(({ name }) => name === '')?.version ?? 1,
    write({ nodes: others, constants: more = [], dropped = new Set(), outputs: results = [] }) {
      const rest = parts.filter(
        ({ number, bytes: content }) =>
          number !== GRAPH.node &&
          !(number === GRAPH.initializer && dropped.has(nameOf(readFields(content), TENSOR.name))),
      );
      const graphBytes = Buffer.concat([
        ...others.map((node) => message(GRAPH.node, node)),
        ...more.map((tensor) => message(GRAPH.initializer, tensor)),
        ...rest.map(({ whole }) => whole),
        ...results.map((result) => message(GRAPH.output, result)),
      ]);
      return Buffer.concat([
        ...fields.map((field) =>
          field === graph ? message(MODEL.graph, graphBytes) : field.whole,
        ),
        ...(known
          ? []
          : [message(MODEL.opset, new Writer().text(1, CONTRIB).integer(2, 1).finish())]),
      ]);
    },
  };
}

/** A length-delimited field. */
const message = (number: number, bytes: Uint8Array): Uint8Array =>
  new Writer().bytes(number, bytes).finish();

const nameOf = (fields: readonly Field[], number: number): string => {
  const field = fields.find((each) => each.number === number);
  return field === undefined ? '' : textOf(field);
};

function constantOf(tensor: readonly Field[]): Constant | null {
  const dims = integersOf(tensor, TENSOR.dims);
  const size = dims.reduce((product, dim) => product * dim, 1);
  const type = tensor.find(({ number }) => number === TENSOR.type)?.value;
  if (type !== FLOAT || size === 0 || dims.length === 0 || dims.length > 2) return null;
  if (tensor.some(({ number }) => number === TENSOR.external)) {
    throw inputError(
      'The model keeps its weights in a file beside it, which this cannot quantise; take one whose ONNX file holds them.',
    );
  }
  const data = tensor.find(({ number }) => number === TENSOR.raw || number === TENSOR.floats);
  if (data === undefined || data.bytes.length !== 4 * size) return null;
  // A copy, since a message's content lies at any address. (A Buffer's own `slice` is none.)
  return { dims, values: () => new Float32Array(Uint8Array.from(data.bytes).buffer) };
}

function nodeOf(content: Uint8Array): Node {
  const fields = readFields(content);
  const texts = (number: number): string[] =>
    fields.filter((field) => field.number === number).map(textOf);
  return {
    type: texts(NODE.type)[0] ?? '',
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    content,
  };
}

/** A node with integer attributes; `contrib` for ONNX Runtime's own operators. */
export function makeNode(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
  contrib = false,
): Uint8Array {
  const node = new Writer();
  for (const input of inputs) node.text(NODE.input, input);
  for (const output of outputs) node.text(NODE.output, output);
  node.text(NODE.type, type);
  if (contrib) node.text(NODE.domain, CONTRIB);
  for (const [key, value] of Object.entries(attributes)) {
    const attribute = new Writer().text(1, key);
    if (typeof value === 'number') attribute.integer(3, value).integer(20, 2);
    else attribute.packed(8, value).integer(20, 7);
    node.message(NODE.attribute, attribute);
  }
  return node.finish();
}

/** A constant of the graph. */
export const makeConstant = (
  name: string,
  dims: readonly number[],
  type: keyof typeof TYPES,
  data: ArrayBufferView,
): Uint8Array =>
  new Writer()
    .packed(TENSOR.dims, dims)
    .integer(TENSOR.type, TYPES[type])
    .text(TENSOR.name, name)
    .bytes(TENSOR.raw, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .finish();

/** A result of the graph that is a float32 vector. */
export const makeResult = (name: string, size: number): Uint8Array => {
  const shape = new Writer().message(1, new Writer().integer(1, size));
  const tensor = new Writer().integer(1, FLOAT).message(2, shape);
  return new Writer().text(1, name).message(2, new Writer().message(1, tensor)).finish();
};
