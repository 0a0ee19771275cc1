import type { ComputeOptions } from '../compute/device.ts';
import { decompose, type RowPart, vendiScores } from '../measures/mixtures.ts';
import type { Rows } from '../measures/rows.ts';
import type { Cell } from './attribute.ts';
import type { Factor } from './design.ts';
import type { GroupDiversity } from './report.ts';

/**
 * Diversity within and between the levels of every factor, each at the same number of rows, dealt evenly to its cells: a level with
 * more combinations than another is no more diverse for that.
 */
export async function groupDiversity(
  factors: readonly Factor[],
  cells: readonly Cell[],
  n: number,
  options: ComputeOptions,
): Promise<GroupDiversity[]> {
  const used: number[] = [];
  const unions = factors.flatMap(({ levels }, f): RowPart[][] => {
    const members = levels.map((_, level) => cells.filter((cell) => cell.levels[f] === level));
    const rows = n * Math.min(...members.map(({ length }) => length));
    used.push(rows);
    const own = members.map((all) =>
      all.map(({ side }, c) => firstOf(side.rows, rows, c, all.length)),
    );
    return [...own, own.flat()];
  });
  const scores = await vendiScores(unions, options);
  let at = 0;
  return factors.map(({ name, levels }, f) => {
    const own = scores.slice(at, at + levels.length);
    const equal = own.map((score) => ({ score, weight: 1 }));
    const { gamma, alpha, beta } = decompose(scores[at + levels.length]!, equal);
    at += levels.length + 1;
    return {
      ...{ factor: name, n: used[f]!, pooled: gamma, within: alpha, between: beta },
      levels: levels.map((level, i) => ({ level, vendi: own[i]! })),
      why: 'one draw of each combination; no interval was made',
    };
  });
}

/** The part of `rows` rows that the c-th of so many cells has. */
function firstOf({ unit, order }: Rows, rows: number, c: number, cells: number): RowPart {
  const share = Math.floor(((c + 1) * rows) / cells) - Math.floor((c * rows) / cells);
  return { unit, rows: order.subarray(0, share) };
}
