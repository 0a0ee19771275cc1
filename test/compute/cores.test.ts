import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { coreCount, coresUnder } from '../../src/compute/cores.ts';

function machine(siblings: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-cores-'));
  mkdirSync(join(folder, 'cpufreq'));
  for (const [cpu, list] of siblings.entries()) {
    const topology = join(folder, `cpu${cpu}`, 'topology');
    mkdirSync(topology, { recursive: true });
    writeFileSync(join(topology, 'thread_siblings_list'), `${list}\n`);
  }
  return folder;
}

test('threads of one core count once', () => {
  expect(coresUnder(machine(['0', '1']))).toBe(2);
  expect(coresUnder(machine(['0,2', '1,3', '0,2', '1,3']))).toBe(2);
  expect(coresUnder(machine(['0-1', '0-1']))).toBe(1);
});

test('0 where the system does not say, never more than may be used', () => {
  expect(coresUnder(join(machine([]), 'nowhere'))).toBe(0);
  const folder = machine(['0']);
  mkdirSync(join(folder, 'cpu1'));
  expect(coresUnder(folder)).toBe(0);
  expect(coreCount()).toBeLessThanOrEqual(availableParallelism());
});
