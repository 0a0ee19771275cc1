import { inputError, usageError } from '../base/errors.ts';
import { openDataset } from '../data/open.ts';
import type { Json, Row } from '../data/row.ts';

/**
 * Labels that come with the data: a column of it, or a `.npy` of one number a row. They take the place
 * of the clusters that gamut would find.
 */
export interface LabelReader {
  /** Shown each block of rows of the dataset, in order. */
  observe(rows: readonly Row[]): void;
  /** One label a row. */
  finish(rows: number): Promise<string[]>;
}

export function labelReader(asked: string): LabelReader {
  return asked.endsWith('.npy') ? fromFile(asked) : fromColumn(asked);
}

function fromColumn(column: string): LabelReader {
  const labels: string[] = [];
  return {
    observe(rows) {
      for (const row of rows) {
        const value = row.columns[column];
        if (value === undefined || value === null) {
          const columns = Object.keys(row.columns).join(', ') || 'none';
          throw inputError(
            `Row ${row.id} has no label: column '${column}' is missing or empty (its columns: ${columns}). Name another with --labels.`,
          );
        }
        labels.push(labelOf(value));
      }
    },
    finish: async () => labels,
  };
}

function fromFile(path: string): LabelReader {
  return {
    observe() {},
    async finish(rows) {
      const dataset = await openDataset([path], { refuseZeroVectors: false });
      try {
        const labels: string[] = [];
        for await (const { vector } of dataset.rows()) {
          if (vector?.length !== 1) {
            throw usageError(
              `--labels ${path} must hold one number a row, and has ${dataset.dims}.`,
            );
          }
          labels.push(String(vector[0]));
        }
        if (labels.length !== rows) {
          throw inputError(
            `--labels ${path} has ${labels.length} labels for ${rows} rows; there must be one a row.`,
          );
        }
        return labels;
      } finally {
        await dataset.close();
      }
    },
  };
}

const labelOf = (value: Json): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
