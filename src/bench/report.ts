import type { Axis } from '../measures/measure.ts';

/** What `gamut bench` and `gamut sensitivity` say. */

/** A number that was measured several times. */
export interface Repeated {
  readonly median: number;
  /** Half of the repeats lie within this of the median (not scaled to a standard deviation). */
  readonly spread: number;
  readonly values: readonly number[];
}

/** One setup under one load, in a process of its own. */
export interface Timing {
  /** Texts in a call, and words in a text ('own': the texts as they are). */
  readonly batch: number;
  readonly length: number | 'own';
  /** Calls in one repeat, and texts in all of these together. */
  readonly calls: number;
  readonly texts: number;
  readonly rowsPerSecond: Repeated;
  /** null where nobody knows how many tokens a text has. */
  readonly tokensPerSecond: Repeated | null;
  /** Milliseconds of a call, over the calls of all repeats. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly calls: number };
  /** Milliseconds until the model could be called, its files on disk already. */
  readonly loadMs: number;
  /** Milliseconds of the first call, which is not among the others. */
  readonly firstCallMs: number;
  /** Bytes in memory at the most, the runtime included; and before the model was opened. */
  readonly peakBytes: number;
  readonly startBytes: number;
  /** Share of what the model computed that was padding; null where that is not known. */
  readonly paddingShare: number | null;
  /**
   * Share of the time of embedding in which the device had no batch: median of the repeats. null where the model
   * does not run on a device of this process (a table of vectors, an endpoint).
   */
  readonly waitingShare: number | null;
  /** Why a figure is not to be trusted. */
  readonly doubts: readonly string[];
}

/** How a setup's vectors agree with the baseline's, over all sampled rows together. */
export interface Agreement {
  /** Spearman's correlation of the cosines of `pairs` pairs of rows. */
  readonly similarity: number | null;
  readonly pairs: number;
  /** Mean share of the k nearest neighbours that are the same. */
  readonly neighbours: number | null;
  readonly k: number;
  /** Adjusted Rand index of the clusters. */
  readonly clusters: number;
}

/** A measure of one dataset under one setup. */
export interface Measured {
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  /** (value − the baseline's) ÷ half the baseline's interval; null without either. */
  readonly drift: number | null;
}

export interface MeasureInfo {
  readonly id: string;
  readonly axis: Axis;
  readonly title: string;
  readonly more: 'more' | 'less';
}

/** One dataset above another on a measure, told apart when their intervals do not overlap. */
export interface Order {
  readonly measure: string;
  readonly a: number;
  readonly b: number;
  /** −1: a is lower; 1: a is higher; 0: they cannot be told apart. */
  readonly baseline: -1 | 0 | 1;
  readonly here: -1 | 0 | 1;
}

/** What became of the baseline's conclusions. */
export interface Conclusions {
  /** Measures of single datasets within the baseline's interval, of how many that have one. */
  readonly within: number;
  readonly measured: number;
  /** Rankings of two datasets on one measure that the baseline tells apart, and what became of them. */
  readonly decided: number;
  readonly kept: number;
  /** Rankings that are the other way round; that nothing can be said of any more; and that are new. */
  readonly swapped: readonly Order[];
  readonly lost: readonly Order[];
  readonly gained: readonly Order[];
  /** One sentence. */
  readonly words: string;
}

export interface Task {
  /** Share of rows whose class is that of most of their 5 nearest others. */
  readonly knnAccuracy: number | null;
  /** Of as many clusters as classes. */
  readonly vMeasure: number | null;
  /** Spearman's correlation of cosines with the scores that pairs were given. */
  readonly sts: number | null;
}

/** One embedder: what it costs and what it does to the conclusions. */
export interface SetupReport {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly device: string;
  readonly dtype: string | null;
  readonly dims: number;
  readonly warnings: readonly string[];
  readonly timings: readonly Timing[];
  /** null for the baseline. */
  readonly agreement: Agreement | null;
  /** By dataset, in their order, then by id. */
  readonly measures: readonly Readonly<Record<string, Measured>>[];
  readonly conclusions: Conclusions | null;
  readonly task: Task | null;
}

export interface DatasetSample {
  readonly name: string;
  readonly rows: number;
  readonly of: number;
}

export interface EmbeddersReport {
  readonly gamut: string;
  readonly baseline: string;
  readonly datasets: readonly DatasetSample[];
  readonly reference: DatasetSample | null;
  readonly seed: number;
  readonly measures: readonly MeasureInfo[];
  readonly setups: readonly SetupReport[];
  /** What could not be opened, and why. */
  readonly skipped: readonly { readonly setup: string; readonly why: string }[];
  /** How well the baseline's clusters agree with its own from another seed: no setup can be asked for more. */
  readonly clusterCeiling: number;
  readonly warnings: readonly string[];
}

export interface BenchReport extends EmbeddersReport {
  readonly schema: 'gamut.bench/1';
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  readonly settings: {
    readonly repeats: number;
    readonly seconds: number;
    readonly quick: boolean;
  };
}

export interface SensitivityReport extends EmbeddersReport {
  readonly schema: 'gamut.sensitivity/1';
  /** By measure: on how many rankings of datasets every embedder that tells them apart agrees. */
  readonly robustness: readonly Robustness[];
  /** Spearman's correlation of pairwise similarities, setups × setups. */
  readonly similarity: readonly (readonly (number | null)[])[];
}

/** How far a measure's verdicts depend on the embedder. */
export interface Robustness {
  readonly measure: string;
  /** Pairs of datasets that at least one embedder tells apart. */
  readonly decided: number;
  /** Of those, pairs that all embedders rank the same way. */
  readonly unanimous: number;
  /** Pairs that two embedders rank in opposite ways. */
  readonly contradicted: readonly { readonly a: number; readonly b: number }[];
  /** Spearman's correlation of the datasets' values between embedders, the lowest of all pairs of them. */
  readonly lowestCorrelation: number | null;
}
