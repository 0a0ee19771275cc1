import { readFile } from 'node:fs/promises';
import { messageOf, runtimeError } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';

/** The part of the global that is used here; Node's type definitions leave it to the browser's. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ readonly exports: unknown }>;
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
};
declare const compiled: unique symbol;
/** Compiled code, which may be posted to another thread. */
export interface WasmModule {
  readonly [compiled]: true;
}

/** A module's memory. `buffer` is another object after every growth: make views anew. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
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

const modules = new Map<string, Promise<WasmModule>>();

/**
 * A fresh instance of `dist/native/NAME`, with memory of its own; the code is compiled once a process.
 * `Exports` is the caller's word for what the module exports.
 */
export async function loadWasm<Exports>(
  name: string,
  build: WasmBuild = wasmBuild(),
): Promise<Exports> {
  return loadCompiled<Exports>(await moduleOf(name, build));
}

/** A fresh instance of compiled code, which may have come from another thread. */
export async function loadCompiled<Exports>(module: WasmModule): Promise<Exports> {
  const { exports } = await WebAssembly.instantiate(module, {});
  return exports as Exports;
}

/** What several threads instantiate to work together: code, and a memory that they share. */
export interface SharedWasm {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
}

/** The threaded build of `NAME`, with a new memory: the sizes are those of native/build.mjs. */
export async function sharedWasm(name: string, build: WasmBuild): Promise<SharedWasm> {
  const module = await moduleOf(`${name}.threads`, build);
  return { module, memory: new WebAssembly.Memory({ initial: 2, maximum: 65_536, shared: true }) };
}

/** This thread's instance of a shared module. */
export async function joinWasm<Exports>({ module, memory }: SharedWasm): Promise<Exports> {
  // native/barrier.ts sleeps here, and native/worker.mjs has the same for the other threads.
  const pause = (address: number, value: number): void => {
    Atomics.wait(new Int32Array(memory.buffer as SharedArrayBuffer), address >>> 2, value);
  };
  const imports = { env: { memory }, barrier: { pause } };
  const { exports } = await WebAssembly.instantiate(module, imports);
  return exports as Exports;
}

/** The code of `dist/native/NAME`, which may be posted to threads. */
export function moduleOf(name: string, build: WasmBuild = wasmBuild()): Promise<WasmModule> {
  const file = build === 'simd' ? `${name}.simd.wasm` : `${name}.wasm`;
  const path = packagePath('dist', 'native', file);
  let module = modules.get(path);
  if (!module) {
    module = compile(path);
    modules.set(path, module);
    module.catch(() => modules.delete(path));
  }
  return module;
}

async function compile(path: string): Promise<WasmModule> {
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

/** `bytes` bytes from a module's native/heap.ts. The message of a refusal says what they were `for`. */
export function allocateIn(
  exports: { allocate(bytes: number): number },
  bytes: number,
  what: string,
): number {
  const start = bytes > 2 ** 32 ? 0 : exports.allocate(bytes) >>> 0;
  if (start !== 0) return start;
  throw runtimeError(
    `Not enough memory for ${what}: ${Math.ceil(bytes / 2 ** 20)} MiB more than there is within the 4 GiB of WebAssembly.`,
  );
}
