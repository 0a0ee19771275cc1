import { inputError, usageError } from '../base/errors.ts';
import { readNumbers } from '../data/npy.ts';
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
        const value = Object.hasOwn(row.columns, column) ? row.columns[column] : null;
        if (value === undefined || value === null) {
          const columns = Object.keys(row.columns).join(', ') || 'none';
          throw inputError(
            `The row on line ${row.at.line} (id ${row.id}) has no label: column '${column}' is missing or empty (its columns: ${columns}). Name another with --labels.`,
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
      const labels = await readNumbers(path);
      if (labels.length !== rows) {
        throw inputError(
          `--labels ${path} has ${labels.length} labels for ${rows} rows; there must be one a row.`,
        );
      }
      return labels;
    },
  };
}

/** Clusters are found or given, not both. */
export function checkPartition({
  clusters,
  labels,
}: {
  readonly clusters?: number | undefined;
  readonly labels?: string | undefined;
}): void {
  if (clusters !== undefined && labels !== undefined) {
    throw usageError('--clusters and --labels contradict each other; give one of them.');
  }
  if (clusters !== undefined && !(Number.isInteger(clusters) && clusters >= 1)) {
    throw usageError(`--clusters must be a whole number from 1, not ${clusters}.`);
  }
}

const labelOf = (value: Json): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
