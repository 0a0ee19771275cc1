import { Writer } from './protobuf.ts';

/**
 * A typed builder for ONNX graphs. Kernels and model recipes are written with it: each operator is a
 * call that takes and returns tensor handles, and `build()` gives the bytes of a model that any ONNX
 * runtime loads. Field numbers are those of onnx.proto; shapes are inferred by the runtime.
 *
 * ```ts
 * const g = new Graph('similarity');
 * const x = g.input('x', 'float32', ['n', 384]);
 * const y = g.input('y', 'float32', ['m', 384]);
 * g.output('scores', g.op('Gemm', [x, y], { transB: 1 }), 'float32', ['n', 'm']);
 * const bytes = g.build();
 * ```
 */
export type ElementType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'float16'
  | 'float64';

/** A dimension: its size, or a name where it is known only when the graph runs. */
export type Dim = number | string;

declare const handle: unique symbol;
/** A tensor in a graph; only good for the graph that made it. */
export type Tensor = string & { readonly [handle]: true };

/** Attribute values. Numbers become int64 unless wrapped by `float()`. */
export type Attribute = number | string | readonly number[] | Float;
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
export const float = (value: number): Float => new Float(value);

/** ONNX's numbers of them. */
export const DATA_TYPES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

const IR_VERSION = 8;
export const OPSET = 17;

export class Graph {
  private readonly name: string;
  private readonly graph = new Writer();
  private readonly domains = new Set<string>();
  private tensors = 0;
  private outputs = 0;

  constructor(name: string) {
    this.name = name;
    this.graph.text(2, name);
  }

  input(name: string, type: ElementType, shape: readonly Dim[]): Tensor {
    this.graph.message(11, valueInfo(name, type, shape));
    return name as Tensor;
  }

  /** A constant that is stored in the model. The data is little-endian, as typed arrays are here. */
  constant(
    data: Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array | Uint16Array,
    shape: readonly number[],
    type: ElementType = elementType(data),
  ): Tensor {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (size !== data.length) {
      throw new Error(`constant of shape [${shape.join(', ')}] was given ${data.length} elements`);
    }
    const tensor = this.fresh('const');
    const proto = new Writer()
      .packed(1, shape)
      .integer(2, DATA_TYPES[type])
      .text(8, tensor)
      .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.graph.message(5, proto);
    return tensor;
  }

  /** A float32 scalar. */
  scalar(value: number): Tensor {
    return this.constant(Float32Array.of(value), []);
  }

  /** A one-dimensional int64 constant: axes, shapes, indices. */
  ints(...values: readonly number[]): Tensor {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** An operator with one result. An empty string among the inputs leaves out an optional one. */
  op(
    type: string,
    inputs: readonly (Tensor | '')[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Tensor {
    return this.ops(type, inputs, 1, attributes, domain)[0]!;
  }

  /** An operator with several results (Split, TopK). */
  ops(
    type: string,
    inputs: readonly (Tensor | '')[],
    results: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Tensor[] {
    const node = new Writer();
    for (const input of inputs) node.text(1, input);
    const produced = Array.from({ length: results }, () => this.fresh(type));
    for (const result of produced) node.text(2, result);
    node.text(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    if (domain !== '') {
      node.text(7, domain);
      this.domains.add(domain);
    }
    this.graph.message(1, node);
    return produced;
  }

  /** Names a tensor as a result of the whole graph. */
  output(name: string, tensor: Tensor, type: ElementType, shape: readonly Dim[]): void {
    this.graph.message(1, new Writer().text(1, tensor).text(2, name).text(4, 'Identity'));
    this.graph.message(12, valueInfo(name, type, shape));
    this.outputs += 1;
  }

  /** The bytes of the model. */
  build(): Uint8Array {
    if (this.outputs === 0) throw new Error(`graph ${this.name} has no output`);
    const model = new Writer().integer(1, IR_VERSION).text(2, 'gamut');
    model.message(7, this.graph);
    model.message(8, new Writer().text(1, '').integer(2, OPSET));
    for (const domain of this.domains) model.message(8, new Writer().text(1, domain).integer(2, 1));
    return model.finish();
  }

  private fresh(stem: string): Tensor {
    this.tensors += 1;
    return `${stem}_${this.tensors}` as Tensor;
  }
}

function elementType(data: ArrayBufferView): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Uint16Array) return 'float16';
  return 'uint8';
}

function valueInfo(name: string, type: ElementType, shape: readonly Dim[]): Writer {
  const dims = new Writer();
  for (const dim of shape) {
    dims.message(
      1,
      typeof dim === 'number' ? new Writer().integer(1, dim) : new Writer().text(2, dim),
    );
  }
  const tensor = new Writer().integer(1, DATA_TYPES[type]).message(2, dims);
  return new Writer().text(1, name).message(2, new Writer().message(1, tensor));
}

function attribute(name: string, value: Attribute): Writer {
  const proto = new Writer().text(1, name);
  if (value instanceof Float) return proto.float(2, value.value).integer(20, 1);
  if (typeof value === 'number') return proto.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return proto.text(4, value).integer(20, 3);
  for (const item of value) proto.integer(8, item);
  return proto.integer(20, 7);
}
