import type { Rows } from '../measures/rows.ts';
import { TextView } from '../measures/text-view.ts';
import { TRAITS } from '../measures/trait-list.ts';
import type { Traits } from '../measures/traits.ts';
import { required } from './text-sample.ts';

type Columns = ReadonlyMap<string, Float64Array>;

/**
 * Traits of rows, read when the first is asked for; `expected` are read in the same pass. What is asked
 * for later and was not expected takes a pass of its own.
 */
export function traitsOf(
  rows: Rows,
  expected: readonly string[] = Object.keys(TRAITS),
  signal?: AbortSignal,
): Traits {
  const passes = new Map<string, Promise<Columns>>();
  return {
    async of(ids) {
      const fresh = ids.filter((id) => !passes.has(id));
      if (fresh.length > 0) {
        const wanted = new Set([...fresh, ...(passes.size === 0 ? expected : [])]);
        const pass = readTraits(
          rows,
          [...wanted].filter((id) => Object.hasOwn(TRAITS, id)),
          signal,
        );
        for (const id of wanted) passes.set(id, pass);
      }
      return Promise.all(ids.map(async (id) => (await passes.get(id)!).get(id)!));
    },
  };
}

/** The traits of some of the rows, from those of all. */
export const traitsOfPart = (whole: Traits, chosen: Int32Array): Traits => ({
  async of(ids) {
    const columns = await whole.of(ids);
    return columns.map((column) => Float64Array.from(chosen, (row) => column[row]!));
  },
});

async function readTraits(
  rows: Rows,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Columns> {
  const columns = ids.map((id) => ({
    id,
    of: TRAITS[id]!.of,
    numbers: new Float64Array(rows.n),
  }));
  let row = 0;
  for await (const block of required(rows)(signal)) {
    for (const { text } of block) {
      const view = new TextView(text ?? '');
      for (const { of, numbers } of columns) numbers[row] = of(view) ?? Number.NaN;
      row += 1;
    }
  }
  return new Map(columns.map(({ id, numbers }) => [id, numbers]));
}
