import { type ExchangeColumns, exchangeOf } from '../data/exchange.ts';
import type { Rows } from '../measures/rows.ts';
import { TextView } from '../measures/text-view.ts';
import { TRAITS } from '../measures/trait-list.ts';
import type { Traits } from '../measures/traits.ts';
import { required } from './text-sample.ts';

type Columns = ReadonlyMap<string, Float64Array>;

export interface TraitOptions {
  /** Columns of prompt and response, where they were named. */
  readonly exchange?: ExchangeColumns | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Traits of rows, read when the first is asked for; `expected` are read in the same pass. What is asked
 * for later and was not expected takes a pass of its own.
 */
export function traitsOf(
  rows: Rows,
  expected: readonly string[] = Object.keys(TRAITS),
  options: TraitOptions = {},
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
          options,
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
  { exchange, signal }: TraitOptions,
): Promise<Columns> {
  const columns = ids.map((id) => ({
    id,
    ...TRAITS[id]!,
    numbers: new Float64Array(rows.n),
  }));
  const asksForPrompt = columns.some(({ ofPrompt }) => ofPrompt);
  let row = 0;
  for await (const block of required(rows)(signal)) {
    for (const { text, columns: cells } of block) {
      const whole = new TextView(text ?? '');
      const prompt = asksForPrompt ? exchangeOf(cells, exchange)?.prompt : undefined;
      const asked = prompt === undefined ? whole : new TextView(prompt);
      for (const { of, ofPrompt, numbers } of columns) {
        numbers[row] = of(ofPrompt ? asked : whole) ?? Number.NaN;
      }
      row += 1;
    }
  }
  return new Map(columns.map(({ id, numbers }) => [id, numbers]));
}
