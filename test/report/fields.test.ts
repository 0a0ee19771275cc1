import { describe, expect, test } from 'vitest';
import type { MapColumn, MapReport } from '../../src/audit/report.ts';
import { fieldsOf } from '../../src/report/html/fields.ts';

const mapOf = (...columns: MapColumn[]): MapReport => ({
  engine: 'umap',
  x: new Float32Array(columns[0]!.values.length),
  y: new Float32Array(columns[0]!.values.length),
  cluster: new Int32Array(columns[0]!.values.length),
  ids: [],
  texts: [],
  of: columns[0]!.values.length,
  columns,
});

describe('what points can be coloured by', () => {
  test('has amounts in steps between their ends, and a step of its own for none', () => {
    const [field] = fieldsOf(mapOf({ name: 'score', values: [0.5, null, 1.5, 1] }));
    expect(field!.view).toEqual({
      kind: 'amounts',
      title: 'score',
      ends: ['0.500', '1.50'],
      low: 0.5,
      high: 1.5,
    });
    expect([...field!.of]).toEqual([0, 65_535, 65_534, 32_767]);
  });

  test('takes a few whole numbers as names, unless they are said to be amounts', () => {
    const values = [1, 2, 2, null];
    const [named, amount] = fieldsOf(
      mapOf({ name: 'label', values }, { name: 'length', values, amounts: true }),
    );
    expect(named!.view.kind).toBe('names');
    expect([...named!.of]).toEqual([1, 0, 0, 65_535]);
    expect(amount!.view.kind).toBe('amounts');
  });

  test('leaves out columns that tell no rows apart, or all of them', () => {
    const values = Array.from({ length: 200 }, (_, i) => `id ${i}`);
    expect(fieldsOf(mapOf({ name: 'id', values }))).toEqual([]);
    expect(fieldsOf(mapOf({ name: 'same', values: values.map(() => 'x') }))).toEqual([]);
    expect(fieldsOf(mapOf({ name: 'none', values: values.map(() => null) }))).toEqual([]);
  });

  test('calls what is beyond the most frequent names other', () => {
    const values = Array.from({ length: 400 }, (_, i) => `name ${i % 80}`);
    const [field] = fieldsOf(mapOf({ name: 'topic', values }));
    const groups = field!.view.kind === 'names' ? field!.view.groups : [];
    expect(groups).toHaveLength(61);
    expect(groups.at(-1)!.name).toBe('other');
  });
});
