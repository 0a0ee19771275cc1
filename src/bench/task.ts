import { findClusters } from '../clusters/clusters.ts';
import type { Vectors } from '../compute/vectors.ts';
import { neighbourGraph } from '../neighbours/graph.ts';
import type { ShapeOptions } from './agreement.ts';
import type { Task } from './report.ts';
import { vMeasure } from './statistics.ts';

/** Neighbours that vote. */
const VOTERS = 5;

/** How well vectors do what people labelled: classes of rows. */
export async function classTask(
  unit: Vectors,
  classes: Int32Array,
  options: ShapeOptions,
): Promise<Pick<Task, 'knnAccuracy' | 'vMeasure'>> {
  const { seed, order, signal } = options;
  const k = new Set(classes).size;
  const graph = await neighbourGraph(unit, VOTERS, { index: 'exact', signal });
  let right = 0;
  for (let row = 0; row < unit.n; row += 1) {
    const voters = graph.ids.subarray(row * graph.k, (row + 1) * graph.k);
    if (winnerOf(voters, classes) === classes[row]) right += 1;
  }
  const clusters = await findClusters(unit, { k, seed, order, signal });
  return {
    knnAccuracy: graph.k === 0 ? null : right / unit.n,
    vMeasure: vMeasure(classes, clusters.labels),
  };
}

/** The class that most have; among equals the one that comes first, which is that of the nearest. */
export function winnerOf(voters: ArrayLike<number>, classes: ArrayLike<number>): number {
  const votes = new Map<number, number>();
  for (let i = 0; i < voters.length; i += 1) {
    const own = classes[voters[i]!]!;
    votes.set(own, (votes.get(own) ?? 0) + 1);
  }
  let [winner, most] = [-1, 0];
  for (const [own, count] of votes) if (count > most) [winner, most] = [own, count];
  return winner;
}
