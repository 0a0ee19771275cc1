import type { InferenceSession } from 'onnxruntime-node';
import type { Runtime } from '../session.ts';

export type DeviceName = 'cpu' | 'webgpu' | 'cuda' | 'wasm';

/** What all devices of one name have in common. A new one is a file beside this and a line in device.ts. */
export interface DeviceKind {
  readonly name: DeviceName;
  /** What it computes with, for people: 'the processor, through ONNX Runtime'. */
  readonly about: string;
  /** Whether its products can be float64. Where not, Gram matrices are made from exact slices. */
  readonly float64: boolean;
  readonly providers: readonly InferenceSession.ExecutionProviderConfig[];
  /** false where its runtime returns results in arrays of its own whatever it is told. */
  readonly writesInto?: false;
  /** The ONNX Runtime that has the device, loaded when first asked for. */
  runtime(): Runtime;
  /** Why it cannot work here, where that is certain without trying. */
  missing(): string | null;
  /** Variables that a trial process gets so that it says on stderr which adapter it found. */
  readonly trialEnvironment: Readonly<Record<string, string>>;
  /** The adapter, from what a trial process said. */
  adapter(log: string): Adapter;
  /** What to do about a failed trial, where what it said tells. */
  remedy?(log: string): string | null;
}

export interface Adapter {
  /** 'AMD EPYC 9B14', 'NVIDIA H200', 'SwiftShader Device (Subzero)'. */
  readonly description: string;
  /** false for a graphics card that a processor imitates, and where that cannot be told. */
  readonly hardware: boolean;
}
