import type { Clusters } from '../clusters/clusters.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import type { Answers } from './answers.ts';
import type { Cells, Judged, Objectives } from './archive.ts';
import type { Crossing } from './crossing.ts';
import type { Moments } from './folds/moments.ts';
import type { PairSource } from './pair-sums.ts';
import type { Rows, ScoreColumn } from './rows.ts';
import type { Spectra } from './spectrum.ts';
import type { Templates } from './templates.ts';
import type { Ngrams, Overlaps, SharedRuns, Surprisals, TextPairs, TextSample } from './texts.ts';
import type { Traits } from './traits.ts';

/**
 * What measures are finished from. Each is computed once per audit, and only when some asked measure
 * needs it. A new kind of artefact is one line here and one in audit/plan.ts.
 */
export interface Artefacts {
  readonly rows: Rows;
  /** Second moments by group, every row observed and none waiting. Linear in the rows. */
  readonly moments: Moments;
  /** Eigenvalues of the cosine kernel and of the covariance. Linear in the rows. */
  readonly spectrum: Spectra;
  /** The k nearest other rows of every row, in the space of the audit. Quadratic. */
  readonly neighbours: NeighbourGraph;
  /** The same by cosine whatever the space; the same object when the space is cosine. */
  readonly cosineNeighbours: NeighbourGraph;
  readonly clusters: Clusters;
  readonly reference: ReferenceArtefact;
  /** The reference alone, where its neighbours are not asked for. */
  readonly referenceRows: Rows;
  readonly referenceMoments: Moments;
  /** Sums over pairs of rows, of the reference's rows, and of one with the other. Quadratic. */
  readonly pairs: PairSource;
  readonly referencePairs: PairSource;
  readonly crossPairs: PairSource;
  /** The reference rows nearest to each row, in the space of the audit. Quadratic. */
  readonly nearestReference: Crossing;
  /** The rows nearest to each reference row, in the space of the audit and by cosine. Quadratic. */
  readonly nearestRows: Crossing;
  readonly cosineNearestRows: Crossing;
  /** Clusters of the reference, and which of them each row of the dataset falls into. */
  readonly regions: Regions;
  /** Texts, at most 10,000 of them, for what is quadratic or reads them one after another. */
  readonly textSample: TextSample;
  /** Counts of the words, and of runs of 2, 3 and 4, of all rows. */
  readonly ngrams: Ngrams;
  /** What sampled texts share with all others. */
  readonly overlaps: Overlaps;
  /** Similarities of pairs of sampled texts. Linear: as many pairs as a fixed budget allows. */
  readonly textPairs: TextPairs;
  /** Skeletons that many sampled texts fit. */
  readonly templates: Templates;
  /** Long runs of words that rows of the reference share with the dataset; null where rows are vectors. */
  readonly sharedRuns: SharedRuns | null;
  /** How surprising each row is to a model of the reference's words. Linear. */
  readonly surprisals: Surprisals;
  /** What a language model lost on each row. */
  readonly losses: Losses;
  /** What quality models said of each row, by the measure's id. */
  readonly judgements: ReadonlyMap<string, ScoreColumn>;
  /** Numbers that each row's text has by itself: its length, its grade level. */
  readonly traits: Traits;
  /** Final answers, of which it is known whether they are right, and which prompt they answer. */
  readonly marks: Answers;
  readonly attempts: Answers;
  /** Values of the rows' columns, read when one is asked for. */
  readonly columns: Columns;
  /** How good each row is by what `--quality` names. */
  readonly judged: Judged;
  /** The cells that rows are sorted into; the same as `archive`, where some of them may be empty. */
  readonly cells: Cells;
  readonly archive: Cells;
  /** What a front of rows is drawn in. */
  readonly objectives: Objectives;
}

/** Columns of the dataset, and of the reference where there is one. */
export interface Columns {
  of(column: string): Promise<readonly (string | null)[]>;
  /** null without a reference. */
  ofReference(column: string): Promise<readonly (string | null)[]> | null;
}

export interface Losses {
  /** Of the tokens of each row: their mean, and how many they are; null where no model read them. */
  readonly texts: { readonly means: Float64Array; readonly tokens: Float64Array } | null;
  /** Loss of the response after its prompt ÷ without it; null where no model read them. */
  readonly ratios: Float64Array | null;
}

export interface ReferenceArtefact {
  readonly rows: Rows;
  readonly neighbours: NeighbourGraph;
}

export interface Regions {
  readonly clusters: Clusters;
  /** The reference cluster nearest to each row of the dataset. */
  readonly labels: Int32Array;
  /** Rows of the dataset in each reference cluster. */
  readonly sizes: Int32Array;
}

/** Artefacts that are made of texts. */
export const OF_TEXTS: readonly (keyof Artefacts)[] = [
  'textSample',
  'ngrams',
  'overlaps',
  'textPairs',
  'templates',
  'traits',
  'surprisals',
  'losses',
  'judgements',
];

/** Artefacts whose cost grows with the square of the rows; `--measures fast` does without them. */
export const QUADRATIC: ReadonlySet<keyof Artefacts> = new Set([
  'neighbours',
  'cosineNeighbours',
  'reference',
  'pairs',
  'referencePairs',
  'crossPairs',
  'nearestReference',
  'nearestRows',
  'cosineNearestRows',
  'sharedRuns',
]);

/**
 * Artefacts that cannot be made for a part of the rows (`ArtefactSource.part`). Measures that need one
 * make their own intervals, and have a curve over n only where `rarefy` gives it.
 */
export const INDIVISIBLE: ReadonlySet<keyof Artefacts> = new Set([]);

/** Artefacts that there are only with a reference. */
export const OF_REFERENCE: readonly (keyof Artefacts)[] = [
  'reference',
  'referenceRows',
  'referenceMoments',
  'referencePairs',
  'crossPairs',
  'nearestReference',
  'nearestRows',
  'cosineNearestRows',
  'sharedRuns',
  'regions',
  'surprisals',
];
