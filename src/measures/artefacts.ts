import type { Clusters } from '../clusters/clusters.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import type { Crossing } from './crossing.ts';
import type { Moments } from './folds/moments.ts';
import type { PairSource } from './pair-sums.ts';
import type { Rows } from './rows.ts';
import type { Spectra } from './spectrum.ts';

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
  'regions',
];
