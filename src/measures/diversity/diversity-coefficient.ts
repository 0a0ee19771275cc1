import { rowOf } from '../../compute/vectors.ts';
import { GROUPS } from '../../stats/groups.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { estimated, missing } from '../value.ts';

/**
 * diversity-coefficient: the mean cosine distance between two batches of 32 rows drawn at random, a batch
 * being the mean of its unit rows (after Lee et al. 2023, who embed batches by Task2Vec: the Fisher
 * information of a probe network that is trained on each. Here the embedder that is there anyway does.) Rows
 * are dealt to batches in the seeded order of their content, each to one; a rest is left out. Small where
 * every batch looks like the whole; it tells how much batches differ, not how much rows do.
 */
const BATCH = 32;

export const diversityCoefficient = family({
  family: 'diversity-coefficient',
  axis: 'diversity',
  needs: ['rows'],
  at: { one: null, identical: 0 },
  intervalBy: 'leaving out one of up to 32 groups of batches at a time',
  measures: {
    'diversity-coefficient': {
      title: 'Diversity coefficient',
      reads: 'How far apart two random batches of 32 rows are.',
      range: [0, 2],
      more: 'more',
      growsWithN: false,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Lee et al. 2023 (with Task2Vec), arXiv 2306.13840',
    },
  },
  finish({ rows }) {
    const { n } = rows;
    const batches = directionsOf(rows);
    if (batches.length < 2) {
      return { 'diversity-coefficient': missing(n, `needs two batches of ${BATCH} rows`) };
    }
    const groups = batches.map((_, b) => b % GROUPS);
    const sizes = new Int32Array(GROUPS);
    for (const g of groups) sizes[g]! += 1;
    const without = Array.from({ length: GROUPS }, (_, g) =>
      meanDistance(batches.filter((_, b) => groups[b] !== g)),
    );
    const value = estimated(meanDistance(batches)!, without, sizes, n, [0, 2]);
    return { 'diversity-coefficient': value };
  },
});

/** The direction of each batch's mean; zeros where its rows cancel out. */
function directionsOf({ n, unit, order }: Rows): Float64Array[] {
  const { dims } = unit;
  return Array.from({ length: Math.floor(n / BATCH) }, (_, b) => {
    const sum = new Float64Array(dims);
    for (const row of order.subarray(b * BATCH, (b + 1) * BATCH)) {
      const values = rowOf(unit, row);
      for (let j = 0; j < dims; j += 1) sum[j]! += values[j]!;
    }
    const norm = Math.hypot(...sum);
    return norm === 0 ? sum : sum.map((value) => value / norm);
  });
}

/** 1 − (‖Σu‖² − Σ‖u‖²) / (b(b − 1)) over unit directions u; null below two. */
function meanDistance(directions: readonly Float64Array[]): number | null {
  const b = directions.length;
  if (b < 2) return null;
  const sum = new Float64Array(directions[0]!.length);
  let own = 0;
  for (const direction of directions) {
    for (let j = 0; j < sum.length; j += 1) {
      sum[j]! += direction[j]!;
      own += direction[j]! ** 2;
    }
  }
  const squared = sum.reduce((total, value) => total + value * value, 0);
  return Math.max(0, 1 - (squared - own) / (b * (b - 1)));
}
