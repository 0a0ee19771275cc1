import type { EmbedderReport, Report } from '../audit/report.ts';
import type { ComparedDataset } from '../compare/report.ts';
import type { Axis, Section, Value } from '../measures/measure.ts';

/** The result of `gamut track`, and the whole of its `--json`. Lists have an entry a round, in order. */
export interface TrackReport {
  readonly schema: 'gamut.track/1';
  readonly gamut: string;
  /** Rows of each round that are measured. */
  readonly n: number;
  readonly rounds: readonly ComparedDataset[];
  /** Models that gave rows numbers; absent where none did. */
  readonly scorers?: NonNullable<Report['scorers']>;
  readonly embedder: EmbedderReport | null;
  readonly settings: {
    readonly seed: number;
    readonly space: 'cosine' | 'euclidean';
    readonly measures: string;
    readonly clusters: number;
  };
  readonly measures: Readonly<Record<string, TrackedMeasure>>;
  /** Each round held against round 0, n rows of both; null for round 0. */
  readonly territory: readonly (Territory | null)[];
  /** null where no round is significantly less diverse than round 0. */
  readonly collapse: Collapse | null;
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

export interface TrackedMeasure {
  readonly axis: Axis;
  readonly section?: Section;
  readonly title: string;
  readonly more: 'more' | 'less';
  readonly values: readonly Value[];
  /** From round 0; null for round 0 itself, and where a value or interval is missing. */
  readonly changes: readonly (Change | null)[];
  /** The first round that has significantly less of the axis than round 0, and the first with more. */
  readonly firstLess: number | null;
  readonly firstMore: number | null;
}

export interface Change {
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly p: number | null;
  /** Holm's correction over the rounds. */
  readonly corrected: number | null;
  readonly verdict: 'more' | 'less' | null;
}

export interface Territory {
  /** Share of the round's rows farther from round 0 than 95 % of round 0's rows are from each other. */
  readonly fresh: Value;
  /** Share of round 0's rows that are no longer inside the neighbourhood of a row of this round. */
  readonly forgotten: Value;
  /** Energy distance to round 0. */
  readonly drift: Value;
}

export interface Collapse {
  /** The first round at which it is significant, over rounds and measures, and stays so to the last. */
  readonly round: number;
  /** The measures that say so. */
  readonly measures: readonly string[];
  /** Vendi score of that round and of round 0. */
  readonly vendi: readonly [round: number, first: number] | null;
}
