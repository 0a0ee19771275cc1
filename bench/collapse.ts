/**
 * Claim: `track` warns of a collapse that is none in no more than about one run of twenty, and finds one that is.
 *
 * Rounds are drawn from one file, again and again, and `track` is asked whether diversity collapsed: of rounds that are fresh draws of
 * all its rows (a warning is a false alarm), of rounds that copy a growing share of their own rows, and of rounds whose rows come from
 * a shrinking neighbourhood of some row, so that topics narrow. The first rounds of the last two are fresh draws, too.
 * Prints in how many runs it warned and from which round on, and which measures said so; a share of runs stands with its 95 % interval
 * (Wilson). Of one source the first two, three … rounds of each run are asked about too, as runs of their own. Runs that collapse
 * are a quarter as many.
 *
 *   node dist/bench/collapse.js FILE [rows] [runs] [rounds] [onset]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mix, type Random, random } from '../src/base/random.ts';
import { rowOf } from '../src/compute/vectors.ts';
import { embed } from '../src/engine/embed.ts';
import { shareInterval } from '../src/stats/shares.ts';
import type { TrackReport } from '../src/track/report.ts';
import { collapseOf, OF_COLLAPSE, track, tracked } from '../src/track/track.ts';
import { textsOf } from './support/texts.ts';

const [path, ...numbers] = process.argv.slice(2);
if (path === undefined) {
  throw new Error('node dist/bench/collapse.js FILE [rows] [runs] [rounds] [onset]');
}
const [rows = 100, runs = 100, rounds = 4, onset = 2] = numbers.map(Number);
const folder = await mkdtemp(join(tmpdir(), 'gamut-collapse-'));

try {
  const texts = await textsOf(path);
  const file = await written('all', texts);
  const { vectors } = await embed(file, { text: 'text' });
  console.log(`${rounds} rounds, ${rows} rows each\n`);
  const source = await asked(runs, (_, uniform) => sample(texts.length, rows, uniform));
  for (let first = 2; first <= rounds; first += 1) {
    told(`rounds 0 to ${first - 1} of one source`, source, first);
  }
  console.log('\nOf one source, rounds that differ from round 0 with p below 5 %:');
  for (const id of OF_COLLAPSE) {
    const changes = source.flatMap(({ measures }) => measures[id]!.changes.slice(1));
    const low = changes.filter((change) => change?.p != null && change.p < 0.05);
    const less = low.filter((change) => change!.difference < 0).length;
    console.log(
      `  ${id.padEnd(20)} ${share(low.length / changes.length)} of ${changes.length} (${less} less)`,
    );
  }
  console.log('');
  for (const part of [0.1, 0.2]) {
    const found = await asked(Math.ceil(runs / 4), (round, uniform) => {
      const own = sample(texts.length, rows, uniform);
      const copied = Math.round(rows * part * Math.max(0, round - onset + 1));
      return own.map((row, i) => (i < copied ? own[rows - 1 - (i % (rows - copied))]! : row));
    });
    told(`copies: ${share(part)} of the rows more with every round from ${onset} on`, found);
  }
  for (const part of [0.5, 0.25]) {
    const found = await asked(Math.ceil(runs / 4), (round, uniform) => {
      if (round < onset) return sample(texts.length, rows, uniform);
      const near = nearest(Math.floor(uniform() * texts.length));
      const most = Math.max(rows, Math.round(near.length * part * 0.5 ** (round - onset)));
      return sample(most, rows, uniform).map((place) => near[place]!);
    });
    told(
      `narrower: of the nearest ${share(part)} of all rows at round ${onset}, then half as many each time`,
      found,
    );
  }

  /** Rows in the order of their cosine to one. */
  function nearest(to: number): Int32Array {
    const centre = rowOf(vectors, to);
    const cosines = texts.map((_, i) =>
      rowOf(vectors, i).reduce((sum, x, j) => sum + x * centre[j]!, 0),
    );
    return Int32Array.from(texts.keys()).sort((a, b) => cosines[b]! - cosines[a]!);
  }

  async function asked(
    count: number,
    drawn: (round: number, uniform: Random) => readonly number[],
  ): Promise<TrackReport[]> {
    const reports: TrackReport[] = [];
    for (let run = 0; run < count; run += 1) {
      const files: string[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const chosen = drawn(round, random(mix(mix(0xc0, run), round)));
        files.push(
          await written(
            `${round}`,
            chosen.map((row) => texts[row]!),
          ),
        );
      }
      reports.push(await track(files, { measures: OF_COLLAPSE.join(), text: 'text' }));
    }
    return reports;
  }
} finally {
  await rm(folder, { recursive: true });
}

/** In how many runs a collapse is said of the first so many rounds, from which on, and by which measures. */
function told(title: string, reports: readonly TrackReport[], first = rounds): void {
  const from = new Map<number, number>();
  const by = new Map<string, number>();
  for (const { measures } of reports) {
    const seen = Object.entries(measures).map(([id, { section = null, values, ...about }]) => {
      return [id, tracked({ ...about, section }, values.slice(0, first))] as const;
    });
    const collapse = collapseOf(Object.fromEntries(seen));
    if (collapse === null) continue;
    from.set(collapse.round, (from.get(collapse.round) ?? 0) + 1);
    for (const id of collapse.measures) by.set(id, (by.get(id) ?? 0) + 1);
  }
  const runsOf = reports.length;
  const said = [...from.values()].reduce((a, b) => a + b, 0);
  const found = said / runsOf;
  const [low, high] = shareInterval(found, Math.sqrt((found * (1 - found)) / runsOf), 1.96, runsOf);
  const words = (counts: ReadonlyMap<unknown, number>): string =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  console.log(
    `${title}: a collapse said in ${said} of ${runsOf} runs, ${share(found)} (${share(low)} to ${share(high)})`,
  );
  if (said > 0) console.log(`  from round: ${words(from)}; by: ${words(by)}`);
}

function share(of: number): string {
  return `${(100 * of).toFixed(0)} %`;
}

async function written(name: string, of: readonly string[]): Promise<string> {
  const file = join(folder, `${name}.jsonl`);
  await writeFile(file, of.map((text) => JSON.stringify({ text })).join('\n'));
  return file;
}

function sample(of: number, count: number, uniform: Random): number[] {
  const left = Array.from({ length: of }, (_, i) => i);
  return Array.from({ length: Math.min(count, of) }, (_, i) => {
    const at = i + Math.floor(uniform() * (of - i));
    [left[i], left[at]] = [left[at]!, left[i]!];
    return left[i]!;
  });
}
