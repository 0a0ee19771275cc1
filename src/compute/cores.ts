import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const LINUX_CPUS = '/sys/devices/system/cpu';

let counted: number | undefined;

/**
 * Cores that this process may use, for products, which two threads on one core do not speed up; 0 where
 * the system does not say. ONNX Runtime counts for itself, and on some virtual machines finds half of them.
 */
export function coreCount(): number {
  counted ??= Math.min(availableParallelism(), coresUnder(LINUX_CPUS));
  return counted;
}

/** Processors that name the same siblings are threads of one core. */
export function coresUnder(folder: string): number {
  try {
    const processors = readdirSync(folder).filter((name) => /^cpu\d+$/u.test(name));
    const cores = new Set<string>();
    for (const name of processors) {
      cores.add(readFileSync(`${folder}/${name}/topology/thread_siblings_list`, 'utf8').trim());
    }
    return cores.size;
  } catch {
    return 0;
  }
}
