/**
 * Work in numbered chunks that threads take one after the other, so that a slow thread holds nobody
 * up. What a chunk computes must depend on its number alone: then results are the same for any number
 * of threads. No thread ever waits in here (Node 20 miscompiles `memory.atomic.wait`).
 */

/** A cache line: what several threads write to must not share one. */
export const LINE: usize = 64;
/**
 * At the same address in every instance, so on a shared memory it is one counter. Not in a data
 * segment: a thread that starts late would set it back to what the segment holds.
 */
const counter: usize = (__heap_base + LINE - 1) & ~(LINE - 1);
/** Where the memory begins that modules may use as they like. */
export const HEAP: usize = counter + LINE;

/** The next chunk taken is number 0 again. To be called by one thread while no other works. */
export function restart(): void {
  store<i32>(counter, 0);
}

/** The number of a chunk that no other thread has; ever larger, so stop at the number of chunks. */
export function take(): i32 {
  if (ASC_FEATURE_THREADS) return atomic.add<i32>(counter, 1);
  const chunk = load<i32>(counter);
  store<i32>(counter, chunk + 1);
  return chunk;
}
