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
  adapter: () => ({ description: `${processorName()}, ${threads()}`, hardware: true }),
};

/** 'AMD EPYC 9B14' */
export const processorName = (): string => cpus()[0]?.model.trim() || process.arch;

function threads(): string {
  const count = availableParallelism();
  return count === 1 ? '1 thread' : `${count} threads`;
}
