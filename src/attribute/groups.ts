import type { ComputeOptions } from '../compute/device.ts';
import { decompose, type RowPart, vendiScores } from '../measures/mixtures.ts';
import type { Rows } from '../measures/rows.ts';
import type { Factor } from './design.ts';
import type { GroupDiversity } from './report.ts';

/** A combination of levels, no two alike, and its rows. */
interface Combination {
  readonly side: { readonly rows: Pick<Rows, 'unit' | 'order'> };
  /** The number of its level of each factor. */
  readonly levels: readonly number[];
}

/**
 * Diversity within and between the levels of every factor, each at the same number of rows, dealt evenly to its cells: a level with
 * more combinations than another is no more diverse for that.
 */
export async function groupDiversity(
  factors: readonly Factor[],
  cells: readonly Combination[],
  n: number,
  options: ComputeOptions,
): Promise<GroupDiversity[]> {
  const used: number[] = [];
  const firstOf = openParts();
  const unions = factors.flatMap(({ levels }, f): RowPart[][] => {
    const members = levels.map((_, level) => cells.filter((cell) => cell.levels[f] === level));
    const rows = n * Math.min(...members.map(({ length }) => length));
    used.push(rows);
    const own = members.map((all) =>
      all.map((cell, c) => firstOf(cell, shareOf(rows, c, all.length))),
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

/** How many of `rows` rows the c-th of so many cells has. */
const shareOf = (rows: number, c: number, cells: number): number =>
  Math.floor(((c + 1) * rows) / cells) - Math.floor((c * rows) / cells);

/** The first rows of cells, each part made once: what is summed over it then serves every factor. */
function openParts(): (cell: Combination, share: number) => RowPart {
  const made = new Map<string, RowPart>();
  return ({ side, levels }, share) => {
    const key = [...levels, share].join();
    const part = made.get(key) ?? {
      unit: side.rows.unit,
      rows: side.rows.order.subarray(0, share),
    };
    made.set(key, part);
    return part;
  };
}
