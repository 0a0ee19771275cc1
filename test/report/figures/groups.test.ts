import { describe, expect, test } from 'vitest';
import type { GroupsReport } from '../../../src/audit/groups.ts';
import { bare } from '../../../src/measures/value.ts';
import { gainFigure, groupsFigure } from '../../../src/report/figures/groups.ts';

const group = (name: string | null, rows: number, vendi: number) => ({
  ...{
    name,
    kind: name === null ? ('none' as const) : ('value' as const),
    rows,
    share: rows / 100,
  },
  vendi: bare(vendi, rows, 'why'),
  rarefied:
    rows < 20 ? null : { ...bare(vendi - 1, 20, ''), interval: [vendi - 2, vendi] as const },
});

const GROUPS: GroupsReport = {
  column: 'topic',
  values: 3,
  gamma: bare(12, 100, ''),
  alpha: bare(8, 100, ''),
  beta: bare(1.5, 100, ''),
  byChance: 1.1,
  at: 20,
  groups: [group('<b>sea</b>', 60, 9), group('food', 30, 7), group(null, 10, 3)],
  gain: {
    ...{
      n: 20,
      groups: [0, 1],
      alone: [8, 6],
      why: null,
      pairs: [{ a: 0, b: 1, mixed: 10, union: 11 }],
    },
    gain: [
      [1, 1.25],
      [1.67, 1],
    ],
  } as unknown as NonNullable<GroupsReport['gain']>,
};

describe('figures of groups', () => {
  test('show each group that is large enough at equal n, with its interval', () => {
    const figure = groupsFigure(GROUPS)!;
    expect(figure.table.rows).toEqual([
      ['<b>sea</b>', '60', '9', '8', '7.00 – 9.00'],
      ['food', '30', '7', '6', '5.00 – 7.00'],
    ]);
    expect(figure.marks.filter(({ kind }) => kind === 'dot')).toHaveLength(2);
    expect(figure.caption).toContain('alpha 8 × beta 1.50');
  });

  test('show what each group adds to each other, stronger where it is more', () => {
    const figure = gainFigure(GROUPS)!;
    const shades = figure.marks.flatMap((mark) => (mark.kind === 'area' ? [mark.opacity] : []));
    expect(shades).toHaveLength(2);
    expect(shades[1]).toBeGreaterThan(shades[0]!);
    expect(figure.table.rows[0]).toEqual(['<b>sea</b>', '', '1.25']);
  });

  test('are none without groups, or with one', () => {
    expect(groupsFigure(undefined)).toBeNull();
    expect(groupsFigure({ ...GROUPS, groups: GROUPS.groups.slice(0, 1) })).toBeNull();
    expect(gainFigure({ ...GROUPS, gain: null })).toBeNull();
  });
});
