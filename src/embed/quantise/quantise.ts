import { inputError, messageOf } from '../../base/errors.ts';
import { type Constant, type Model, makeConstant, makeNode, readModel } from './onnx-parts.ts';
import { type Product, type Source, sourcesOf } from './products.ts';
import type { Range, Ranges } from './ranges.ts';

/** A model with its matrices in eight bits, and what became of it. */
export interface Quantised {
  readonly bytes: Uint8Array;
  /** How many matrices were replaced. */
  readonly matrices: number;
}

/**
 * Weights take the values −63 … 63: with activations of 0 … 255 the sum of two products then fits the 16
 * bits that processors without VNNI add them in, so the result is the same on all.
 */
const LARGEST_WEIGHT = 63;
const LARGEST_ACTIVATION = 255;
/** Channels are brought to a common range where the widest is so many times as wide as the middle one. */
const UNEVEN = 2;

/** Reads a model; an error names it where it is none. */
export function readOnnx(bytes: Uint8Array, name: string): Model {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(`${name} is no ONNX model: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * The model with every product of a tensor and a constant matrix in eight bits: weights with a scale for
 * each column, activations with one that is fixed beforehand, from the ranges that were seen of them on
 * some texts. No scale depends on what a model is given, so a text's vector does not depend on what else
 * is in its batch, as it does with dynamic quantisation. Where few channels are much wider than the
 * others, a part of their width is moved into the weights (SmoothQuant, arXiv 2211.10438). Products of
 * tensors that were never seen stay as they are.
 */
export function quantise(model: Model, ranges: Ranges): Quantised {
  const replaced = new Map<Uint8Array, readonly Uint8Array[]>();
  const constants: Uint8Array[] = [];
  const uses = usesOf(model);
  let matrices = 0;
  for (const source of sourcesOf(model)) {
    const range = ranges.get(source.name);
    if (range === undefined) continue;
    const weights = source.products.map(({ matrix }) => model.constants.get(matrix)!);
    const smooth = smoothingOf(range, weights, source.width);
    const made = new EightBits(source, range, smooth, weights);
    constants.push(...made.constants);
    for (const [i, { nodes, matrix }] of source.products.entries()) {
      matrices += 1;
      uses.set(matrix, uses.get(matrix)! - 1);
      const before = i === 0 ? made.quantising : [];
      replaced.set(nodes[0]!.content, [...before, made.products[i]!]);
      for (const gone of nodes.slice(1)) replaced.set(gone.content, []);
    }
  }
  const nodes = model.nodes.flatMap(({ content }) => replaced.get(content) ?? [content]);
  const dropped = new Set([...uses].filter(([, count]) => count === 0).map(([name]) => name));
  return { bytes: model.write({ nodes, constants, dropped }), matrices };
}

/** How many nodes read each constant. */
function usesOf({ nodes, constants }: Model): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { inputs } of nodes) {
    for (const input of inputs) {
      if (constants.has(input)) uses.set(input, (uses.get(input) ?? 0) + 1);
    }
  }
  return uses;
}

/** What each channel is divided by before it is quantised, and its weights multiplied with; null: nothing. */
function smoothingOf(
  { low, high }: Range,
  weights: readonly Constant[],
  width: number,
): Float32Array | null {
  const widths = Float64Array.from({ length: width }, (_, j) => Math.max(-low[j]!, high[j]!, 0));
  const middle = Float64Array.from(widths).sort()[width >> 1]!;
  const widest = widths.reduce((a, b) => Math.max(a, b), 0);
  if (middle === 0 || widest < UNEVEN * middle) return null;
  const heaviest = new Float64Array(width);
  for (const weight of weights) {
    const values = weight.values();
    const columns = weight.dims[1]!;
    for (let j = 0; j < width; j += 1) {
      for (let i = j * columns; i < (j + 1) * columns; i += 1) {
        heaviest[j] = Math.max(heaviest[j]!, Math.abs(values[i]!));
      }
    }
  }
  return Float32Array.from(widths, (channel, j) => {
    const root = Math.sqrt(channel / heaviest[j]!);
    return Number.isFinite(root) && root > 0 ? root : 1;
  });
}

/** The nodes and constants that stand for the products of one tensor. */
class EightBits {
  readonly constants: Uint8Array[] = [];
  readonly quantising: Uint8Array[] = [];
  readonly products: Uint8Array[];

  constructor(
    { name, products, width }: Source,
    { low, high }: Range,
    smooth: Float32Array | null,
    weights: readonly Constant[],
  ) {
    let least = 0;
    let most = 0;
    for (let j = 0; j < width; j += 1) {
      least = Math.min(least, low[j]! / (smooth?.[j] ?? 1));
      most = Math.max(most, high[j]! / (smooth?.[j] ?? 1));
    }
    const scale = Math.fround((most - least) / LARGEST_ACTIVATION) || 1;
    const zero = Math.round(-least / scale);
    const [scaleName, zeroName, wholeName] = [`${name}__scale`, `${name}__zero`, `${name}__whole`];
    this.constants.push(
      makeConstant(scaleName, [], 'float32', Float32Array.of(scale)),
      makeConstant(zeroName, [], 'uint8', Uint8Array.of(zero)),
    );
    let input = name;
    if (smooth !== null) {
      input = `${name}__smooth`;
      this.constants.push(
        makeConstant(
          `${name}__by`,
          [width],
          'float32',
          smooth.map((by) => 1 / by),
        ),
      );
      this.quantising.push(makeNode('Mul', [name, `${name}__by`], [input]));
    }
    this.quantising.push(makeNode('QuantizeLinear', [input, scaleName, zeroName], [wholeName]));
    this.products = products.map((product, i) =>
      this.product(product, weights[i]!, smooth, [wholeName, scaleName, zeroName]),
    );
  }

  private product(
    { matrix, bias, output }: Product,
    weight: Constant,
    smooth: Float32Array | null,
    [whole, scale, zero]: readonly [string, string, string],
  ): Uint8Array {
    // A matrix that two tensors share has weights for each, since they are smoothed apart.
    const name = `${matrix}__of_${whole}`;
    const [rows, columns] = weight.dims as [number, number];
    const { bytes, scales } = eightBits(weight.values(), rows, columns, smooth);
    this.constants.push(
      makeConstant(`${name}_q8`, [rows, columns], 'int8', bytes),
      makeConstant(`${name}_scales`, [columns], 'float32', scales),
    );
    return makeNode(
      'MatMulIntegerToFloat',
      [whole, `${name}_q8`, scale, `${name}_scales`, zero, '', ...(bias === null ? [] : [bias])],
      [output],
      {},
      true,
    );
  }
}

/** A matrix, its rows multiplied with `smooth`, in whole numbers and a scale for each column. */
function eightBits(
  values: Float32Array,
  rows: number,
  columns: number,
  smooth: Float32Array | null,
): { bytes: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(columns);
  for (let j = 0; j < rows; j += 1) {
    const by = smooth?.[j] ?? 1;
    for (let i = 0; i < columns; i += 1) {
      scales[i] = Math.max(scales[i]!, Math.abs(by * values[j * columns + i]!));
    }
  }
  for (let i = 0; i < columns; i += 1) scales[i] = scales[i]! / LARGEST_WEIGHT;
  const bytes = new Int8Array(rows * columns);
  for (let j = 0; j < rows; j += 1) {
    const by = smooth?.[j] ?? 1;
    for (let i = 0; i < columns; i += 1) {
      const scale = scales[i]!;
      if (scale === 0) continue;
      const value = Math.round((by * values[j * columns + i]!) / scale);
      bytes[j * columns + i] = Math.max(-LARGEST_WEIGHT, Math.min(LARGEST_WEIGHT, value));
    }
  }
  return { bytes, scales };
}
