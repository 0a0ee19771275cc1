import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { planMeasures } from '../../src/audit/plan.ts';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { MEASURES } from '../../src/measures/registry.ts';
import { gaussianRows } from '../support/data.ts';

const NO_REFERENCE = { reference: 'needs a --reference', regions: 'needs a --reference' };

const chosen = (asked: string): string[] => planMeasures(asked, {}).chosen.map(({ id }) => id);
const refusal = (asked: string, unavailable = {}): string => {
  try {
    planMeasures(asked, unavailable);
  } catch (error) {
    expect(error).toMatchObject({ name: 'GamutError', kind: 'usage' });
    return (error as Error).message;
  }
  throw new Error(`${asked} was not refused`);
};

test('all is every measure, fast those that are not quadratic', () => {
  expect(chosen('all')).toEqual(MEASURES.map(({ id }) => id));
  const fast = chosen('fast');
  expect(fast).toContain('vendi');
  expect(fast).toContain('cluster-entropy');
  for (const id of ['nn-distance', 'near-duplicates', 'diameter', 'precision']) {
    expect(fast).not.toContain(id);
  }
});

test('all and fast leave out what cannot be given, with the reason', () => {
  const { chosen: given, skipped } = planMeasures('all', NO_REFERENCE);
  expect(skipped).toContainEqual({ id: 'precision', why: 'needs a --reference' });
  expect(skipped).toContainEqual({ id: 'cell-coverage', why: 'needs a --reference' });
  expect(given.length + skipped.length).toBe(MEASURES.length);
});

describe('ids', () => {
  test('are given in the order asked for, once each, spaces allowed', () => {
    expect(chosen(' vendi.q2, vendi ,vendi.q2,')).toEqual(['vendi.q2', 'vendi']);
  });

  test('that cannot be given are an error, not left out', () => {
    expect(refusal('vendi,precision', NO_REFERENCE)).toBe(
      'Measure precision cannot be given: needs a --reference.',
    );
  });

  test('that nearly exist are answered with the right one', () => {
    expect(refusal('vndi')).toContain('did you mean vendi?');
    expect(refusal('silhuette')).toContain('did you mean silhouette?');
    expect(refusal('something-else')).not.toContain('did you mean');
  });

  test('are those of measures, not what objects have by themselves', () => {
    expect(refusal('constructor')).toContain("no measure 'constructor'");
  });

  test.each(['', ' , '])('may not be missing: %j', (asked) => {
    expect(refusal(asked)).toContain('--measures is empty');
  });
});

describe('options that make no sense are refused before anything is read', () => {
  test.each([
    [{ clusters: 0 }, /--clusters/],
    [{ clusters: 2.5 }, /--clusters/],
    [{ clusters: 3, labels: 'topic' }, /contradict/],
    [{ duplicateAt: 0 }, /--duplicate-at/],
    [{ duplicateAt: 1.2 }, /--duplicate-at/],
    [{ duplicateAt: Number.NaN }, /--duplicate-at/],
    [{ measures: 'precision' }, /needs a --reference/],
  ])('%o', async (options, message) => {
    await expect(audit('/nowhere/at/all.jsonl', options)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(message),
    });
  });
});

describe('measures of a column', () => {
  test('are asked for by its name, alone or beside all', () => {
    expect(chosen('attribute-entropy:topic')).toEqual(['attribute-entropy:topic']);
    expect(chosen('all,chao:a:b')).toEqual([...MEASURES.map(({ id }) => id), 'chao:a:b']);
  });

  test('need one', () => {
    expect(refusal('attribute-entropy:')).toContain("no measure 'attribute-entropy:'");
    expect(refusal('attribute-size:topic')).toContain("no measure 'attribute-size:topic'");
  });

  test('are refused before work starts where no row has it', async () => {
    const asked = { measures: 'attribute-entropy:topik' };
    await expect(audit('examples/collapsed.jsonl', asked)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining("no value in a column 'topik' (its columns: id,"),
    });
  });
});

test('texts that vectors do not have are said under skipped, and refused by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gamut-plan-'));
  try {
    const file = join(folder, 'vectors.npy');
    await writeNpy(file, vectorsOf(gaussianRows(20, 3, 1), 3));
    const { report } = await audit(file, { map: false });
    expect(report.skipped).toContainEqual({
      id: 'self-bleu',
      why: 'needs texts, and the rows are vectors',
    });
    await expect(audit(file, { map: false, measures: 'mtld' })).rejects.toMatchObject({
      message: 'Measure mtld cannot be given: needs texts, and the rows are vectors.',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
