import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf, runtimeError } from '../base/errors.ts';
import type { Graph } from './graph.ts';
import { onnxruntime, openSession } from './session.ts';

/**
 * A kernel is a small ONNX graph that is built once per shape of use and kept. Feeds are typed
 * arrays with their shapes; results come back as the runtime's own typed arrays, no copy made.
 */
const sessions = new Map<string, Promise<InferenceSession>>();

export type Feed = readonly [data: Tensor.DataTypeMap[Tensor.Type], shape: readonly number[]];
export type Results = Readonly<Record<string, Tensor>>;

/** Runs the kernel called `key`, which must name everything that `build` depends on. */
export async function runKernel(
  key: string,
  build: () => Graph,
  feeds: Readonly<Record<string, Feed>>,
): Promise<Results> {
  let session = sessions.get(key);
  if (session === undefined) {
    session = openSession(build().build());
    sessions.set(key, session);
  }
  const { Tensor } = onnxruntime();
  const tensors: Record<string, Tensor> = {};
  for (const [name, [data, shape]] of Object.entries(feeds)) {
    tensors[name] = new Tensor(data as Float32Array, shape);
  }
  const kernel = await session;
  try {
    return (await kernel.run(tensors)) as Results;
  } catch (error) {
    throw runtimeError(`Kernel ${key} failed: ${messageOf(error)}`, { cause: error });
  }
}
