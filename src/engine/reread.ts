import { inputError, throwIfAborted } from '../base/errors.ts';
import type { Dataset, Row } from '../data/row.ts';
import { nameOf } from './collect.ts';

/**
 * A second pass over a dataset, for what is only known once all rows have been measured: the words of
 * a cluster, the texts of the few rows that a report shows. Checks that it is still the same data.
 */
export async function reread(
  dataset: Dataset,
  rows: number,
  visit: (row: Row, i: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let i = 0;
  for await (const row of dataset.rows({ signal })) {
    if (i < rows) visit(row, i);
    i += 1;
    if (i % 4096 === 0) throwIfAborted(signal);
  }
  if (i !== rows) {
    throw inputError(
      `${nameOf(dataset)} changed while it was read: ${rows} rows at first, ${i} now. Run again.`,
    );
  }
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
