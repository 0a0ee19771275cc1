/**
 * Claim: a 95 % interval holds the expected value at this n about 95 times in a hundred.
 *
 * Draws many datasets, and references, from one known source, takes the mean of each measure over all
 * draws as its expected value at this n (both sides are drawn afresh), and counts how often a draw's own
 * interval holds it. Measures of vectors on a mixture of unequal clusters, those of texts, columns and
 * answers on generated texts, of unseen kinds on words and labels that are spread in four ways. Where a count is nearly always the same, as a share near 0 or 1 is, no
 * interval holds its mean 95 times in a hundred without holding it nearly always.
 *
 *   node dist/bench/intervals.js [draws] [rows] [dims] [ID,ID…]
 */

import { withIntervals } from '../src/audit/intervals.ts';
import { runMeasures } from '../src/audit/measure.ts';
import { mix } from '../src/base/random.ts';
import { artefactsOf } from '../src/engine/artefacts.ts';
import { OF_TEXTS } from '../src/measures/artefacts.ts';
import { DEFAULT_SETTINGS, type Need } from '../src/measures/measure.ts';
import { findMeasure, type Listed, MEASURES } from '../src/measures/registry.ts';
import type { Value } from '../src/measures/value.ts';
import { type Drawn, drawKinds, drawTexts, drawVectors, KINDS } from './support/known-sources.ts';

const [draws = 200, n = 400, dims = 24] = process.argv.slice(2, 5).map(Number);
const only = process.argv[5]?.split(',');

const TEXT_NEEDS: ReadonlySet<Need> = new Set([
  ...OF_TEXTS,
  ...(['sharedRuns', 'columns', 'attempts', 'marks'] as const),
  ...(['judged', 'cells', 'archive', 'objectives'] as const),
]);
const ofTexts = ({ family }: Listed): boolean => family.needs.some((need) => TEXT_NEEDS.has(need));
const ofColumns = [
  'attribute-entropy:topic',
  'chao:topic',
  'good-turing:topic',
  'attribute-coverage:topic',
  'quality:score',
].map((id) => findMeasure(id)!);
/** What says how much of a source was not seen, which hangs on how its kinds are spread. */
const OF_KINDS = ['chao.labels', 'good-turing.labels', 'chao.words', 'good-turing.words'];
/** Below every score of the known source. */
const FLOOR = -20;
/** Seeds of the draws. */
const DRAWN = 0x5eed;
const asked = ({ id }: Listed): boolean => only === undefined || only.includes(id);

const SOURCES: readonly {
  readonly name: string;
  readonly measures: readonly Listed[];
  readonly draw: (seed: number, shift: number) => Drawn;
}[] = [
  {
    name: `vectors, ${n} rows in ${dims} dimensions`,
    measures: MEASURES.filter((measure) => !ofTexts(measure)).filter(asked),
    draw: (seed, shift) => drawVectors(n, dims, seed, 0.5 * shift),
  },
  {
    name: `texts with columns and answers, ${n} rows`,
    measures: [
      ...MEASURES.filter(({ family }) => family.family === 'unseen-rows'),
      ...MEASURES.filter(ofTexts),
      ...ofColumns,
    ].filter(asked),
    draw: (seed, shift) => drawTexts(n, seed, shift),
  },
  ...(Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => ({
    name: `${n} rows of words and labels, ${kind}`,
    measures: MEASURES.filter(({ id }) => OF_KINDS.includes(id)).filter(asked),
    draw: (seed: number) => drawKinds(n, seed, kind),
  })),
];

console.log(`${draws} draws of each source; nominal coverage 95 %`);
const verdicts = new Map<string, number>();
for (const source of SOURCES) {
  if (source.measures.length === 0) continue;
  const values = new Map<string, Value[]>(source.measures.map(({ id }) => [id, []]));
  for (let d = 0; d < draws; d += 1) {
    const { rows, labels } = source.draw(mix(DRAWN, d, 0), 0);
    const reference = source.draw(mix(DRAWN, d, 1), 1).rows;
    const artefacts = artefactsOf(rows, reference, {
      seed: d,
      index: 'exact',
      labels,
      // Draws that are compared have one floor; a sample's own lowest number would be another question each time.
      judge: { quality: 'score', floor: FLOOR },
      answers: { answer: 'answer', truth: 'truth', prompt: 'prompt' },
    });
    const context = { seed: d, settings: DEFAULT_SETTINGS };
    const measured = await runMeasures(source.measures, artefacts, context);
    const found = await withIntervals(source.measures, artefacts, measured, context);
    for (const [id, value] of Object.entries(found)) values.get(id)!.push(value);
  }
  console.log(`\n${source.name}\n`);
  console.log('measure                     expected     coverage   mean width / 3.92 sd');
  for (const [id, list] of values) console.log(lineOf(id, list));
}
console.log(`\n${Array.from(verdicts, ([verdict, count]) => `${count} ${verdict}`).join(', ')}`);

function lineOf(id: string, list: readonly Value[]): string {
  const known = list.filter(({ value }) => value !== null);
  const mean = known.reduce((sum, { value }) => sum + value!, 0) / known.length;
  const sd = Math.sqrt(
    known.reduce((sum, { value }) => sum + (value! - mean) ** 2, 0) / known.length,
  );
  const held = known.filter(({ interval }) => interval !== null);
  const start = `${id.padEnd(26)} ${known.length === 0 ? '        –' : mean.toPrecision(4).padStart(9)}`;
  if (held.length === 0) {
    count('without an interval by design');
    return `${start}     none: ${list[0]!.why}`;
  }
  const inside = held.filter(({ interval }) => interval![0] <= mean && mean <= interval![1]);
  const width = held.reduce((sum, { interval }) => sum + interval![1] - interval![0], 0);
  const share = (100 * inside.length) / held.length;
  const ratio = sd === 0 ? '–' : (width / held.length / (3.92 * sd)).toFixed(2);
  const verdict =
    sd === 0 ? 'always the same' : share < 92 ? 'narrow' : share > 98 ? 'wide' : 'within 92–98 %';
  count(verdict);
  const few = held.length === list.length ? '' : `   ${held.length} draws have one`;
  return `${start}    ${share.toFixed(1).padStart(6)} %   ${ratio.padEnd(5)} ${verdict}${few}`;
}

function count(verdict: string): void {
  verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
}
