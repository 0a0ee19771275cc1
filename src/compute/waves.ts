import { allocateIn, loadWasm, type WasmBuild, type WasmMemory, wasmBuild } from './wasm.ts';

/** native/waves.ts */
interface WavesExports {
  readonly memory: WasmMemory;
  allocate(bytes: number): number;
  waves(angles: number, out: number, rows: number, count: number, scale: number): void;
}

/** Turns tiles of angles into cosines and sines. */
export interface Waves {
  /** Where so many angles go before `features`, in half turns; row-major. */
  angles(rows: number): Float32Array;
  /**
   * All cosines of each row's angles, then all sines, times `scale`; row-major, and good until the next
   * call. Errors are below 1e-6 of `scale`, and the angle's own rounding.
   */
  features(rows: number, scale: number): Float32Array;
}

/** Memory: `wavesBytes`. */
export async function openWaves(
  most: number,
  count: number,
  build: WasmBuild = wasmBuild(),
): Promise<Waves> {
  const wasm = await loadWasm<WavesExports>('waves', build);
  const angles = allocateIn(wasm, 4 * most * count, 'angles');
  const out = allocateIn(wasm, 8 * most * count, 'random features');
  const { buffer } = wasm.memory;
  return {
    angles: (rows) => new Float32Array(buffer, angles, rows * count),
    features(rows, scale) {
      wasm.waves(angles, out, rows, count, scale);
      return new Float32Array(buffer, out, 2 * rows * count);
    },
  };
}

let idle: { readonly most: number; readonly count: number; readonly waves: Waves } | null = null;

/** The one that was kept, where it is of this size: its memory has been touched already. */
export function takeWaves(most: number, count: number): Waves | null {
  if (idle?.most !== most || idle.count !== count) return null;
  const { waves } = idle;
  idle = null;
  return waves;
}

/** For whoever takes it next; in place of what was kept before. */
export function keepWaves(most: number, count: number, waves: Waves): void {
  idle = { most, count, waves };
}

export const wavesBytes = (most: number, count: number): number => 12 * most * count;
