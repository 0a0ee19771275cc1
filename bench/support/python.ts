import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a peer's program printed, or in a sentence why it did not. */
export type Printed = { readonly lines: readonly string[] } | string;

/**
 * Runs a program of a peer in Debian's Python. Which kernels its BLAS takes is left to the BLAS: what
 * the environment prescribes (`OPENBLAS_…`) would slow it down.
 */
export function runPython(program: string, folder: string, args: readonly string[]): Printed {
  const script = join(folder, 'peer.py');
  writeFileSync(script, program);
  const environment = Object.entries(process.env).filter(([name]) => !/^OPENBLAS_/.test(name));
  const env = Object.fromEntries(environment);
  const done = spawnSync('/usr/bin/python3', [script, ...args], { encoding: 'utf8', env });
  const lines = (done.stdout ?? '').trim().split('\n').filter(Boolean);
  if (done.status === 0 && lines.length > 0) return { lines };
  return done.stderr?.trim().split('\n').at(-1) ?? 'no /usr/bin/python3';
}
