import { inputError } from '../base/errors.ts';
import type { Dataset, Row } from '../data/row.ts';
import { contentKey, nameOf } from './collect.ts';
import type { Loaded } from './inputs.ts';

/**
 * A second pass over a dataset, for what is only known once all rows have been measured: the words of
 * a cluster, the texts of the few rows that a report shows. Refuses data that is no longer the same.
 */
export async function* reread(
  { dataset, collected }: Loaded,
  signal?: AbortSignal,
): AsyncGenerator<readonly [row: Row, i: number], void, undefined> {
  const { keys } = collected;
  let i = 0;
  for await (const row of dataset.rows({ signal })) {
    if (i >= keys.length || contentKey(row) !== keys[i]) throw changed(dataset, i);
    yield [row, i];
    i += 1;
  }
  if (i !== keys.length) throw changed(dataset, i);
}

const changed = (dataset: Dataset, i: number): Error =>
  inputError(
    `${nameOf(dataset)} changed while it was read: row ${i + 1} is no longer what it was. Run again.`,
  );

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
