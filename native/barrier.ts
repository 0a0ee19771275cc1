/**
 * Where threads wait for each other inside a task. A thread looks for a while, since the others are
 * usually a microsecond behind, and then sleeps. It sleeps in JavaScript (`pause`, given to every
 * instance on a shared memory), because Node 20 miscompiles `memory.atomic.wait`.
 *
 * A barrier is two words that begin as zeros: how many have arrived, and how often all had. Every
 * thread of the task must call `meet` equally often.
 */
declare function pause(address: usize, value: i32): void;

/** Bytes of a barrier. */
export const BARRIER: usize = 8;
/** Looks before sleeping: some tens of microseconds. */
const LOOKS: i32 = 4000;

/** Returns when all `threads` have called it; what they wrote before is then seen by all. */
export function meet(barrier: usize, threads: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  if (threads == 1) return;
  const turn = atomic.load<i32>(barrier, 4);
  if (atomic.add<i32>(barrier, 1) == threads - 1) {
    atomic.store<i32>(barrier, 0);
    atomic.store<i32>(barrier, turn + 1, 4);
    atomic.notify(barrier + 4, -1);
    return;
  }
  for (let look = 0; look < LOOKS; look++) {
    if (atomic.load<i32>(barrier, 4) != turn) return;
  }
  while (atomic.load<i32>(barrier, 4) == turn) pause(barrier + 4, turn);
}
