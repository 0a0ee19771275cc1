import type { GroupsReport } from '../../audit/groups.ts';
import { formatNumber, formatRows } from '../format.ts';
import { groupCells, groupName, groupsWords } from '../groups.ts';
import { cut, oneLine } from '../text.ts';
import { area, dot, type Figure, line, type Mark, OWN, text } from './marks.ts';
import { linear } from './scale.ts';

const WIDTH = 480;
const ROW = 24;
/** Columns of letters that a group's name may take. */
const NAME = 18;
const LEFT = 150;

/** The Vendi score of each group at equal n with its interval, and the whole of its rows as a ring. null without --by. */
export function groupsFigure(found: GroupsReport | undefined): Figure | null {
  if (found === undefined) return null;
  const { column, at } = found;
  const shown = found.groups.filter(({ rarefied }) => rarefied?.value != null);
  if (at === null || shown.length < 2) return null;
  const ends = shown.flatMap(({ rarefied }) => [rarefied!.value!, ...(rarefied!.interval ?? [])]);
  const frame = { left: LEFT, right: WIDTH - 20, top: 36, bottom: 36 + ROW * shown.length };
  const x = linear(Math.min(...ends), Math.max(...ends), [frame.left + 8, frame.right - 8], 4);
  const marks: Mark[] = x.ticks.flatMap((tick) => [
    line(
      [
        [tick.at, frame.top - 4],
        [tick.at, frame.bottom],
      ],
      'grid',
    ),
    text(tick.text, tick.at, frame.bottom + 18, 'middle'),
  ]);
  marks.push(
    text(
      `Vendi score of ${formatRows(at)}`,
      (frame.left + frame.right) / 2,
      frame.bottom + 37,
      'middle',
    ),
  );
  for (const [i, group] of shown.entries()) {
    const y = frame.top + ROW * (i + 0.5);
    const { value, interval } = group.rarefied!;
    marks.push(text(cut(groupName(group), NAME), frame.left - 10, y + 4.5, 'end', 'ink'));
    if (interval !== null)
      marks.push(
        line(
          [
            [x.of(interval[0]), y],
            [x.of(interval[1]), y],
          ],
          OWN,
          { width: 3 },
        ),
      );
    marks.push(dot(x.of(value!), y, 5, OWN));
  }
  const split = groupsWords(found);
  const by = oneLine(column);
  return {
    id: 'groups',
    title: `Groups by ${by}`,
    caption: `${split} Each group at ${formatRows(at)}, with its 95 % interval: further right is more diverse.`,
    label: `Vendi scores of ${formatRows(shown.length, 'group')} by ${by}, each at ${formatRows(at)}. ${split}`,
    ...{ width: WIDTH, height: frame.bottom + 46, marks },
    table: {
      columns: [by, 'Rows', 'Vendi score', `At ${formatRows(at)}`, '95 % interval'],
      rows: shown.map((group) => {
        const { rows, vendi, rarefied, interval } = groupCells(group);
        return [groupName(group), rows, vendi, rarefied, interval];
      }),
    },
  };
}

/** What a mixture with each other group makes of each group: stronger colour is more. null with fewer than two. */
export function gainFigure(found: GroupsReport | undefined): Figure | null {
  const gain = found?.gain ?? null;
  if (found === undefined || gain === null || gain.groups.length < 2) return null;
  const names = gain.groups.map((group) => groupName(found.groups[group]!));
  const size = names.length;
  const cell = Math.min(56, (WIDTH - LEFT - 8) / size);
  const top = 30;
  const most = Math.max(...gain.gain.flat());
  const marks: Mark[] = [];
  for (const [a, row] of gain.gain.entries()) {
    const y = top + a * cell;
    marks.push(text(cut(names[a]!, NAME), LEFT - 10, y + cell / 2 + 4.5, 'end', 'ink'));
    marks.push(text(`${a + 1}`, LEFT + (a + 0.5) * cell, top - 8, 'middle'));
    for (const [b, value] of row.entries()) {
      const x = LEFT + b * cell;
      const [right, bottom] = [x + cell - 2, y + cell - 2];
      const strength = most > 1 ? Math.max(0, (value - 1) / (most - 1)) : 0;
      if (a !== b) {
        marks.push(
          area(
            [
              [x, y],
              [right, y],
              [right, bottom],
              [x, bottom],
            ],
            OWN,
            0.06 + 0.44 * strength,
          ),
        );
        if (cell >= 36)
          marks.push(
            text(formatNumber(value), x + cell / 2 - 1, y + cell / 2 + 4.5, 'middle', 'ink'),
          );
      }
    }
  }
  return {
    id: 'gain',
    title: 'What groups add to each other',
    caption: `The Vendi score of ${formatRows(gain.n)}, half of them from the group of the line and half from that of the column (numbered in the same order), over that of as many of the line's alone. Above 1, the column has what the line lacks.`,
    label: `Gain of mixing each of ${formatRows(size, 'group')} with each other; at most ${formatNumber(most)}.`,
    ...{ width: WIDTH, height: top + size * cell + 6, marks },
    table: {
      columns: ['', ...names],
      rows: gain.gain.map((row, a) => [
        names[a]!,
        ...row.map((value, b) => (a === b ? '' : formatNumber(value))),
      ]),
    },
  };
}
