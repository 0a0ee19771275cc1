import { onnxruntime } from '../session.ts';
import type { Adapter, DeviceKind } from './kind.ts';

/**
 * A graphics card through WebGPU: Vulkan on Linux, Metal on macOS, Direct3D 12 on Windows. ONNX Runtime
 * does not tell which adapter it took, so a trial process listens to those who list them: the Vulkan
 * loader, or the runtime's own search for cards.
 */
export const webgpuKind: DeviceKind = {
  name: 'webgpu',
  about: 'a graphics card, through WebGPU',
  float64: false,
  providers: ['webgpu'],
  runtime: onnxruntime,
  missing: () => null,
  trialEnvironment: { VK_LOADER_DEBUG: 'info' },
  adapter: (log) => adapterOf(process.platform === 'linux' ? vulkanAdapters(log) : cards(log)),
  remedy: (log) =>
    /libvulkan\S*: cannot open/u.test(log)
      ? 'the Vulkan loader is not installed (Debian and Ubuntu: apt install libvulkan1)'
      : null,
};

/** Adapters that are a processor's imitation of a card. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** The runtime asks for the fastest adapter, and imitations come last; so does this. */
export function adapterOf(names: readonly string[]): Adapter {
  const card = names.find((name) => !SOFTWARE.test(name));
  if (card !== undefined) return { description: card, hardware: true };
  const [imitation] = names;
  return imitation === undefined
    ? { description: 'an adapter that does not say its name', hardware: false }
    : { description: `${imitation}, in software`, hardware: false };
}

/** Lines such as `[Vulkan Loader] INFO | DRIVER:  [0] NVIDIA H200` that follow a `Sorted order:`. */
export function vulkanAdapters(log: string): string[] {
  const sorted = log.slice(Math.max(0, log.lastIndexOf('Sorted order:')));
  return Array.from(sorted.matchAll(/DRIVER:\s+\[\d+\] (.+)/gu), ([, name]) => name!.trim());
}

/** Lines such as `Discovered OrtHardwareDevice {…, vendor:Apple, type:1, metadata: [Description=…]}`. */
export function cards(log: string): string[] {
  const found = log.matchAll(/OrtHardwareDevice \{(.*?vendor:([^,]*), type:1,.*)/gu);
  return Array.from(found, ([, line, vendor]) => {
    const described = /Description=([^,\]]+)/u.exec(line!)?.[1];
    return (described ?? `${vendor} GPU`).trim();
  });
}
