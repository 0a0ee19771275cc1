import type { Model, Node } from './onnx-parts.ts';

/** A product of a tensor with a constant matrix, and the vector that is added to it, if one is. */
export interface Product {
  readonly matrix: string;
  readonly output: string;
  readonly bias: string | null;
  /** The nodes that it takes the place of: a MatMul, and the Add behind it where there is one. */
  readonly nodes: readonly Node[];
}

/** A tensor that constant matrices are multiplied with. */
export interface Source {
  readonly name: string;
  /** Its last dimension. */
  readonly width: number;
  readonly products: readonly Product[];
}

/** Every tensor of a graph that is multiplied with constant float32 matrices, in order. */
export function sourcesOf({ nodes, constants, outputs }: Model): Source[] {
  const readers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const known = readers.get(input);
      if (known === undefined) readers.set(input, [node]);
      else known.push(node);
    }
  }
  const sources = new Map<string, { name: string; width: number; products: Product[] }>();
  for (const node of nodes) {
    const [name = '', matrix = ''] = node.inputs;
    const dims = constants.get(matrix)?.dims ?? [];
    if (node.type !== 'MatMul' || dims.length !== 2) continue;
    const [width, columns] = dims as [number, number];
    const source = sources.get(name) ?? { name, width, products: [] };
    sources.set(name, source);
    const output = node.outputs[0]!;
    const add = readers.get(output)?.length === 1 ? readers.get(output)![0]! : null;
    const bias = add?.type === 'Add' ? add.inputs.find((input) => input !== output) : undefined;
    const fits =
      bias !== undefined &&
      constants.get(bias)?.dims.join() === String(columns) &&
      !outputs.has(output);
    source.products.push(
      fits
        ? { matrix, bias, output: add!.outputs[0]!, nodes: [node, add!] }
        : { matrix, bias: null, output, nodes: [node] },
    );
  }
  return [...sources.values()];
}
