import type { ScorerReport } from '../engine/scoring.ts';
import type { Match } from '../measures/answers.ts';
import type { Axis, Section, Value } from '../measures/measure.ts';
import type { GroupsReport } from './groups.ts';
import type { LengthReport } from './length.ts';
import type { SizeReport } from './sizes.ts';
import type { TradeoffReport } from './tradeoff.ts';
import type { WhyReport } from './why/report.ts';

/**
 * `report.json`: the one result of an audit. Renderers read nothing else (and the map beside it).
 * It holds no time and no host, so that the same data, model and seed give the same bytes.
 */
export interface Report {
  readonly schema: 'gamut.report/1';
  /** The version of gamut that wrote it. */
  readonly gamut: string;
  readonly dataset: DatasetReport;
  readonly reference: DatasetReport | null;
  /** null when the input was vectors. */
  readonly embedder: EmbedderReport | null;
  /** Models that gave rows numbers: a language model, quality models; absent where none did. */
  readonly scorers?: readonly ScorerReport[];
  readonly settings: SettingsReport;
  /** What a colleague would say first, most important first. */
  readonly findings: readonly Finding[];
  readonly measures: Readonly<Record<string, MeasureReport>>;
  /** Measures that this input could not give, and why. */
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
  /** Things that did not stop the audit but that a reader must know. */
  readonly warnings: readonly string[];
  /** How neighbours were found. null when no measure needed them. */
  readonly index: IndexReport | null;
  /** Largest first. Empty when clusters were not asked for. */
  readonly clusters: readonly ClusterReport[];
  /** The most similar pairs of rows, most similar first. */
  readonly nearestPairs: readonly PairReport[];
  /** Clusters of the reference that the dataset leaves out or nearly so, largest first; 12 at most. */
  readonly uncovered: readonly UncoveredReport[];
  /** Why the numbers are as they are: what to remove, what repeats, what is crowded, what stands alone. */
  readonly why: WhyReport;
  /** The groups that a column's values make; absent without --by. */
  readonly groups?: GroupsReport;
  /** Quality against diversity; absent without --quality. */
  readonly tradeoff?: TradeoffReport;
  /** What becomes of the numbers once rows are equally long; absent without --control length. */
  readonly length?: LengthReport;
  /** What figures are drawn from. */
  readonly distributions: DistributionsReport;
}

/** Spectra and histograms, of the dataset and beside it of the reference; null where nothing measured needed them. */
export interface DistributionsReport {
  /** Of the cosine kernel. */
  readonly spectrum: {
    readonly dataset: SpectrumReport;
    readonly reference: SpectrumReport | null;
  } | null;
  /** Cosine similarities of pairs of rows: of all, or of 100,000 drawn ones. */
  readonly pairs: HistogramReport | null;
  /** Cosine similarities of each row to the one nearest to it. */
  readonly nearest: HistogramReport | null;
  /** Tokens a row. */
  readonly lengths: HistogramReport | null;
}

export interface SpectrumReport {
  readonly n: number;
  readonly dims: number;
  /** From 1, the largest eigenvalue; thinned to 64 at most. */
  readonly ranks: readonly number[];
  /** The eigenvalues of these ranks; all of them together sum to 1. */
  readonly shares: readonly number[];
  /** Directions that together hold half of the sum, and nine tenths of it. */
  readonly half: number;
  readonly most: number;
}

/** Bins of one width, the first from `from`. */
export interface BinsReport {
  readonly from: number;
  readonly width: number;
  /** Whether the last bin holds all that is larger, too. */
  readonly open: boolean;
}

/** What is in each of the bins, as shares of n values. */
export interface BinnedReport {
  readonly n: number;
  readonly mean: number;
  readonly shares: readonly number[];
}

export interface HistogramReport extends BinsReport {
  readonly dataset: BinnedReport;
  readonly reference: BinnedReport | null;
}

export interface DatasetReport {
  readonly sources: readonly {
    readonly path: string;
    readonly format: string;
    /** How the text was made: 'instruction + output (found)'. null for vectors. */
    readonly text: string | null;
    /** The columns that it is made of; none where each line is a text, and for vectors. */
    readonly textColumns?: readonly string[];
  }[];
  readonly kind: 'text' | 'vectors';
  readonly rows: number;
  /** Rows whose text or vector is equal to an earlier one's. */
  readonly exactDuplicates: number;
  /** Rows left out under `--on-bad-row skip`: how many, and the first of them. */
  readonly badRows: {
    readonly count: number;
    readonly first: readonly {
      readonly source: string;
      readonly line: number;
      readonly why: string;
    }[];
  };
  /** Rows longer than the model reads at once, and what was done with them. null for vectors. */
  readonly long: {
    readonly rows: number;
    readonly maxTokens: number;
    readonly treatment: 'mean' | 'truncate';
  } | null;
  /** Tokens per row. null for vectors. */
  readonly tokens: { readonly mean: number; readonly median: number; readonly max: number } | null;
}

export interface EmbedderReport {
  readonly model: string;
  readonly title: string;
  readonly source: string;
  readonly revision: string;
  readonly licence: string;
  readonly dims: number;
  readonly device: string;
  /** The precision of the weights; null for a model that comes in one. */
  readonly dtype: string | null;
  readonly pooling: string;
  /** Text that was put before every row. */
  readonly prefix: string;
  readonly hash: string;
}

export interface SettingsReport {
  readonly seed: number;
  readonly space: 'cosine' | 'euclidean';
  readonly measures: string;
  readonly duplicateAt: number;
  readonly bandwidth: number;
  /** null: a tenth of the rows of the smaller side. */
  readonly buckets: number | null;
  /** Columns of answers and when two are the same; absent without --answer. */
  readonly answers?: {
    readonly answer: string;
    readonly truth: string | null;
    readonly prompt: string | null;
    readonly match: Match;
  };
  /** What judges the rows, the cells they are sorted into and the objectives of a front; absent unless asked for. */
  readonly quality?: string;
  readonly cells?: string;
  readonly pareto?: string;
  /** Asked for or chosen; null when no clusters were made. */
  readonly clusters: { readonly k: number; readonly source: 'found' | 'given' } | null;
  /** The column that groups are made by; absent without --by. */
  readonly by?: string;
  /** What is controlled for; absent without --control. */
  readonly control?: 'length';
}

export interface MeasureReport extends Omit<Value, 'rows'> {
  readonly axis: Axis;
  /** The part of the axis it belongs to; absent for its main part. */
  readonly section?: Section;
  readonly title: string;
  /** Whether a larger value means more or less of the axis. */
  readonly more: 'more' | 'less';
  /** A few rows that show what the number counts: some that break the rule. */
  readonly examples?: readonly RowReport[];
  /** The measure at other numbers of rows; absent where it has no value, or when it was not asked for. */
  readonly size?: SizeReport;
  /**
   * The dataset and the reference under the same measure at the same number of rows (the larger of
   * the two thinned by a seeded draw). Absent without a reference and for measures against one.
   */
  readonly compared?: {
    readonly n: number;
    readonly dataset: number | null;
    readonly reference: number | null;
  };
}

export interface Finding {
  /** 'problem' needs action, 'notice' is worth knowing, 'good' is what is well. */
  readonly level: 'problem' | 'notice' | 'good';
  /** One or two plain sentences, numbers included. */
  readonly text: string;
  /** The measures that it rests on. */
  readonly evidence: readonly string[];
  /** Lists and curves of the report that show it. */
  readonly see?: readonly Shown[];
}

/** Parts of a report that a finding may point at. */
export type Shown =
  | 'duplicates'
  | 'templates'
  | 'openings'
  | 'uncovered'
  | 'clusters'
  | 'outliers'
  | 'lengths'
  | 'quality'
  | 'remove';

export interface IndexReport {
  readonly kind: 'exact' | 'ivf' | 'hnsw';
  /** Neighbours kept per row, itself left out. */
  readonly k: number;
  /** Share of true neighbours found, measured on `queries` rows. 1 for exact. */
  readonly recall: number;
  readonly queries: number;
  /** Why this index: 'asked for', 'more than 50,000 rows'. */
  readonly why: string;
}

export interface RowReport {
  readonly id: string;
  /** The row's text, cut to a few hundred characters. null for vectors. */
  readonly text: string | null;
}

export interface ClusterReport {
  /** Its number in the map and in exports; for given labels, their order of size. */
  readonly cluster: number;
  /** Its most characteristic words joined, or the label that was given. */
  readonly name: string;
  readonly words: readonly string[];
  readonly rows: number;
  readonly share: number;
  /** Mean cosine distance of its rows to its centre: small is tight. */
  readonly spread: number;
  /** Mean cosine distance of two of its rows; null where it has one. */
  readonly meanDistance: number | null;
  /** The rows nearest to the centre. */
  readonly samples: readonly RowReport[];
}

export interface PairReport {
  readonly similarity: number;
  /** Whether the two texts (or vectors) are equal to the letter. */
  readonly identical: boolean;
  readonly a: RowReport;
  readonly b: RowReport;
}

export interface UncoveredReport {
  readonly name: string;
  readonly words: readonly string[];
  /** Rows of the reference in this region, and their share of it. */
  readonly referenceRows: number;
  readonly referenceShare: number;
  /** Rows of the dataset that fall in it, and their share. */
  readonly rows: number;
  readonly share: number;
  /** Rows of the region that no row of the dataset covers, as `coverage` counts; null where it was not asked for. */
  readonly uncoveredRows: number | null;
  /** Mean distance of its rows to the nearest row of the dataset; null where neighbours were not asked for. */
  readonly distance: number | null;
  /** The rows of the reference nearest to the middle of the region, and how far the dataset is from each. */
  readonly samples: readonly (RowReport & { readonly distance: number | null })[];
}

/** The map that goes into the HTML beside the report; typed arrays, one entry a point. */
export interface MapReport {
  readonly engine: string;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Index into Report.clusters by `cluster`; -1 for rows of the reference. */
  readonly cluster: Int32Array;
  readonly ids: readonly string[];
  /** Cut to a few hundred characters; null for vectors. */
  readonly texts: readonly (string | null)[];
  /** Rows in the dataset; larger than the points when the map was drawn from a sample. */
  readonly of: number;
  /** What is known of each point beside its cluster: measures a row, columns of the data. */
  readonly columns?: readonly MapColumn[];
}

export interface MapColumn {
  readonly name: string;
  /** One a point; null where there is none, as for rows of the reference. */
  readonly values: readonly (string | number | null)[];
  /** Numbers that are amounts however few different ones there are. */
  readonly amounts?: boolean;
}
