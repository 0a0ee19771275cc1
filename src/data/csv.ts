import { openDelimited } from './delimited.ts';
import type { Reader } from './reader.ts';

/** CSV with commas, or semicolons where the header has only those. A header with only tabs is TSV. */
export const csv: Reader = {
  extensions: ['.csv'],
  recognises: (head) => isTable(head, ','),
  open(bytes, asked) {
    const header = firstLine(bytes.head);
    if (header.includes(','))
      return openDelimited(bytes, { format: 'csv', delimiter: ',', quoting: true });
    if (header.includes('\t')) return tsv.open(bytes, asked);
    const delimiter = header.includes(';') ? ';' : ',';
    return openDelimited(bytes, { format: 'csv', delimiter, quoting: true });
  },
};

/** TSV, in which quotes are ordinary characters. */
export const tsv: Reader = {
  extensions: ['.tsv', '.tab'],
  recognises: (head) => isTable(head, '\t'),
  open: (bytes) => openDelimited(bytes, { format: 'tsv', delimiter: '\t', quoting: false }),
};

const firstLine = (head: Buffer): string => /\S.*/.exec(head.toString('utf8'))?.[0] ?? '';

/**
 * Whether text without a telling name clearly is a table: several column names that look like
 * identifiers, and records below them with as many fields. Prose with commas is not.
 */
function isTable(head: Buffer, delimiter: string): boolean {
  const lines = head.toString('utf8').split(/\r?\n/);
  const names = (lines[0] ?? '').split(delimiter).map((name) => name.replace(/^"(.*)"$/, '$1'));
  if (names.length < 2 || new Set(names).size < names.length) return false;
  if (!names.every((name) => /^[\p{L}_][\p{L}\p{N}_.-]{0,63}$/u.test(name))) return false;
  // Records with quotes may span lines, and the last line may be cut off; the others must agree.
  const records = lines.slice(1, -1).slice(0, 20);
  const agree = records.every(
    (line) => line === '' || line.includes('"') || line.split(delimiter).length === names.length,
  );
  return lines.length > 1 && agree;
}
