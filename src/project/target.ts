import { inputError } from '../base/errors.ts';
import type { Json, Row } from '../data/row.ts';
import { UNKNOWN } from './supervise.ts';

/** What rows should have in common beside their vectors, one value a row. */
export type Target =
  | {
      readonly kind: 'categories';
      /** Numbers from 0, or UNKNOWN. */
      readonly labels: Int32Array;
      readonly weight?: number | undefined;
    }
  | {
      readonly kind: 'numbers';
      readonly values: Float64Array;
      readonly weight?: number | undefined;
    };

export const TARGET_KINDS = ['categories', 'numbers'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Reads a target from a column while the rows pass. */
export interface TargetReader {
  observe(rows: readonly Row[]): void;
  finish(weight: number | undefined): Target;
}

/** Rows without the column, or with an empty value there, are of an unknown category; numbers must all be there. */
export const targetReader = (column: string, kind: TargetKind = 'categories'): TargetReader =>
  kind === 'categories' ? categories(column) : numbers(column);

function categories(column: string): TargetReader {
  const known = new Map<string, number>();
  const labels: number[] = [];
  const seen = new Set<string>();
  return {
    observe(rows) {
      for (const row of rows) {
        for (const name of Object.keys(row.columns)) seen.add(name);
        const value = cellOf(row, column);
        if (value === null || value === '') {
          labels.push(UNKNOWN);
          continue;
        }
        const label = typeof value === 'string' ? value : JSON.stringify(value);
        const number = known.get(label) ?? known.size;
        known.set(label, number);
        labels.push(number);
      }
    },
    finish(weight) {
      if (known.size === 0) {
        throw inputError(
          `No row has a value in column '${column}' (columns: ${[...seen].join(', ') || 'none'}). Name another with --target.`,
        );
      }
      return { kind: 'categories', labels: Int32Array.from(labels), weight };
    },
  };
}

function numbers(column: string): TargetReader {
  const values: number[] = [];
  return {
    observe(rows) {
      for (const row of rows) {
        const value = cellOf(row, column);
        const text = typeof value === 'string' && value.trim() !== '';
        const number = typeof value === 'number' || text ? Number(value) : Number.NaN;
        if (!Number.isFinite(number)) {
          throw inputError(
            `The row on line ${row.at.line} (id ${row.id}) has no number in column '${column}'. Name another with --target, or leave out --target-kind numbers.`,
          );
        }
        values.push(number);
      }
    },
    finish: (weight) => ({ kind: 'numbers', values: Float64Array.from(values), weight }),
  };
}

const cellOf = (row: Row, column: string): Json =>
  Object.hasOwn(row.columns, column) ? (row.columns[column] ?? null) : null;
