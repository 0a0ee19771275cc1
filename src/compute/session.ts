import { createRequire } from 'node:module';
import type { InferenceSession } from 'onnxruntime-node';
import { messageOf, runtimeError } from '../base/errors.ts';

/**
 * The one door to ONNX Runtime. Its CommonJS module is loaded on first use, so commands that need no
 * arithmetic (`--help`, `gamut measures`) do not pay for it.
 */
export type Runtime = typeof import('onnxruntime-node');

let runtime: Runtime | undefined;

export function onnxruntime(): Runtime {
  runtime ??= createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  return runtime;
}

/** Opens a model, from its bytes or a file, on the cpu. `threads` 0 leaves the choice to the runtime. */
export async function openSession(
  model: Uint8Array | string,
  options: { readonly threads?: number } = {},
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads ?? 0,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  };
  try {
    return typeof model === 'string'
      ? await onnxruntime().InferenceSession.create(model, settings)
      : await onnxruntime().InferenceSession.create(model, settings);
  } catch (error) {
    const what = typeof model === 'string' ? model : 'a kernel';
    throw runtimeError(`ONNX Runtime could not load ${what}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
