/** Hashing bytes to 64 bits, the same on every build and machine. */

const MULTIPLIER: u64 = 0x9fb21c651e98df25;
export const SEED: u64 = 0xa0761d6478bd642f;
/** The finaliser of MurmurHash3: every bit of the result depends on every bit of x; 0 stays 0. */
export function finish(x: u64): u64 {
  x = (x ^ (x >>> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >>> 33);
}

/** The hash of `length` bytes; reads up to 7 more. */
export function hashBytes(p: usize, length: i32): u64 {
  let hash = SEED ^ (<u64>length * MULTIPLIER);
  for (; length >= 8; length -= 8, p += 8) {
    hash = (hash ^ load<u64>(p)) * MULTIPLIER;
    hash ^= hash >>> 32;
  }
  if (length > 0) {
    const rest = load<u64>(p) & (((<u64>1) << ((<u64>length) << 3)) - 1);
    hash = (hash ^ rest) * MULTIPLIER;
  }
  return finish(hash);
}
