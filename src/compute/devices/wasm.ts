import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Runtime } from '../session.ts';
import { processorName } from './cpu.ts';
import type { DeviceKind } from './kind.ts';

/** The processor through WebAssembly: what a browser has too, and what works without a native library. */
export const wasmKind: DeviceKind = {
  name: 'wasm',
  about: 'the processor, through WebAssembly with SIMD',
  float64: true,
  providers: ['wasm'],
  runtime,
  missing: () => null,
  trialEnvironment: {},
  adapter: () => ({ description: processorName(), hardware: true }),
};

let loaded: Runtime | undefined;

function runtime(): Runtime {
  if (loaded === undefined) {
    loaded = createRequire(import.meta.url)('onnxruntime-web') as Runtime;
    loaded.env.wasm.numThreads = availableParallelism();
  }
  return loaded;
}
