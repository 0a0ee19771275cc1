/**
 * Claim: a 95 % interval holds the expected value at this n about 95 times in a hundred.
 *
 * Draws many datasets (and references) from one known source, takes the mean of each measure over all
 * draws as its expected value at this n, and counts how often a draw's own interval holds it.
 *
 *   node dist/bench/intervals.js [draws] [rows] [dims]
 */

import { withIntervals } from '../src/audit/intervals.ts';
import { runMeasures } from '../src/audit/measure.ts';
import { gaussian, random } from '../src/base/random.ts';
import { normaliseRows, rowOf, vectorsOf } from '../src/compute/vectors.ts';
import { artefactsOf } from '../src/engine/artefacts.ts';
import { makeRows, vectorKey } from '../src/engine/collect.ts';
import { OF_TEXTS } from '../src/measures/artefacts.ts';
import { DEFAULT_SETTINGS, type Need } from '../src/measures/measure.ts';
import { MEASURES } from '../src/measures/registry.ts';
import type { Rows } from '../src/measures/rows.ts';

const [draws = 200, n = 400, dims = 24] = process.argv.slice(2).map(Number);
const CLUSTERS = 15;

/**
 * A mixture with clusters of unequal size around fixed centres: `shift` moves the whole source. The
 * labels are the clusters that rows were drawn from.
 */
function draw(seed: number, shift: number): { rows: Rows; labels: string[] } {
  const centres = random(1);
  const middle = Float64Array.from({ length: CLUSTERS * dims }, () => gaussian(centres));
  const uniform = random(seed);
  const data = new Float32Array(n * dims);
  const labels: string[] = [];
  for (let i = 0; i < n; i += 1) {
    const c = Math.floor(uniform() ** 2 * CLUSTERS);
    labels.push(String(c));
    for (let j = 0; j < dims; j += 1) {
      data[i * dims + j] = middle[c * dims + j]! + 0.8 * gaussian(uniform) + (j === 0 ? shift : 0);
    }
  }
  normaliseRows(data, dims);
  const unit = vectorsOf(data, dims);
  const keys = Array.from({ length: n }, (_, i) => vectorKey(rowOf(unit, i)));
  return { rows: makeRows(unit, unit, keys, seed), labels };
}

/** Rows here are vectors: measures of texts and of columns have nothing to read. */
const ABSENT: ReadonlySet<Need> = new Set([
  ...OF_TEXTS,
  ...(['sharedRuns', 'columns', 'attempts', 'marks'] as const),
]);
const chosen = MEASURES.filter(({ family }) => !family.needs.some((need) => ABSENT.has(need)));

const values = new Map<string, { value: number; interval: readonly [number, number] | null }[]>();
for (let d = 0; d < draws; d += 1) {
  const { rows, labels } = draw(1000 + d, 0);
  const reference = draw(500_000 + d, 0.5).rows;
  const source = artefactsOf(rows, reference, { seed: d, index: 'exact', labels });
  const context = { seed: d, settings: DEFAULT_SETTINGS };
  const measured = await runMeasures(chosen, source, context);
  const found = await withIntervals(chosen, source, measured, context);
  for (const [id, { value, interval }] of Object.entries(found)) {
    if (value === null) continue;
    values.set(id, [...(values.get(id) ?? []), { value, interval }]);
  }
}

console.log(`${draws} draws of ${n} rows in ${dims} dimensions; nominal coverage 95 %\n`);
console.log('measure                     expected     coverage   mean width / 3.92 sd');
for (const [id, list] of values) {
  const mean = list.reduce((sum, { value }) => sum + value, 0) / list.length;
  const sd = Math.sqrt(list.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / list.length);
  const held = list.filter(({ interval }) => interval !== null);
  if (held.length === 0) {
    console.log(`${id.padEnd(26)} ${mean.toPrecision(4).padStart(9)}     none by design`);
    continue;
  }
  const inside = held.filter(({ interval }) => interval![0] <= mean && mean <= interval![1]);
  const width = held.reduce((sum, { interval }) => sum + interval![1] - interval![0], 0);
  const share = ((100 * inside.length) / list.length).toFixed(1);
  const ratio = sd === 0 ? '–' : (width / held.length / (3.92 * sd)).toFixed(2);
  console.log(
    `${id.padEnd(26)} ${mean.toPrecision(4).padStart(9)}    ${share.padStart(6)} %   ${ratio}`,
  );
}
