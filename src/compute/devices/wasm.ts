import { createRequire } from 'node:module';
import { onnxruntime, type Runtime } from '../session.ts';
import { processorName } from './cpu.ts';
import type { DeviceKind } from './kind.ts';

/** The processor through WebAssembly: what a browser has too, and what works without a native library. */
export const wasmKind: DeviceKind = {
  name: 'wasm',
  about: 'the processor, through WebAssembly with SIMD, on one thread',
  float64: true,
  writesInto: false,
  providers: ['wasm'],
  runtime,
  missing: () => null,
  trialEnvironment: {},
  adapter: () => ({ description: processorName(), hardware: true }),
};

let loaded: Runtime | undefined;

function runtime(): Runtime {
  if (loaded === undefined) {
    claimNativeNames();
    loaded = createRequire(import.meta.url)('onnxruntime-web') as Runtime;
    // Under Node the threads that version 1.30 starts stay idle (measured: one core busy of any number).
    loaded.env.wasm.numThreads = 1;
  }
  return loaded;
}

/**
 * Both runtimes share one table of backends, in which the first to register a name keeps it, and this
 * one would take 'cpu' from the native library. That may be missing, which is what wasm is for.
 */
function claimNativeNames(): void {
  try {
    onnxruntime();
  } catch {
    // No native library here: nothing to keep apart.
  }
}
