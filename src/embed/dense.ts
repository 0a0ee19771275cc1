import { join } from 'node:path';
import { inputError, runtimeError } from '../base/errors.ts';
import type { Device, Session } from '../compute/device.ts';
import { Graph } from '../compute/graph.ts';
import { readSafetensors } from '../data/safetensors.ts';
import { readJson } from './model-files.ts';

/** A dense layer of sentence-transformers behind the pool: x W' + b, then perhaps a function. */
export interface Dense {
  readonly outputs: number;
  run(vectors: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** ONNX's names of the functions, by the end of PyTorch's. */
const FUNCTIONS: Readonly<Record<string, string | null>> = {
  Identity: null,
  Tanh: 'Tanh',
  ReLU: 'Relu',
  Sigmoid: 'Sigmoid',
};

export async function openDense(folder: string, device: Device): Promise<Dense> {
  const config = join(folder, 'config.json');
  const { activation_function: stated = 'Identity', bias } = readJson(config);
  const name = String(stated).split('.').at(-1)!;
  if (!Object.hasOwn(FUNCTIONS, name)) {
    throw inputError(
      `${config} asks for ${String(stated)}; known are ${Object.keys(FUNCTIONS).join(', ')}.`,
    );
  }
  const path = join(folder, 'model.safetensors');
  const file = await readSafetensors(path);
  const [outputs = 0, inputs = 0] = file.shape('linear.weight');
  const g = new Graph('dense');
  const x = g.input('x', 'float32', ['n', inputs]);
  const weight = g.constant(file.floats('linear.weight'), [outputs, inputs]);
  const offset = bias === false ? [] : [g.constant(file.floats('linear.bias'), [outputs])];
  const product = g.op('Gemm', [x, weight, ...offset], { transB: 1 });
  const activation = FUNCTIONS[name];
  const y = activation ? g.op(activation, [product]) : product;
  g.output('y', y, 'float32', ['n', outputs]);
  const session: Session = await device.open(g.build());
  return {
    outputs,
    async run(vectors) {
      if (vectors.length % inputs !== 0) {
        throw runtimeError(
          `The dense layer ${folder} takes ${inputs} numbers a row; it is of another model.`,
        );
      }
      const { y: result } = await session.run({ x: [vectors, [vectors.length / inputs, inputs]] });
      return result!.data as Float32Array;
    },
    close: () => session.release(),
  };
}
