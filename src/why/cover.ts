import { K } from '../measures/against/prdc.ts';
import type { ReferenceArtefact } from '../measures/artefacts.ts';
import type { Crossing } from '../measures/crossing.ts';

/**
 * Which rows of the reference the dataset covers, as `coverage` counts them: those whose ball, out to the
 * K-th nearest row of the reference itself, holds a row of the dataset. And of each dataset row, how many of
 * them only it covers: what coverage loses, times the rows of the reference, when this row alone goes.
 */
export interface Cover {
  /** By row of the reference: 1 where it is covered. */
  readonly covered: Uint8Array;
  /** By row of the dataset: rows of the reference that no other row covers. */
  readonly only: Int32Array;
}

/** null where either side is too small for balls, as `coverage` is. */
export function coverOf(
  { rows, neighbours }: ReferenceArtefact,
  nearestRows: Crossing,
): Cover | null {
  const { lists, targets } = nearestRows;
  if (rows.n < 2 || targets.n < 2) return null;
  const ball = Math.min(K, neighbours.k);
  const covered = new Uint8Array(rows.n);
  const only = new Int32Array(targets.n);
  for (let j = 0; j < rows.n; j += 1) {
    const reach = neighbours.distances[j * neighbours.k + ball - 1]!;
    const first = j * lists.k;
    if (lists.distances[first]! > reach) continue;
    covered[j] = 1;
    if (lists.distances[first + 1]! > reach) only[lists.ids[first]!]! += 1;
  }
  return { covered, only };
}
