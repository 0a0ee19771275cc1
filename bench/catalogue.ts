/**
 * Claim: auditing a file with every measure of the catalogue takes less time than embedding it once.
 *
 * Runs the command line three times, each a process of its own that starts cold: `embed` into an empty
 * cache, then `audit` with that cache, so that it embeds nothing, without curves over n and with them (an
 * audit's default; neither draws a map). Prints seconds and their share of the time that embedding took.
 * `--parts` prints in one process where an audit's time goes: shared artefacts when a family first asks
 * for them, each family, intervals by subsampling and curves.
 *
 *     npm run build && node dist/bench/catalogue.js FILE [--reference FILE] [--model NAME] [--parts [--measures fast]]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withIntervals } from '../src/audit/intervals.ts';
import { inputsOf, runMeasures } from '../src/audit/measure.ts';
import { unavailableOf } from '../src/audit/options.ts';
import { planMeasures } from '../src/audit/plan.ts';
import type { Report } from '../src/audit/report.ts';
import { sizesOf } from '../src/audit/sizes.ts';
import { packagePath } from '../src/base/package.ts';
import { artefactsOf } from '../src/engine/artefacts.ts';
import { loadInputs } from '../src/engine/inputs.ts';
import { DEFAULT_SETTINGS, type Need } from '../src/measures/measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: 'string' },
    model: { type: 'string' },
    parts: { type: 'boolean', default: false },
    /** Which, for --parts: all, fast or ids. */
    measures: { type: 'string', default: 'all' },
    /** A cache that has the vectors, for --parts alone. */
    cache: { type: 'string' },
  },
});
const [file] = positionals;
if (file === undefined) throw new Error('Name a file of rows: node dist/bench/catalogue.js FILE');
const { reference } = values;

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** Seconds that a command of the program takes, from start to end. */
function secondsOf(args: readonly string[]): number {
  const start = performance.now();
  const child = spawnSync(process.execPath, [MAIN, ...args, '--quiet'], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return (performance.now() - start) / 1000;
}

async function totals(folder: string): Promise<void> {
  const cache = join(folder, 'cache');
  const common = [
    '--cache',
    cache,
    ...(values.model === undefined ? [] : ['--model', values.model]),
  ];
  // The default model is built on first use; that is no part of embedding.
  const few = packagePath('examples', 'varied.jsonl');
  secondsOf(['embed', few, '-o', join(folder, 'warm.npy'), ...common]);
  rmSync(join(cache, 'vectors'), { recursive: true });
  const embedding = secondsOf(['embed', file!, '-o', join(folder, 'rows.npy'), ...common]);
  if (reference !== undefined) {
    secondsOf(['embed', reference, '-o', join(folder, 'reference.npy'), ...common]);
  }
  const json = join(folder, 'report.json');
  const all = ['audit', file!, ...(reference === undefined ? [] : ['--reference', reference])];
  const plain = secondsOf([...all, '--no-curves', '--json', json, ...common]);
  const curves = secondsOf([...all, '--json', json, ...common]);
  const report: Report = JSON.parse(readFileSync(json, 'utf8'));
  console.log(
    `${file}: ${report.dataset.rows} rows, ${Object.keys(report.measures).length} measures, ${report.embedder?.model ?? 'vectors'}\n`,
  );
  console.log(`embedding once, no vector kept         ${embedding.toFixed(1)} s`);
  for (const [name, seconds] of [
    ['every measure with its interval      ', plain],
    ['the same, and its curve over n       ', curves],
  ] as const) {
    console.log(
      `${name}  ${seconds.toFixed(1)} s   ${(seconds / embedding).toFixed(2)} × embedding`,
    );
  }
}

async function parts(): Promise<void> {
  const options = { model: values.model, cache: values.cache };
  const sets = [[file!], ...(reference === undefined ? [] : [[reference]])];
  let [last, busy] = [performance.now(), process.cpuUsage()];
  const start = (): void => {
    [last, busy] = [performance.now(), process.cpuUsage()];
  };
  const lap = (name: string): void => {
    const seconds = (performance.now() - last) / 1000;
    const { user, system } = process.cpuUsage(busy);
    const columns = [seconds, (user + system) / 1e6].map((s) => s.toFixed(2).padStart(8));
    if (seconds > 0.05) console.log(`${columns.join('')}  ${name}`);
    start();
  };
  console.log(' seconds  of all threads');
  const inputs = await loadInputs(sets, options);
  lap('reading, with vectors from the cache where it has them');
  const { dataset, collected } = inputs.datasets[0]!;
  const { chosen } = planMeasures(values.measures, unavailableOf({ reference }, dataset.kind));
  const context = { device: inputs.device, seed: 0, settings: DEFAULT_SETTINGS };
  const other = inputs.datasets[1]?.collected.rows ?? null;
  const source = artefactsOf(collected.rows, other, {
    ...{ device: inputs.device, seed: 0, index: 'auto', extremes: true },
    traits: chosen.map(({ id }) => id),
  });
  const made = new Set<Need>();
  for (const family of new Set(chosen.map((one) => one.family))) {
    for (const need of family.needs) {
      if (made.has(need)) continue;
      made.add(need);
      await source(need);
      lap(`artefact ${need}`);
    }
    await family.finish(await inputsOf(family, source), context);
    lap(family.family);
  }
  const measured = await runMeasures(chosen, source, context);
  start();
  const open = new Set(
    chosen.filter(({ family }) => family.interval === 'subsample').map(({ family }) => family),
  );
  for (const family of open) {
    const ids = chosen.filter((one) => one.family === family);
    await withIntervals(ids, source, measured, context);
    lap(`interval of ${family.family}`);
  }
  const whole = await withIntervals(chosen, source, measured, context);
  start();
  for (const family of new Set(chosen.map((one) => one.family))) {
    const ids = chosen.filter((one) => one.family === family);
    await sizesOf(ids, source, whole, context);
    lap(`curves of ${family.family}, with what they need alone`);
  }
  await sizesOf(chosen, source, whole, context);
  lap('all curves together');
  await inputs.close();
}

const folder = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
try {
  if (values.parts) await parts();
  else await totals(folder);
} finally {
  rmSync(folder, { recursive: true });
}
