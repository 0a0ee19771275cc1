import type { Graph } from './graph.ts';

/**
 * A kernel is a small ONNX graph. A device builds and loads it once and keeps it under its key, which
 * must name everything that `build` depends on.
 */
export interface Kernel {
  readonly key: string;
  build(): Graph;
}
