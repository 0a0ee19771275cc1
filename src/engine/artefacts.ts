import {
  type Clusters,
  centresOf,
  clustersOfPart,
  findClusters,
  givenClusters,
} from '../clusters/clusters.ts';
import { assignRows } from '../clusters/kmeans.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import { BLOCK_ROWS, selectRows } from '../compute/vectors.ts';
import type { Answers } from '../measures/answers.ts';
import type { Artefacts, ReferenceArtefact, Regions } from '../measures/artefacts.ts';
import { CROSSING_K, type Crossing } from '../measures/crossing.ts';
import {
  flushMoments,
  type Moments,
  moments,
  ungrouped,
  ungroupedMoments,
} from '../measures/folds/moments.ts';
import { pairSource } from '../measures/pair-sums.ts';
import { spectraOfRows } from '../measures/row-spectrum.ts';
import type { Contents, RowContent, Rows } from '../measures/rows.ts';
import { spectraOf } from '../measures/spectrum.ts';
import { findTemplates } from '../measures/templates.ts';
import { type GraphOptions, neighbourGraph, neighboursAmong } from '../neighbours/graph.ts';
import { groupSizes } from '../stats/groups.ts';
import { type AnswerColumns, answersOf } from './answers.ts';
import { archiveRecipes, type JudgeOptions } from './archive.ts';
import { columnsOf } from './columns.ts';
import { lossesOf } from './scoring.ts';
import { sharedRuns } from './shared-runs.ts';
import { surprisalsOf, surprisalsOfPart } from './surprisals.ts';
import { compareTexts } from './text-pairs.ts';
import { sampleOfPart, textSample } from './text-sample.ts';
import { traitsOf, traitsOfPart } from './traits.ts';
import { countWording, type Wording } from './wording.ts';

/** Neighbours kept per row: what UMAP wants, and enough to leave out a group and still know the 5 nearest. */
export const NEIGHBOURS = 15;

export interface ArtefactOptions extends ComputeOptions {
  readonly seed: number;
  readonly index: GraphOptions['index'];
  readonly recall?: GraphOptions['recall'];
  readonly exactRows?: GraphOptions['exactRows'];
  readonly onSearch?: GraphOptions['onSearch'];
  /** How many clusters to find; the default suits the number of rows. */
  readonly clusters?: number | undefined;
  /** Neighbours kept per row. Default NEIGHBOURS; measures need no fewer. */
  readonly neighbours?: number | undefined;
  /** Labels that came with the data instead, one a row. */
  readonly labels?: readonly string[] | undefined;
  /** Where answers stand; measures of answers need it. */
  readonly answers?: AnswerColumns | undefined;
  /** How rows are judged and sorted into cells; measures of a quality need its name. */
  readonly judge?: JudgeOptions | undefined;
  /** Traits that will be asked for, to be read in one pass. Default: all. */
  readonly traits?: readonly string[] | undefined;
  /** A partition of these very rows that was made elsewhere, as where several datasets share one. */
  readonly partition?: Clusters | undefined;
  /** false leaves out the farthest row of every row, which only the diameter needs. */
  readonly extremes?: boolean | undefined;
  /** false leaves out what only intervals need. */
  readonly intervals?: boolean | undefined;
}

/** Makes artefacts when they are first asked for, each once. */
export interface ArtefactSource {
  <N extends keyof Artefacts>(need: N): Promise<Artefacts[N]>;
  readonly rows: Rows;
  readonly reference: Rows | null;
  /**
   * Artefacts of some of the rows, and of some of the reference (null: all of it). Clusters and regions
   * are the whole's, restricted, and so is what is about a reference that stays whole; everything else
   * is made afresh, without what only intervals need.
   */
  part(chosen: Int32Array, ofReference: Int32Array | null): ArtefactSource;
}

/** Where a part comes from; a recipe that needs more than rows must look at it. */
interface Part {
  readonly whole: ArtefactSource;
  /** The rows of the whole, in ascending order. */
  readonly chosen: Int32Array;
  /** Whether the reference is that of the whole. */
  readonly wholeReference: boolean;
}

export function artefactsOf(
  rows: Rows,
  reference: Rows | null,
  options: ArtefactOptions,
): ArtefactSource {
  return sourceOf(rows, reference, options, null);
}

function sourceOf(
  givenRows: Rows,
  givenReference: Rows | null,
  options: ArtefactOptions,
  part: Part | null,
): ArtefactSource {
  // Without groups to leave out, no measure works for intervals.
  const grouped = options.intervals !== false;
  const rows = grouped ? givenRows : oneGroup(givenRows);
  const reference = grouped || givenReference === null ? givenReference : oneGroup(givenReference);
  const k = options.neighbours ?? NEIGHBOURS;
  const made = new Map<keyof Artefacts, Promise<Artefacts[keyof Artefacts]>>();
  const recipes: { readonly [N in keyof Artefacts]: () => Promise<Artefacts[N]> } = {
    rows: async () => rows,
    moments: () => momentsOf(rows, options),
    spectrum: async () => {
      const { device, signal, intervals } = options;
      const how = { device, signal, intervals };
      return rows.n > 0 && rows.n < rows.unit.dims
        ? spectraOfRows(rows, how)
        : spectraOf(await get('moments'), how);
    },
    neighbours: () =>
      rows.vectors === rows.unit
        ? get('cosineNeighbours')
        : neighbourGraph(rows.vectors, k, options),
    cosineNeighbours: () =>
      neighbourGraph(rows.unit, k, { ...options, farthest: options.extremes !== false }),
    clusters: async () =>
      part === null
        ? clustersOf(rows, options)
        : clustersOfPart(rows.unit, await part.whole('clusters'), part.chosen),
    reference: async (): Promise<ReferenceArtefact> => {
      const other = required(reference);
      const neighbours = part?.wholeReference
        ? (await part.whole('reference')).neighbours
        : await neighbourGraph(other.vectors, k, options);
      return { rows: other, neighbours };
    },
    referenceRows: async () => required(reference),
    referenceMoments: async () =>
      part?.wholeReference
        ? ungrouped(await part.whole('referenceMoments'))
        : momentsOf(required(reference), options),
    pairs: async () => pairSource(rows, rows, options),
    referencePairs: async () =>
      part?.wholeReference
        ? part.whole('referencePairs')
        : pairSource(required(reference), required(reference), options),
    crossPairs: async () => pairSource(rows, required(reference), options),
    nearestReference: () => crossingOf(rows, required(reference), 'vectors', options),
    nearestRows: () => crossingOf(required(reference), rows, 'vectors', options),
    cosineNearestRows: () =>
      rows.vectors === rows.unit
        ? get('nearestRows')
        : crossingOf(required(reference), rows, 'unit', options),
    regions: async () =>
      part === null
        ? regionsOf(rows, required(reference), options)
        : regionsOfPart(await part.whole('regions'), part.chosen),
    textSample: async () => {
      const whole = part === null ? null : await part.whole('textSample');
      if (whole === null || whole.texts.length < whole.of)
        return textSample(rows, {}, options.signal);
      return sampleOfPart(whole, part!.chosen, rows);
    },
    ngrams: async () => (await wording()).ngrams,
    overlaps: async () => (await wording()).overlaps(options.signal),
    textPairs: async () => compareTexts(await get('textSample'), {}, options.signal),
    templates: async () => findTemplates(await get('textSample')),
    sharedRuns: () => sharedRuns(rows, required(reference), options.signal),
    traits: async () =>
      part === null
        ? traitsOf(rows, options.traits, {
            exchange: { prompt: options.answers?.prompt, response: options.answers?.answer },
            signal: options.signal,
          })
        : traitsOfPart(await part.whole('traits'), part.chosen),
    surprisals: async () =>
      part?.wholeReference
        ? surprisalsOfPart(await part.whole('surprisals'), part.chosen)
        : surprisalsOf(rows, required(reference), options.signal),
    losses: async () => lossesOf(rows),
    judgements: async () => rows.scores ?? new Map(),
    marks: () => answers(),
    attempts: () => answers(),
    columns: async () => columnsOf(rows, reference, options.signal),
    ...archiveRecipes({
      ...{ rows, reference, part },
      get: (need) => get(need),
      options: {
        ...options,
        givenClusters: (options.labels ?? options.partition) !== undefined,
        hasMarks: options.answers?.truth !== undefined,
      },
    }),
  };
  let counted: Promise<Wording> | undefined;
  const wording = (): Promise<Wording> => {
    counted ??= get('textSample').then((sample) => countWording(rows, sample, options.signal));
    return counted;
  };
  let answered: Promise<Answers> | undefined;
  const answers = (): Promise<Answers> => {
    if (options.answers === undefined) throw new Error('answers were planned without columns');
    const asked = options.answers;
    answered ??= get('columns').then((columns) => answersOf(columns, asked, options.seed));
    return answered;
  };
  const get = <N extends keyof Artefacts>(need: N) => {
    let artefact = made.get(need);
    if (artefact === undefined) {
      artefact = recipes[need]();
      made.set(need, artefact);
    }
    return artefact as Promise<Artefacts[N]>;
  };
  const source: ArtefactSource = Object.assign(get, {
    rows,
    reference,
    part: (chosen: Int32Array, other: Int32Array | null) => partOf(source, options, chosen, other),
  });
  return source;
}

function partOf(
  whole: ArtefactSource,
  options: ArtefactOptions,
  chosen: Int32Array,
  other: Int32Array | null,
): ArtefactSource {
  const { rows, reference } = whole;
  const left = reference === null || other === null ? reference : subsetOf(reference, other);
  const { labels: _, onProgress: __, partition: ___, ...rest } = options;
  return sourceOf(
    subsetOf(rows, chosen),
    left,
    { ...rest, intervals: false },
    { whole, chosen, wholeReference: left === reference },
  );
}

/** The rows with all of them in one group. */
function oneGroup(rows: Rows): Rows {
  const groups = new Uint8Array(rows.n);
  return { ...rows, groups, sizes: groupSizes(groups) };
}

/** The rows at `indices` as a set of their own, in the order of the whole. */
export function subsetOf(rows: Rows, indices: Int32Array): Rows {
  const chosen = indices.toSorted();
  const vectors = selectRows(rows.vectors, chosen);
  const groups = Uint8Array.from(chosen, (i) => rows.groups[i]!);
  const place = new Int32Array(rows.n).fill(-1);
  for (const [i, row] of chosen.entries()) place[row] = i;
  const order = new Int32Array(chosen.length);
  let at = 0;
  for (const row of rows.order) if (place[row]! >= 0) order[at++] = place[row]!;
  return {
    n: chosen.length,
    vectors,
    unit: rows.unit === rows.vectors ? vectors : selectRows(rows.unit, chosen),
    groups,
    sizes: groupSizes(groups),
    order,
    kinds: Int32Array.from(chosen, (i) => rows.kinds[i]!),
    contents: rows.contents && contentsAt(rows.contents, chosen),
    ...(rows.tokens && { tokens: Int32Array.from(chosen, (i) => rows.tokens![i]!) }),
    ...(rows.scores && { scores: scoresAt(rows.scores, chosen) }),
  };
}

const scoresAt = (
  scores: NonNullable<Rows['scores']>,
  chosen: Int32Array,
): NonNullable<Rows['scores']> =>
  new Map(
    Array.from(scores, ([name, column]) => [
      name,
      { ...column, values: Float64Array.from(chosen, (i) => column.values[i]!) },
    ]),
  );

/** What the rows at ascending `indices` say. */
function contentsAt(contents: Contents, indices: Int32Array): Contents {
  return async function* some(signal) {
    let first = 0;
    let next = 0;
    for await (const block of contents(signal)) {
      const kept: RowContent[] = [];
      for (; next < indices.length && indices[next]! < first + block.length; next += 1) {
        kept.push(block[indices[next]! - first]!);
      }
      first += block.length;
      if (kept.length > 0) yield kept;
    }
  };
}

/** The nearest `targets` to each of the `queries`. */
async function crossingOf(
  queries: Rows,
  targets: Rows,
  which: 'vectors' | 'unit',
  options: ArtefactOptions,
): Promise<Crossing> {
  const found = await neighboursAmong(queries[which], targets[which], CROSSING_K, options);
  return { queries, targets, ...found };
}

async function momentsOf(
  { vectors, unit, groups }: Rows,
  options: ArtefactOptions,
): Promise<Moments> {
  const state = options.intervals === false ? ungroupedMoments(unit.dims) : moments.init(unit.dims);
  for (const [b, block] of unit.blocks.entries()) {
    const start = b * BLOCK_ROWS;
    const batch = {
      dims: unit.dims,
      vectors: vectors.blocks[b]!,
      unit: block,
      groups: groups.subarray(start, start + block.length / unit.dims),
    };
    await moments.observe(state, batch, options);
  }
  await flushMoments(state, options);
  return state;
}

async function clustersOf(rows: Rows, options: ArtefactOptions): Promise<Clusters> {
  if (options.partition !== undefined) return options.partition;
  if (options.labels !== undefined) return givenClusters(rows.unit, options.labels);
  const { device, signal, onProgress, seed } = options;
  return findClusters(rows.unit, {
    device,
    k: options.clusters,
    seed,
    order: rows.order,
    signal,
    onProgress,
  });
}

async function regionsOf(rows: Rows, reference: Rows, options: ArtefactOptions): Promise<Regions> {
  const { device = cpu, signal, seed } = options;
  const { unit, order } = reference;
  const clusters = await findClusters(unit, { seed, order, device, signal });
  const { labels } = await assignRows(device, rows.unit, centresOf(clusters));
  const sizes = new Int32Array(clusters.k);
  for (const label of labels) sizes[label]! += 1;
  return { clusters, labels, sizes };
}

/** The same regions, with the rows at `chosen` only. */
function regionsOfPart({ clusters, labels: all }: Regions, chosen: Int32Array): Regions {
  const labels = Int32Array.from(chosen, (row) => all[row]!);
  const sizes = new Int32Array(clusters.k);
  for (const label of labels) sizes[label]! += 1;
  return { clusters, labels, sizes };
}

function required(reference: Rows | null): Rows {
  if (reference === null) throw new Error('a measure against a reference was planned without one');
  return reference;
}
