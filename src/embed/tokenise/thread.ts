/**
 * The thread of thread-tokens.ts: a model's tokeniser once more. Runs as dist/src/embed/tokenise/thread.js, because
 * Node 20 cannot start a thread from a .ts file.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import { packed, type Source, type ThreadAnswer } from './thread-tokens.ts';
import { tokeniseOf } from './tokenizer-json.ts';

const port = parentPort!;
const answer = (what: ThreadAnswer, moved: readonly ArrayBuffer[] = []): void =>
  port.postMessage(what, moved);

try {
  const tokenise = await tokeniseOf(workerData as Source);
  port.on('message', (texts: readonly string[]) => {
    try {
      const { ids, ends } = packed(texts.map(tokenise));
      answer({ ids, ends }, [ids.buffer, ends.buffer]);
    } catch (error) {
      answer(messageOf(error));
    }
  });
  answer(null);
} catch (error) {
  answer(messageOf(error));
  port.close();
}
