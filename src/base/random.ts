/**
 * Seeded randomness that is the same on every machine, and hashes that decide which rows are
 * sampled or grouped together. Nothing in gamut calls Math.random.
 */

/** A generator of uniform numbers in [0, 1) with 32 random bits (sfc32, seeded through splitmix32). */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = next();
  let b = next();
  let c = next();
  let counter = 1;
  return () => {
    const t = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + t) >>> 0;
    return t / 4294967296;
  };
}

/** A standard normal draw (Box–Muller; one of the pair is thrown away to keep no state). */
export function gaussian(uniform: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}

/**
 * Mixes 32-bit words into one well-spread 32-bit hash (the finaliser of MurmurHash3 after each word).
 * Used with (seed, content, occurrence) so that a row's draw depends on what it is, not where it is.
 */
export function mix(...words: readonly number[]): number {
  let h = 0x9747b28c;
  for (const word of words) {
    h ^= word;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h = (h ^ (h >>> 16)) >>> 0;
  }
  return h >>> 0;
}
