import { availableParallelism, cpus } from 'node:os';
import { onnxruntime } from '../session.ts';
import type { DeviceKind } from './kind.ts';

/** The processor, through ONNX Runtime's native library: the default. */
export const cpuKind: DeviceKind = {
  name: 'cpu',
  about: 'the processor',
  float64: true,
  providers: ['cpu'],
  runtime: onnxruntime,
  missing: () => null,
  trialEnvironment: {},
  adapter: () => ({ description: processorName(), hardware: true }),
};

/** 'AMD EPYC 9B14, 2 threads' */
export function processorName(): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  const threads = availableParallelism();
  return `${model}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
