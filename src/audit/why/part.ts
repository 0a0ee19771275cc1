import type { RowReport } from '../report.ts';

/** A part of the answer to why: which rows it shows, and what it says once their texts are known. */
export interface Part<T> {
  readonly shown: readonly number[];
  report(show: Show): T;
}

/** A row as the report shows it. */
export type Show = (row: number) => RowReport;
