import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * The environment in which WebGPU finds SwiftShader, the processor's imitation of a card that comes with
 * Chromium; null where Chromium is not installed. Its folder has a Vulkan loader too, for systems that
 * have none.
 */
export function softwareVulkan(): {
  readonly environment: Readonly<Record<string, string>>;
} | null {
  if (!existsSync(SWIFTSHADER)) return null;
  const folders = [dirname(SWIFTSHADER), process.env.LD_LIBRARY_PATH].filter(Boolean);
  return {
    environment: { VK_ICD_FILENAMES: SWIFTSHADER, LD_LIBRARY_PATH: folders.join(':') },
  };
}
