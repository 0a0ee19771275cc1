import { expect } from 'vitest';
import type { Figure } from '../../../src/report/figures/marks.ts';

/** It has a name, a table without holes, and nothing that lies outside of it. */
export function expectWhole({ width, height, marks, table, label }: Figure): void {
  expect(label).not.toBe('');
  expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
  for (const mark of marks) {
    const places = 'points' in mark ? mark.points : mark.at.slice(0, 2);
    for (const [i, place] of places.entries()) {
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThanOrEqual(i % 2 === 0 ? width : height);
    }
  }
}
