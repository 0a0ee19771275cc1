import { random } from '../../base/random.ts';

/** 0 … n − 1 in an order of chance, the same each time. */
export function shuffled(n: number): Int32Array {
  const uniform = random(n);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
