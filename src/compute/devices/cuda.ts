import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { onnxruntime } from '../session.ts';
import type { DeviceKind } from './kind.ts';

/** An NVIDIA card through CUDA. ONNX Runtime's libraries for it are installed apart: they are large. */
export const cudaKind: DeviceKind = {
  name: 'cuda',
  about: 'an NVIDIA card, through CUDA',
  float64: true,
  providers: ['cuda'],
  runtime() {
    // By default products are rounded to 10 bits (TF32) on recent cards; distances need all 23.
    process.env.NVIDIA_TF32_OVERRIDE ??= '0';
    return onnxruntime();
  },
  missing,
  trialEnvironment: {},
  adapter: () => ({ description: cardName() ?? 'NVIDIA card', hardware: true }),
};

const LIBRARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'libonnxruntime_providers_cuda.so',
  'win32-x64': 'onnxruntime_providers_cuda.dll',
};

function missing(): string | null {
  const { platform, arch } = process;
  const library = LIBRARIES[`${platform}-${arch}`];
  if (library === undefined) {
    return `ONNX Runtime has CUDA for Linux and Windows on x64, not for ${platform} on ${arch}`;
  }
  const root = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  if (existsSync(join(root, 'bin', 'napi-v6', platform, arch, library))) return null;
  const install = join(root, 'script', 'install.js');
  return `ONNX Runtime's CUDA libraries are not installed; \`node ${install} --onnxruntime-node-install=cuda12\` fetches them`;
}

function cardName(): string | null {
  const { status, stdout } = spawnSync(
    'nvidia-smi',
    ['--query-gpu=name', '--format=csv,noheader'],
    { encoding: 'utf8' },
  );
  return status === 0 ? (stdout.split('\n')[0]?.trim() ?? null) : null;
}
