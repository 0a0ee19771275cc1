import type { DatasetReport, EmbedderReport, Report } from '../audit/report.ts';
import type { Axis, Section } from '../measures/measure.ts';
import type { TermEffect } from './effects.ts';

/** The result of `gamut attribute`, and the whole of its `--json`. */
export interface AttributeReport {
  readonly schema: 'gamut.attribute/1';
  readonly gamut: string;
  readonly dataset: DatasetReport;
  /** Models that gave rows numbers; absent where none did. */
  readonly scorers?: NonNullable<Report['scorers']>;
  readonly embedder: EmbedderReport | null;
  readonly settings: {
    readonly seed: number;
    readonly space: 'cosine' | 'euclidean';
    readonly measures: string;
    readonly interactions: boolean;
    readonly clusters: number;
  };
  readonly factors: readonly { readonly name: string; readonly levels: readonly string[] }[];
  /** Rows of each cell that are measured: those of the smallest, or `--at`. */
  readonly n: number;
  /** Combinations of levels that rows have, with all their rows. */
  readonly cells: readonly { readonly levels: readonly string[]; readonly rows: number }[];
  /** Whether every combination is there, with equally many rows. */
  readonly balanced: boolean;
  /** For each term, how much of it the other terms explain, from 0 to 1: at 1 they cannot be told apart. */
  readonly terms: readonly { readonly factors: readonly string[]; readonly confounding: number }[];
  readonly measures: Readonly<Record<string, AttributedMeasure>>;
  /** Diversity within and between the groups of each factor. */
  readonly groups: readonly GroupDiversity[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

export interface AttributedMeasure {
  readonly axis: Axis;
  readonly section?: Section;
  readonly title: string;
  readonly more: 'more' | 'less';
  /** Of the cells, in their order. */
  readonly values: readonly (number | null)[];
  /** The mean over cells; null where there are no effects, and `why` says why. */
  readonly mean: number | null;
  readonly why?: string;
  /** In the order of `terms`; those of terms that cannot be told from others are left out. */
  readonly effects: readonly (TermEffect & {
    /** Holm's correction of p over the terms of this measure. */
    readonly corrected: number | null;
  })[];
}

/**
 * Vendi scores by a factor's levels, each level counting once (gamma = alpha × beta, Jost 2007): `pooled`
 * of all together, `within` the geometric mean of the levels' own, `between` how many levels would
 * differ altogether to differ as these do: 1 where all say the same.
 */
export interface GroupDiversity {
  readonly factor: string;
  /** Rows of each level. */
  readonly n: number;
  readonly levels: readonly { readonly level: string; readonly vendi: number }[];
  readonly pooled: number;
  readonly within: number;
  readonly between: number;
  readonly why: string;
}
