import { readFile } from 'node:fs/promises';
import { messageOf, runtimeError } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';

/** The part of the global that is used here; Node's type definitions leave it to the browser's. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  instantiate(
    module: CompiledModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ readonly exports: unknown }>;
};
declare const compiled: unique symbol;
interface CompiledModule {
  readonly [compiled]: true;
}

/** A module's memory. `buffer` is another object after every growth: make views anew. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** `simd` where the runtime has 128-bit vectors, `scalar` elsewhere: slower, and other last digits. */
export type WasmBuild = 'simd' | 'scalar';

/** A module with one function that uses a vector: `drop(i8x16.splat(0))`. */
const SIMD_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x09, 0x01, 0x07, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x1a, 0x0b],
);

/** The build that suits this runtime. */
export const wasmBuild = (): WasmBuild => (WebAssembly.validate(SIMD_PROBE) ? 'simd' : 'scalar');

const modules = new Map<string, Promise<CompiledModule>>();

/**
 * A fresh instance of `dist/native/NAME`, with memory of its own; the code is compiled once a process.
 * `Exports` is the caller's word for what the module exports.
 */
export async function loadWasm<Exports>(
  name: string,
  build: WasmBuild = wasmBuild(),
): Promise<Exports> {
  const path = packagePath(
    'dist',
    'native',
    build === 'simd' ? `${name}.simd.wasm` : `${name}.wasm`,
  );
  let module = modules.get(path);
  if (!module) {
    module = compile(path);
    modules.set(path, module);
    module.catch(() => modules.delete(path));
  }
  const { exports } = await WebAssembly.instantiate(await module, {});
  return exports as Exports;
}

async function compile(path: string): Promise<CompiledModule> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw runtimeError(
      `Could not read ${path}: ${messageOf(error)}. Run \`npm run build\` in gamut's folder.`,
      { cause: error },
    );
  });
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw runtimeError(
      `${path} is damaged: ${messageOf(error)}. Run \`npm run build\` in gamut's folder.`,
      { cause: error },
    );
  }
}
