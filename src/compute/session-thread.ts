/**
 * One of the threads of session-team.ts: the model once more, on a single thread. Runs as
 * dist/src/compute/session-thread.js, because Node 20 cannot start a thread from a .ts file.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Tensor } from 'onnxruntime-node';
import { messageOf } from '../base/errors.ts';
import {
  type Feeds,
  onnxruntime,
  openSession,
  runSession,
  type SessionOptions,
} from './session.ts';
import { pooledResults, type TokenPool } from './token-pool.ts';

/** What a thread opens. */
export interface MemberModel extends Pick<SessionOptions, 'beside'> {
  readonly model: Uint8Array | string;
}

/** A result as it crosses threads. */
export interface Sent {
  readonly type: Tensor.Type;
  readonly data: Tensor.DataTypeMap[Tensor.Type];
  readonly dims: readonly number[];
}

/** What a thread is asked for. */
export interface Asked {
  readonly feeds: Feeds;
  readonly pool: TokenPool | undefined;
}

/** What a thread answers: results, what went wrong, or null when it has opened the model. */
export type Answer = Readonly<Record<string, Sent>> | string | null;

const port = parentPort!;
const answer = (what: Answer): void => port.postMessage(what);
const { model, beside } = workerData as MemberModel;

try {
  const session = await openSession(model, { threads: 1, beside });
  port.on('message', async (asked: Asked | null) => {
    if (asked === null) {
      await session.release();
      port.close();
      return;
    }
    try {
      const { feeds, pool } = asked;
      const whole = await runSession(session, onnxruntime(), feeds);
      const results = pool === undefined ? whole : pooledResults(onnxruntime(), whole, pool);
      answer(
        Object.fromEntries(
          Object.entries(results).map(([name, { type, data, dims }]) => [
            name,
            { type, data: data as Sent['data'], dims },
          ]),
        ),
      );
    } catch (error) {
      answer(messageOf(error));
    }
  });
  answer(null);
} catch (error) {
  answer(messageOf(error));
  port.close();
}
