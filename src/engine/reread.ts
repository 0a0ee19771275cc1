import type { Row } from '../data/row.ts';
import { checkedRows } from './collect.ts';
import type { Loaded } from './inputs.ts';

/**
 * A second pass over a dataset, for what is only known once all rows have been measured: the words of
 * a cluster, the texts of the few rows that a report shows. Refuses data that is no longer the same.
 */
export async function* reread(
  { dataset, collected }: Loaded,
  signal?: AbortSignal,
): AsyncGenerator<readonly [row: Row, i: number], void, undefined> {
  yield* checkedRows(dataset, collected.keys, signal);
}

/** Text for showing: one line, cut to `length` characters at a code point. */
export function snippet(text: string | null, length = 280): string | null {
  if (text === null) return null;
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= length
    ? line
    : `${Array.from(line)
        .slice(0, length - 1)
        .join('')}…`;
}
