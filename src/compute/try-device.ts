import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runtimeError } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';
import type { Adapter, DeviceKind } from './devices/kind.ts';

export type Trial =
  | { readonly works: true; readonly adapter: Adapter }
  | { readonly works: false; readonly why: string };

/** A driver that hangs must not hang gamut. */
const LIMIT_MS = 60_000;

/**
 * Whether a device works here, and on which adapter. It is tried in a process of its own: a driver may
 * crash, and native libraries write to stderr as they please, which here is read for the adapter's name.
 */
export async function tryDevice(kind: DeviceKind): Promise<Trial> {
  const missing = kind.missing();
  if (missing !== null) return { works: false, why: missing };
  const program = packagePath('dist', 'src', 'compute', 'trial.js');
  if (!existsSync(program)) {
    throw runtimeError(`${program} is missing. Run \`npm run build\` in gamut's folder.`);
  }
  const { said, log, ended } = await runProgram(program, kind);
  if (said === 'works') return { works: true, adapter: kind.adapter(log) };
  const why = said === '' ? `its driver failed (${ended})` : reasonOf(said);
  const remedy = kind.remedy?.(log) ?? null;
  return { works: false, why: remedy === null ? why : `${why}; ${remedy}` };
}

function runProgram(
  program: string,
  kind: DeviceKind,
): Promise<{ said: string; log: string; ended: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, kind.name], {
      env: { ...process.env, ...kind.trialEnvironment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    child.on('error', (error) => resolve({ said: '', log, ended: error.message }));
    child.on('close', (code, signal) =>
      resolve({ said: said.trim(), log, ended: signal ?? `exit code ${code}` }),
    );
  });
}

/** The end of a native message, which says what happened; its beginning says in which source file. */
function reasonOf(message: string): string {
  const line = message.replace(/\s+/gu, ' ').trim();
  const told = /(?:was false\.|FAIL :|could not load a kernel:) (?!.*(?:was false\.|FAIL :))(.*)$/u;
  return (told.exec(line)?.[1] ?? line).replace(/\.$/u, '');
}
