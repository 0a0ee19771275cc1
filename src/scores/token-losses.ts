import { inputError, messageOf } from '../base/errors.ts';
import { DATA_TYPES } from '../compute/graph.ts';
import { GRAPH, MODEL, NODE, OPSET_IMPORT, TENSOR, TYPE, VALUE } from '../compute/onnx-fields.ts';
import { Writer } from '../compute/protobuf.ts';
import { type Field, readFields, textOf } from '../compute/protobuf-reader.ts';

/** What goes into a model, or comes out. */
export interface Port {
  readonly name: string;
  /** ONNX's number of its element type. */
  readonly type: number;
  /** A name where the size is known only when it runs; null where the model says nothing. */
  readonly shape: readonly (number | string)[] | null;
}

export interface LossModel {
  readonly bytes: Uint8Array;
  /** The model's own inputs; TARGETS comes beside them. */
  readonly inputs: readonly Port[];
  /** The number of tokens it tells apart, where its file says. */
  readonly vocabulary: number | null;
}

/** The tokens that should come next, int64 [batch, length, 1]. */
export const TARGETS = 'gamut_targets';
/** −ln p of each of them, float32 [batch, length, 1]. */
export const LOSSES = 'gamut_losses';

/** From this version of the operators on, axes are an input. */
const AXES_AS_INPUT = 18;

/**
 * A causal language model that gives back the loss of each next token and nothing else: behind its logits
 * follow log Σ exp − logit of the target, so that what comes back is one number a token instead of one for each
 * word of the vocabulary. Its other outputs, such as keys and values, are not computed any more.
 */
export function withTokenLosses(model: Uint8Array, name: string): LossModel {
  try {
    const fields = readFields(model);
    const graph = fields.find(({ number }) => number === MODEL.graph);
    if (graph === undefined) throw new RangeError('it has no graph');
    const parts = readFields(graph.bytes);
    const constants = new Set(
      parts.filter(({ number }) => number === GRAPH.initializer).map(nameOfTensor),
    );
    const ports = (number: number): Port[] =>
      parts.filter((field) => field.number === number).map(({ bytes }) => portOf(bytes));
    const inputs = ports(GRAPH.input).filter((port) => !constants.has(port.name));
    const logits = ports(GRAPH.output).find((port) => port.name === 'logits');
    if (logits === undefined) {
      const found = ports(GRAPH.output).map((port) => port.name);
      throw inputError(
        `${name} is no language model that gamut can read: it gives ${found.join(', ')} and no logits. Export it for text generation.`,
      );
    }
    const kept = parts.filter(({ number }) => number !== GRAPH.output).map(({ whole }) => whole);
    const changed = Buffer.concat([...kept, lossNodes(logits, opsetOf(fields))]);
    const bytes = Buffer.concat(
      fields.map((field) =>
        field === graph ? new Writer().bytes(MODEL.graph, changed).finish() : field.whole,
      ),
    );
    const size = logits.shape?.at(-1);
    return { bytes, inputs, vocabulary: typeof size === 'number' ? size : null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(`${name} is no ONNX model: ${messageOf(error)}.`, { cause: error });
  }
}

/** The fields of a graph that come after the logits. */
function lossNodes(logits: Port, opset: number): Uint8Array {
  const graph = new Writer();
  const node = (type: string, from: readonly string[], to: string, attributes: Writer[]): void => {
    const writer = new Writer();
    for (const input of from) writer.text(NODE.input, input);
    writer.text(NODE.output, to).text(NODE.name, to).text(NODE.type, type);
    for (const attribute of attributes) writer.message(NODE.attribute, attribute);
    graph.message(GRAPH.node, writer);
  };
  const integer = (key: string, value: number): Writer =>
    new Writer().text(1, key).integer(3, value).integer(20, 2);
  const { float32, int64 } = DATA_TYPES;
  let source = logits.name;
  if (logits.type !== float32) {
    node('Cast', [source], 'gamut_logits', [integer('to', float32)]);
    source = 'gamut_logits';
  }
  node('GatherElements', [source, TARGETS], 'gamut_picked', [integer('axis', 2)]);
  if (opset >= AXES_AS_INPUT) {
    const axes = new Writer()
      .packed(TENSOR.dims, [1])
      .integer(TENSOR.type, int64)
      .text(TENSOR.name, 'gamut_axes')
      .bytes(TENSOR.raw, new Uint8Array(BigInt64Array.of(2n).buffer));
    graph.message(GRAPH.initializer, axes);
    node('ReduceLogSumExp', [source, 'gamut_axes'], 'gamut_total', [integer('keepdims', 1)]);
  } else {
    const axes = new Writer().text(1, 'axes').integer(8, 2).integer(20, 7);
    node('ReduceLogSumExp', [source], 'gamut_total', [axes, integer('keepdims', 1)]);
  }
  node('Sub', ['gamut_total', 'gamut_picked'], LOSSES, []);
  graph.message(GRAPH.input, portMessage(TARGETS, int64));
  graph.message(GRAPH.output, portMessage(LOSSES, float32));
  return graph.finish();
}

function portMessage(name: string, type: number): Writer {
  const shape = new Writer();
  for (const dim of ['gamut_batch', 'gamut_length']) {
    shape.message(TYPE.dim, new Writer().text(TYPE.parameter, dim));
  }
  shape.message(TYPE.dim, new Writer().integer(TYPE.size, 1));
  const tensor = new Writer().integer(TYPE.element, type).message(TYPE.shape, shape);
  return new Writer()
    .text(VALUE.name, name)
    .message(VALUE.type, new Writer().message(TYPE.tensor, tensor));
}

/** The version of the ordinary operators. */
function opsetOf(fields: readonly Field[]): number {
  for (const { number, bytes } of fields) {
    if (number !== MODEL.opset) continue;
    const opset = readFields(bytes);
    const domain = opset.find((field) => field.number === OPSET_IMPORT.domain);
    if (domain !== undefined && !['', 'ai.onnx'].includes(textOf(domain))) continue;
    return opset.find((field) => field.number === OPSET_IMPORT.version)?.value ?? 0;
  }
  return 0;
}

const nameOfTensor = ({ bytes }: Field): string => {
  const name = readFields(bytes).find(({ number }) => number === TENSOR.name);
  return name === undefined ? '' : textOf(name);
};

function portOf(bytes: Uint8Array): Port {
  const value = readFields(bytes);
  const inside = (fields: readonly Field[], number: number): Field[] | null => {
    const found = fields.find((field) => field.number === number);
    return found === undefined ? null : readFields(found.bytes);
  };
  const name = value.find(({ number }) => number === VALUE.name);
  const tensor = inside(inside(value, VALUE.type) ?? [], TYPE.tensor) ?? [];
  const shape = inside(tensor, TYPE.shape);
  return {
    name: name === undefined ? '' : textOf(name),
    type: tensor.find(({ number }) => number === TYPE.element)?.value ?? 0,
    shape:
      shape?.map((dim, i) => {
        const [size] = readFields(dim.bytes);
        if (size === undefined) return `d${i}`;
        return size.number === TYPE.size ? size.value : textOf(size);
      }) ?? null,
  };
}
