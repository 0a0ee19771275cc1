import { createRequire } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf, runtimeError } from '../base/errors.ts';
import { coreCount } from './cores.ts';

/**
 * The one door to ONNX Runtime. Its CommonJS module is loaded on first use, so commands that need no
 * arithmetic (`--help`, `gamut measures`) do not pay for it.
 */
export type Runtime = typeof import('onnxruntime-node');

let runtime: Runtime | undefined;

export function onnxruntime(): Runtime {
  if (runtime === undefined) {
    keepFreedMemory();
    runtime = createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  }
  return runtime;
}

/** As large as glibc's allocator learns from. */
const LESSON_BYTES = 31 * 2 ** 20;

/**
 * Every result of the runtime comes back in a new buffer. glibc gives large ones back to the system as soon as they
 * are collected, so each starts as pages that do not exist yet, which costs more than a small product
 * does. What it keeps grows with the largest buffer that it has seen freed: this one, whose pages are
 * never touched, and which is gone with the message that it is in. Elsewhere it changes nothing.
 */
function keepFreedMemory(): void {
  const { port1, port2 } = new MessageChannel();
  const lesson = new ArrayBuffer(LESSON_BYTES);
  port1.postMessage(lesson, [lesson]);
  port1.close();
  port2.close();
}

export interface SessionOptions {
  /** Threads of the processor; 0, the default, is one a core. */
  readonly threads?: number | undefined;
  /** Default: the native one. */
  readonly runtime?: Runtime | undefined;
  /** Files with weights that the model names, for one that comes as bytes. */
  readonly beside?: readonly { readonly path: string; readonly data: Uint8Array }[] | undefined;
  /** Default: the cpu. */
  readonly providers?: readonly InferenceSession.ExecutionProviderConfig[] | undefined;
}

/** Opens a model, from its bytes or a file. */
export async function openSession(
  model: Uint8Array | string,
  options: SessionOptions = {},
): Promise<InferenceSession> {
  const { InferenceSession } = (options.runtime ?? onnxruntime()) as Runtime;
  const settings: InferenceSession.SessionOptions = {
    executionProviders: options.providers ?? ['cpu'],
    intraOpNumThreads: options.threads || coreCount(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(options.beside?.length ? { externalData: options.beside } : {}),
  };
  try {
    return typeof model === 'string'
      ? await InferenceSession.create(model, settings)
      : await InferenceSession.create(model, settings);
  } catch (error) {
    const what = typeof model === 'string' ? model : 'a kernel';
    throw runtimeError(`ONNX Runtime could not load ${what}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * A typed array with its shape: what goes into a graph. No copy is made on the cpu. The type must be said where the
 * array does not tell: of booleans and of halves.
 */
export type Feed = readonly [
  data: Tensor.DataTypeMap[Tensor.Type],
  shape: readonly number[],
  type?: 'bool' | 'float16',
];
export type Feeds = Readonly<Record<string, Feed>>;
/** The runtime's own typed arrays. */
export type Results = Readonly<Record<string, Tensor>>;

export async function runSession(
  session: InferenceSession,
  runtime: Runtime,
  feeds: Feeds,
): Promise<Results> {
  return (await session.run(tensorsOf(runtime, feeds))) as Results;
}

/** Results go into the arrays of `into`, which saves a copy; it must name every one. */
export async function runSessionInto(
  session: InferenceSession,
  runtime: Runtime,
  feeds: Feeds,
  into: Feeds,
): Promise<Results> {
  return (await session.run(tensorsOf(runtime, feeds), tensorsOf(runtime, into))) as Results;
}

function tensorsOf({ Tensor }: Runtime, arrays: Feeds): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, [data, shape, type]] of Object.entries(arrays)) {
    tensors[name] =
      type === undefined
        ? new Tensor(data as Float32Array, shape)
        : new Tensor(type as 'float16', data as Uint16Array, shape);
  }
  return tensors;
}
