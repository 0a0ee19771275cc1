import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { project } from '../../src/project/project.ts';
import { fixtures } from '../data/helpers.ts';
import { jsonl, samples } from '../support/texts.ts';

/** A dataset is read more than once; rows that change in between must not end in a report. */
const { path } = fixtures();
const rows = samples(40, 1);

const changes = {
  'rows are added': [...rows, ...samples(3, 2)],
  'rows are taken away': rows.slice(0, 30),
  'a row becomes another': rows.map((row, i) => (i === 20 ? { ...row, text: 'Another.' } : row)),
};

test.each(Object.entries(changes))('%s while the audit runs', async (name, after) => {
  const file = path(`${name}.jsonl`, jsonl(rows));
  const running = audit(file, {
    map: false,
    onProgress: ({ stage }) => {
      if (stage === 'clusters') writeFileSync(file, jsonl(after));
    },
  });
  await expect(running).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringMatching(/changed while it was read.*Run again/),
  });
});

test.each(Object.entries(changes))('%s before a projection is read out', async (name, after) => {
  const file = path(`projected ${name}.jsonl`, jsonl(rows));
  const projection = await project(file, { epochs: 5 });
  writeFileSync(file, jsonl(after));
  const read = async (): Promise<void> => {
    for await (const { x } of projection.rows()) expect(x).toBeDefined();
  };
  await expect(read()).rejects.toMatchObject({ kind: 'input' });
  await projection.close();
});
