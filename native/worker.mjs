/**
 * One of the threads of src/compute/pool.ts: an instance of the pool's module on the memory that all
 * of them share. Runs the export that a message names and answers null, where an answer is wanted, or what went wrong. Plain
 * JavaScript, because Node 20 cannot start a thread from a .ts file.
 */
import { parentPort, workerData } from 'node:worker_threads';

const { module, memory } = workerData;
const pause = (address, value) => {
  Atomics.wait(new Int32Array(memory.buffer), address >>> 2, value);
};
// The memory may have grown while it was on its way here, before growths were told to this thread.
memory.grow(0);
const { exports } = new WebAssembly.Instance(module, { env: { memory }, barrier: { pause } });

parentPort.on('message', ({ task, args, answer }) => {
  try {
    exports[task](...args);
    if (answer) parentPort.postMessage(null);
  } catch (error) {
    // Tells a leader that waits for this thread without looking at messages: see team.ts.
    exports.breakTeam?.();
    parentPort.postMessage(String(error));
  }
});
