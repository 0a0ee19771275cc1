import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMeasures } from '../../src/audit/measure.ts';
import { packagePath } from '../../src/base/package.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import type { Listed } from '../../src/measures/registry.ts';
import { clusteredRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

/** The worked example of CONTRIBUTING.md is a measure that works as it stands. */
test('the example measure computes what its comment says', async () => {
  const text = await readFile(packagePath('CONTRIBUTING.md'), 'utf8');
  const source = /^```ts\n(.*?)^```/ms.exec(text)![1]!;
  const folder = await mkdtemp(join(tmpdir(), 'gamut-contributing-'));
  const file = join(folder, 'orphans.ts');
  const measures = packagePath('src', 'measures');
  await writeFile(file, source.replaceAll("from '../", `from '${measures}/`));
  try {
    const { orphans } = await import(/* @vite-ignore */ file);
    const rows = rowsFrom(clusteredRows(200, 8, 5, 0.5, 1), 8);
    const artefacts = artefactsOf(rows, null, { seed: 0, index: 'exact' });
    const listed: Listed = {
      ...orphans.measures.orphans,
      id: 'orphans',
      axis: 'diversity',
      family: orphans,
      fast: false,
    };
    const context = { seed: 0, settings: DEFAULT_SETTINGS };
    const { value, interval } = (await runMeasures([listed], artefacts, context)).orphans!;
    const graph = await artefacts('cosineNeighbours');
    const chosen = new Set(Array.from({ length: 200 }, (_, i) => graph.ids[i * graph.k]));
    expect(value).toBeCloseTo(1 - chosen.size / 200, 12);
    expect(interval![0]).toBeLessThan(value!);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
