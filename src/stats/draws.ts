import { mix, random } from '../base/random.ts';

/**
 * `size` of the rows, drawn without replacement: the `draw`-th of many such draws. Positions are drawn
 * in `order`, which is the order of the rows' content, so the same rows give the same draws wherever
 * they stand in the input. In ascending order of row numbers.
 */
export function drawRows(order: Int32Array, size: number, seed: number, draw: number): Int32Array {
  const n = order.length;
  const uniform = random(mix(seed, DRAWS, size, draw));
  // Floyd's algorithm: work and memory of the draw, not of the rows.
  const chosen = new Set<number>();
  for (let top = n - Math.min(size, n); top < n; top += 1) {
    const at = Math.floor(uniform() * (top + 1));
    chosen.add(chosen.has(at) ? top : at);
  }
  return Int32Array.from(chosen, (at) => order[at]!).sort();
}

/** Keeps these draws apart from other uses of one seed. */
const DRAWS = 0x64726177;
