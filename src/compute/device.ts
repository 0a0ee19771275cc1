import type { InferenceSession } from 'onnxruntime-node';
import { messageOf, runtimeError, usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import { cpuKind } from './devices/cpu.ts';
import { cudaKind } from './devices/cuda.ts';
import type { Adapter, DeviceKind, DeviceName } from './devices/kind.ts';
import { wasmKind } from './devices/wasm.ts';
import { webgpuKind } from './devices/webgpu.ts';
import type { Kernel } from './kernel.ts';
import { quickerOf, type Runner } from './quicker.ts';
import {
  type Feed,
  type Feeds,
  openSession,
  type Results,
  runSession,
  runSessionInto,
  type SessionOptions,
} from './session.ts';
import { openSessionTeam, teamSize } from './session-team.ts';
import { pooledResults, type TokenPool } from './token-pool.ts';
import { tryDevice } from './try-device.ts';

/** Every device. A new one is a file in devices/ and a line here. */
export const KINDS: Readonly<Record<DeviceName, DeviceKind>> = {
  cpu: cpuKind,
  webgpu: webgpuKind,
  cuda: cudaKind,
  wasm: wasmKind,
};

export type { DeviceName, Feed };
export type DeviceChoice = DeviceName | 'auto';

/** The order in which `auto` tries them; the cpu always works. */
const PREFERRED: readonly DeviceName[] = ['cuda', 'webgpu'];

/** Where arithmetic runs. The same kernels and models run on every device. */
export interface Device {
  readonly name: DeviceName;
  /** The adapter: 'AMD EPYC 9B14, 2 threads', 'NVIDIA H200'. */
  readonly description: string;
  /** Why it is this one: 'asked for', or what `auto` found missing. */
  readonly why: string;
  readonly float64: boolean;
  /**
   * Runs a kernel; its graph is built and loaded the first time. Results are new arrays, or all go into
   * the arrays of `into`.
   */
  run(kernel: Kernel, feeds: Feeds, into?: Feeds): Promise<Results>;
  /** Opens a whole model on the device, from its bytes or a file. */
  open(
    model: Uint8Array | string,
    options?: Pick<SessionOptions, 'threads' | 'beside'>,
  ): Promise<Session>;
  /** Lets go of the kernels that were loaded. Models that were opened are closed on their own. */
  close(): Promise<void>;
}

export interface Session {
  /** The names of what goes in and what comes out, as the model has them. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** With a pool the only result is what that makes of them. */
  run(feeds: Feeds, pool?: TokenPool): Promise<Results>;
  /**
   * Says how many runs are to come, and is told how many of them may be under way at once: on the processor
   * a model is then opened once for each thread too, and the first runs tell which way is quicker.
   */
  expect(runs: number): Promise<number>;
  /** What whoever reads the results must know of how they are run; may grow when runs are expected. */
  readonly warnings: readonly string[];
  release(): Promise<void>;
}

/** The options of every call that does arithmetic. */
export interface ComputeOptions extends RunOptions {
  /** Default: the cpu. */
  readonly device?: Device | undefined;
}

/** The cpu, which needs no trying and no closing: the default of everything that takes a device. */
export const cpu: Device = deviceOf(cpuKind, cpuKind.adapter(''), 'the default');

/**
 * Opens a device. One that is asked for and does not work here is an error that says why; it is never
 * replaced in silence. `auto` is CUDA, else WebGPU on a real card, else the cpu. A device that is open
 * already comes back with a `close` that leaves it open to whoever opened it.
 */
export async function openDevice(asked: DeviceChoice | Device = 'cpu'): Promise<Device> {
  if (typeof asked === 'object') return { ...asked, close: async () => {} };
  if (asked === 'auto') return bestDevice();
  const kind = Object.hasOwn(KINDS, asked) ? KINDS[asked] : undefined;
  if (kind === undefined) {
    throw usageError(
      `There is no device '${asked}'; devices are ${Object.keys(KINDS).join(', ')} and auto.`,
    );
  }
  if (asked === 'cpu') return deviceOf(kind, kind.adapter(''), 'asked for');
  const trial = await tryDevice(kind);
  if (!trial.works) {
    throw usageError(
      `The device ${asked} does not work here: ${trial.why}. \`gamut devices\` lists those that do.`,
    );
  }
  return deviceOf(kind, trial.adapter, 'asked for');
}

async function bestDevice(): Promise<Device> {
  const reasons: string[] = [];
  for (const name of PREFERRED) {
    const trial = await tryDevice(KINDS[name]);
    if (trial.works && trial.adapter.hardware) {
      return deviceOf(KINDS[name], trial.adapter, ['auto', ...reasons].join('; '));
    }
    const why = trial.works ? `only ${trial.adapter.description}` : trial.why;
    reasons.push(`no ${name}: ${why}`);
  }
  return deviceOf(cpuKind, cpuKind.adapter(''), ['auto', ...reasons].join('; '));
}

/** A device as people see it: whether it works here, on what, or why not. */
export interface ListedDevice {
  readonly name: DeviceName;
  readonly about: string;
  readonly works: boolean;
  /** The adapter; null where it does not work. */
  readonly description: string | null;
  /** false where `auto` would not take it: a processor's imitation of a card. */
  readonly hardware: boolean;
  readonly float64: boolean;
  /** Why it does not work. */
  readonly why: string | null;
}

/** Tries every device: each computes a small product in a process of its own, which is checked. */
export async function listDevices(): Promise<ListedDevice[]> {
  const listed: ListedDevice[] = [];
  for (const kind of Object.values(KINDS)) {
    const { name, about, float64 } = kind;
    const trial = await tryDevice(kind);
    listed.push({
      ...{ name, about, float64, works: trial.works },
      description: trial.works ? trial.adapter.description : null,
      hardware: trial.works && trial.adapter.hardware,
      why: trial.works ? null : trial.why,
    });
  }
  return listed;
}

export function deviceOf(kind: DeviceKind, { description }: Adapter, why: string): Device {
  const { name, float64, providers } = kind;
  const kernels = new Map<string, Promise<InferenceSession>>();
  const open: typeof openSession = (model, options) =>
    openSession(model, { ...options, providers, runtime: kind.runtime() });
  const run = async (session: InferenceSession, feeds: Feeds, into?: Feeds): Promise<Results> => {
    if (into !== undefined && kind.writesInto !== false) {
      return runSessionInto(session, kind.runtime(), feeds, into);
    }
    const results = await runSession(session, kind.runtime(), feeds);
    for (const [name, [data]] of Object.entries(into ?? {})) {
      (data as Float32Array).set(results[name]!.data as Float32Array);
    }
    return results;
  };
  return {
    ...{ name, description, why, float64 },
    async run({ key, build }, feeds, into) {
      let session = kernels.get(key);
      if (session === undefined) {
        session = open(build().build());
        kernels.set(key, session);
      }
      const opened = await session;
      try {
        return await run(opened, feeds, into);
      } catch (error) {
        throw runtimeError(`Kernel ${key} failed on ${name}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    async open(model, options) {
      const session = await open(model, options);
      const { inputNames: inputs, outputNames: outputs } = session;
      const whole = wholeSession(session, kind);
      let runner = whole;
      let opening: Promise<void> | null = null;
      const warnings: string[] = [];
      return {
        ...{ inputs, outputs, warnings },
        run: (feeds, pool) => runner.run(feeds, pool),
        async expect(runs) {
          if (name !== 'cpu' || runner !== whole) return runner.atOnce;
          const threads = await teamSize(model, runs, options);
          if (threads === 1) return 1;
          // Whoever asks meanwhile waits for the same.
          opening ??= openSessionTeam(model, threads, options?.beside).then(
            (team) => {
              runner = quickerOf(whole, team);
            },
            (error: unknown) => {
              warnings.push(
                `The model could not be opened once for each of ${threads} threads besides, so one session ran it: ${messageOf(error)}`,
              );
            },
          );
          await opening;
          return runner.atOnce;
        },
        async release() {
          await opening;
          await runner.close();
        },
      };
    },
    async close() {
      const opened = [...kernels.values()];
      kernels.clear();
      for (const session of opened) await session.then((loaded) => loaded.release());
    },
  };
}

/** One session, a run at a time: they would only share its threads. */
function wholeSession(session: InferenceSession, { runtime }: DeviceKind): Runner {
  let last: Promise<unknown> = Promise.resolve();
  return {
    atOnce: 1,
    threads: 1,
    run(feeds, pool, took) {
      const result = last.then(async () => {
        const began = performance.now();
        const results = await runSession(session, runtime(), feeds);
        const found = pool === undefined ? results : pooledResults(runtime(), results, pool);
        took?.(performance.now() - began);
        return found;
      });
      last = result.catch(() => {});
      return result;
    },
    close: () => session.release(),
  };
}
