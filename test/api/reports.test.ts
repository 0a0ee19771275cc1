import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attribute, audit, compare, recipesReport, recordRun, track } from '../../src/index.ts';
import { readStore } from '../../src/recipes/store.ts';
import { typeErrors } from '../support/report-types.ts';
import { samples } from '../support/texts.ts';

let folder: string;
let files: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-reports-'));
  files = await Promise.all(
    [0, 1].map(async (set) => {
      const file = join(folder, `set${set}.jsonl`);
      const rows = samples(80, 3 + set).map(({ text }, i) => ({
        ...{ text, prompt: `prompt ${i >> 1}`, answer: `${i % 3}`, truth: '1', score: i % 7 },
        ...{ model: i % 2 === 0 ? 'a' : 'b', heat: i % 4 < 2 ? 'low' : 'high' },
      }));
      await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
      return file;
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what every verb reports has each field that its documented type names, and no other', async () => {
  const [one, other] = files as [string, string];
  const common = { text: 'text', clusters: 4 } as const;
  const judged = { answer: 'answer', truth: 'truth', quality: 'score' } as const;
  const { report: audited } = await audit(one, {
    ...{ ...common, ...judged, reference: other, by: 'model', control: 'length', map: false },
    measures:
      'vendi,near-duplicates,coverage,template-rate,chao:model,correct,pareto,quality.rules',
  });
  const measures = 'vendi,quality:score,correct,archive-coverage,quality.rules';
  const asked = { ...common, ...judged, measures };
  const { report: compared } = await compare(files, {
    ...{ ...asked, map: false, prompt: 'prompt' },
  });
  const factors = ['model', 'heat'];
  const attributed = await attribute(one, { ...asked, factors });
  const tracked = await track(files, asked);
  const [store, kept] = [join(folder, 'runs.json'), join(folder, 'report.json')];
  await writeFile(kept, JSON.stringify(audited));
  await recordRun('lima', kept, { store });
  const runs = await readStore(store);
  const reports = [
    ['Report', audited],
    ['CompareReport', compared],
    ['AttributeReport', attributed],
    ['TrackReport', tracked],
    ['RecipesReport', recipesReport(runs)],
    ['RecipeFile', runs],
  ] as const;
  const broken = JSON.stringify({ ...tracked, more: 1, n: '3' });
  const texts = [
    ...reports.map(([type, report]) => [type, JSON.stringify(report)] as const),
    ['TrackReport', broken] as const,
  ];
  // The last line has what the compiler is expected to find, and no other has any.
  const said = (await typeErrors(texts)).split('\n');
  expect(said.filter((line) => !line.includes(`reports.ts(${texts.length + 1},`))).toEqual([]);
  expect(said.length).toBeGreaterThan(0);
}, 240_000);
