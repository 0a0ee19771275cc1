/**
 * Room in the memory, handed out from below and taken back from above. The caller owns what it was
 * given until it releases that or something older. On a shared memory only one thread, the same one always, may call these.
 */
import { HEAP, LINE } from './chunks';

let top: usize = HEAP;

/**
 * The address of `bytes` bytes, at the start of a cache line; 0 when the memory cannot grow that far.
 * Bytes are zero where the memory has grown for the first time, and else what was there before.
 * JavaScript's views must be made anew, and read addresses as unsigned.
 */
export function allocate(bytes: usize): usize {
  const end = (<u64>top + bytes + LINE - 1) & ~(<u64>LINE - 1);
  // The last page stays unused, so that no end of a region overflows an address.
  if (end > 0xffff0000) return 0;
  const missing = <i32>((end + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  const start = top;
  top = <usize>end;
  return start;
}

/** The room at `address`, and all that was handed out after it, is void. The memory does not shrink. */
export function release(address: usize): void {
  top = address;
}
