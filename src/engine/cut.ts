import type { Device } from '../compute/device.ts';
import type { Dataset } from '../data/row.ts';
import type { Rows } from '../measures/rows.ts';
import { cutToWords } from '../measures/text-view.ts';
import { embedTexts, type InputOptions } from './inputs.ts';
import { required } from './text-sample.ts';

/** The same rows with their texts cut to a number of words, embedded again; vectors come from the store where it has them. */
export async function cutRows(
  sets: readonly Rows[],
  words: number,
  options: InputOptions & { readonly device: Device },
): Promise<Rows[]> {
  const { datasets } = await embedTexts(
    sets.map((rows) => cutDataset(rows, words)),
    options,
  );
  return datasets.map(({ collected }) => collected.rows);
}

/** Rows that were read, as a dataset of their own. */
function cutDataset(rows: Rows, words: number): Dataset {
  return {
    kind: 'text',
    dims: null,
    sources: [
      { path: `texts cut to ${words} words`, format: 'lines', text: null, textColumns: [] },
    ],
    badRows: [],
    badRowCount: 0,
    async *rows({ signal } = {}) {
      let i = 0;
      for await (const block of required(rows)(signal)) {
        for (const { text, columns } of block) {
          const at = { source: 0, line: i + 1 };
          yield { id: String(i), text: cutToWords(text ?? '', words), vector: null, columns, at };
          i += 1;
        }
      }
    },
    async close() {},
  };
}
