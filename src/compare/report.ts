import type { LengthReport } from '../audit/length.ts';
import type { QualityCurve } from '../audit/quality-curve.ts';
import type {
  BinnedReport,
  BinsReport,
  DatasetReport,
  EmbedderReport,
  MapColumn,
  Report,
  SettingsReport,
  SpectrumReport,
} from '../audit/report.ts';
import type { Axis, Section, Value } from '../measures/measure.ts';
import type { Mixtures } from '../measures/mixtures.ts';
import type { DatasetFront } from './front.ts';
import type { PairDifference } from './pairs.ts';
import type { PromptReport } from './prompts.ts';

/**
 * The result of a comparison, and the whole of `--json`. Wherever there is a list with an entry a
 * dataset, it is in the order of `datasets`. Holds no time and no host.
 */
export interface CompareReport {
  readonly schema: 'gamut.compare/1';
  readonly gamut: string;
  /** Rows of each dataset that are compared: every diversity number grows with n. */
  readonly n: number;
  readonly datasets: readonly ComparedDataset[];
  /** Models that gave rows numbers; absent where none did. */
  readonly scorers?: NonNullable<Report['scorers']>;
  readonly embedder: EmbedderReport | null;
  readonly settings: {
    readonly seed: number;
    readonly space: 'cosine' | 'euclidean';
    readonly measures: string;
    readonly by: string | null;
    /** What judges the rows, and the cells they are sorted into; absent unless asked for. */
    readonly answers?: SettingsReport['answers'];
    readonly quality?: string;
    readonly cells?: string;
    /** What is controlled for; absent without --control. */
    readonly control?: 'length';
    readonly duplicateAt: number;
    readonly bandwidth: number;
    readonly buckets: number | null;
    /** Clusters of the pool, which all datasets share. */
    readonly clusters: number;
  };
  readonly measures: Readonly<Record<string, ComparedMeasure>>;
  /** Each axis, and each section of one, that has measures: who leads it. */
  readonly rankings: readonly Ranking[];
  /** Which datasets no other beats; null where fewer than two axes rank. */
  readonly front: DatasetFront | null;
  /**
   * Diversity against a rising quality threshold, one a dataset and none of the reference, all at one number of rows; null
   * where a dataset has nothing to filter. Absent without --quality.
   */
  readonly curves?: readonly (QualityCurve | null)[];
  /** Of every two datasets, in the order of `datasets`. */
  readonly union: Mixtures;
  /** Rows of each shared cluster, as shares of each dataset. */
  readonly clusters: readonly { readonly cluster: number; readonly shares: readonly number[] }[];
  readonly distributions: SpreadsReport;
  /** null where datasets do not answer the same prompts. */
  readonly prompts: PromptReport | null;
  /** What becomes of the numbers once rows are equally long; absent without --control length. */
  readonly length?: LengthReport;
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

/** What figures are drawn from: of n rows of each dataset, in the order of `datasets`. */
export interface SpreadsReport {
  /** Of the cosine kernel. */
  readonly spectra: readonly SpectrumReport[];
  /** Cosine similarities of pairs of rows: of all, or of 100,000 drawn ones. */
  readonly pairs: SpreadReport | null;
  /** Tokens a row; null for vectors. */
  readonly lengths: SpreadReport | null;
}

export interface SpreadReport extends BinsReport {
  readonly sides: readonly BinnedReport[];
}

export interface ComparedDataset {
  readonly name: string;
  readonly role: 'dataset' | 'reference';
  /** Its rows in all; `n` of them are compared. */
  readonly rows: number;
  /** What was read; groups of one dataset (--by) have the same. */
  readonly read: DatasetReport;
}

export interface ComparedMeasure {
  readonly axis: Axis;
  readonly section?: Section;
  readonly title: string;
  readonly more: 'more' | 'less';
  readonly values: readonly Value[];
  /** Places from 1, that with most of the axis first; ties share the mean place. null without a value. */
  readonly ranks: readonly (number | null)[];
  readonly pairs: readonly PairDifference[];
}

export interface Ranking {
  readonly axis: Axis;
  readonly section: Section | null;
  /** Measures that rank, those of one computation counted as one. */
  readonly families: number;
  /** The datasets by their mean place, the first leads; the reference takes no place. */
  readonly order: readonly {
    readonly dataset: number;
    readonly meanRank: number;
    /** Measures and other datasets, counted together, than which it has significantly more or less. */
    readonly more: number;
    readonly less: number;
  }[];
}

/** The joint map, which only the HTML shows. */
export interface CompareMap {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The dataset that each point is from. */
  readonly of: Int32Array;
  /** The cluster that each is in, which all datasets share, and what clusters are called. */
  readonly cluster: Int32Array;
  readonly names: readonly string[];
  readonly ids: readonly string[];
  /** Cut to a few hundred characters; null for vectors. */
  readonly texts: readonly (string | null)[];
  /** What else is known of each point: measures a row, columns of the data. */
  readonly columns: readonly MapColumn[];
}
