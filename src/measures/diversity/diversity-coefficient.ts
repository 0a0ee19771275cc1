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
    const groups = batchSums(rows);
    const whole = groups.reduce(plus);
    if (whole.batches < 2) {
      return { 'diversity-coefficient': missing(n, `needs two batches of ${BATCH} rows`) };
    }
    const without = groups.map((group) => meanDistance(minus(whole, group)));
    const sizes = Int32Array.from(groups, ({ batches }) => batches);
    const value = estimated(meanDistance(whole)!, without, sizes, n, [0, 2]);
    return { 'diversity-coefficient': value };
  },
});

/** Of some batches the directions of their means added up, and how many of them have one. */
interface Batches {
  readonly batches: number;
  readonly sum: Float64Array;
  readonly pointing: number;
}

const plus = (a: Batches, b: Batches): Batches => ({
  batches: a.batches + b.batches,
  sum: a.sum.map((value, j) => value + b.sum[j]!),
  pointing: a.pointing + b.pointing,
});

const minus = (a: Batches, b: Batches): Batches => ({
  batches: a.batches - b.batches,
  sum: a.sum.map((value, j) => value - b.sum[j]!),
  pointing: a.pointing - b.pointing,
});

/** The batches, dealt to groups in turn; one whose rows cancel out points nowhere. */
function batchSums({ n, unit, order }: Rows): Batches[] {
  const { dims } = unit;
  const all = Math.floor(n / BATCH);
  return Array.from({ length: GROUPS }, (_, g) => {
    const sum = new Float64Array(dims);
    const mean = new Float64Array(dims);
    let batches = 0;
    let pointing = 0;
    for (let b = g; b < all; b += GROUPS) {
      mean.fill(0);
      for (let i = b * BATCH; i < (b + 1) * BATCH; i += 1) {
        const values = rowOf(unit, order[i]!);
        for (let j = 0; j < dims; j += 1) mean[j]! += values[j]!;
      }
      let square = 0;
      for (let j = 0; j < dims; j += 1) square += mean[j]! ** 2;
      batches += 1;
      if (square === 0) continue;
      pointing += 1;
      const scale = 1 / Math.sqrt(square);
      for (let j = 0; j < dims; j += 1) sum[j]! += mean[j]! * scale;
    }
    return { batches, sum, pointing };
  });
}

/** 1 − (‖Σu‖² − Σ‖u‖²) / (b(b − 1)) over unit directions u; null below two. */
function meanDistance({ batches, sum, pointing }: Batches): number | null {
  if (batches < 2) return null;
  const squared = sum.reduce((total, value) => total + value * value, 0);
  return Math.max(0, 1 - (squared - pointing) / (batches * (batches - 1)));
}
