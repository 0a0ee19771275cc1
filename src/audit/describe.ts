import { type Clusters, centresOf } from '../clusters/clusters.ts';
import { ClusterWords, namesFromWords } from '../clusters/words.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';
import type { Key } from '../embed/text-key.ts';
import type { Collected } from '../engine/collect.ts';
import type { Loaded } from '../engine/inputs.ts';
import { reread, snippet } from '../engine/reread.ts';
import type { Regions } from '../measures/artefacts.ts';
import type { Crossing } from '../measures/crossing.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import type { Cover } from '../why/cover.ts';
import { type Closeness, closenessOf } from '../why/density.ts';
import { MapColumns } from './map-columns.ts';
import { PhraseCounter, type SharedPhrase } from './phrases.ts';
import type { ClusterReport, PairReport, RowReport, UncoveredReport } from './report.ts';

/** What a second pass over the texts adds to the numbers: names, examples, phrases. */
export interface Description {
  readonly clusters: ClusterReport[];
  readonly nearestPairs: PairReport[];
  readonly uncovered: UncoveredReport[];
  readonly phrases: readonly SharedPhrase[];
  /** A row that was asked for, for showing. */
  show(row: number): RowReport;
  /** Texts for the map, by row of the dataset and of the reference. */
  readonly texts: ReadonlyMap<number, string | null>;
  readonly referenceTexts: ReadonlyMap<number, string | null>;
  /** What the map's points can be coloured by, of the dataset's rows on it. */
  readonly columns: MapColumns;
  /** Mean cosine distance of any two rows; null without clusters or with one row. */
  readonly meanDistance: number | null;
}

const WORDS = 6;
const SAMPLES = 4;
const PAIRS = 10;
const REGIONS = 12;
/** Rows whose phrases are counted, so that memory does not grow with the dataset. */
const PHRASE_ROWS = 10_000;
/** A reference region is left out when the dataset's share of it is below this part of the reference's. */
const LEFT_OUT = 0.1;
/** … or when so large a part of its rows is covered by none. */
const OPEN = 0.9;
/** … and only where so many rows would be expected that their absence is no accident. */
const EXPECTED_ROWS = 5;

export async function describe(
  dataset: Loaded,
  reference: Loaded | null,
  artefacts: {
    readonly clusters: Clusters | null;
    readonly graph: NeighbourGraph | null;
    readonly regions: Regions | null;
    /** How far the reference's rows are from the dataset, and which of them it covers. */
    readonly nearestRows: Crossing | null;
    readonly cover: Cover | null;
  },
  mapRows: { readonly dataset: Int32Array; readonly reference: Int32Array },
  examples: readonly number[] = [],
  signal?: AbortSignal,
): Promise<Description> {
  const { rows, ids, keys } = dataset.collected;
  const { clusters, graph } = artefacts;
  const closeness = clusters === null ? null : closenessOf(rows.unit, clusters);
  const samples = clusters === null ? [] : centralRows(dataset.collected, clusters, SAMPLES);
  const pairs = graph === null ? [] : nearestPairs(graph, PAIRS);

  const texts = new Map<number, string | null>();
  for (const row of [
    ...samples.flat(),
    ...pairs.flatMap(({ a, b }) => [a, b]),
    ...mapRows.dataset,
    ...examples,
  ]) {
    texts.set(row, null);
  }
  const columns = new MapColumns(mapRows.dataset);
  const words = new ClusterWords(clusters?.k ?? 0);
  const phrases = new PhraseCounter();
  const phraseRows = new Set(rows.order.subarray(0, PHRASE_ROWS));
  const isText = dataset.dataset.kind === 'text';
  if (isText) {
    for await (const [row, i] of reread(dataset, signal)) {
      const { text } = row;
      columns.observe(row, i, row.at.source);
      if (clusters !== null) words.observe(clusters.labels[i]!, text!);
      if (phraseRows.has(i)) phrases.observe(text!);
      if (texts.has(i)) texts.set(i, snippet(text));
    }
  }
  const named = words.finish(WORDS);
  const show = (row: number): RowReport => ({ id: ids[row]!, text: texts.get(row) ?? null });
  const missing = await describeRegions(reference, artefacts, rows.n, mapRows.reference, signal);
  return {
    clusters:
      closeness === null
        ? []
        : clusterReports(rows.unit, clusters!, closeness, named, samples, show),
    nearestPairs: pairs.map(({ a, b, distance }) => ({
      similarity: 1 - distance,
      identical: keys[a] === keys[b],
      a: show(a),
      b: show(b),
    })),
    uncovered: missing.uncovered,
    phrases: phrases.finish(5),
    show,
    texts,
    referenceTexts: missing.texts,
    columns,
    meanDistance: closeness?.all ?? null,
  };
}

function clusterReports(
  unit: Vectors,
  clusters: Clusters,
  closeness: Closeness,
  words: readonly (readonly string[])[],
  samples: readonly (readonly number[])[],
  show: (row: number) => RowReport,
): ClusterReport[] {
  const spread = spreads(unit, clusters);
  const names = namesFromWords(words);
  return Array.from({ length: clusters.k }, (_, c) => ({
    cluster: c,
    name: clusters.names?.[c] ?? names[c]!,
    words: words[c] ?? [],
    rows: clusters.sizes[c]!,
    share: clusters.sizes[c]! / unit.n,
    spread: spread[c]!,
    meanDistance: closeness.inside[c]!,
    samples: samples[c]!.map(show),
  }));
}

/** The rows nearest to each cluster's centre, equal rows once. */
function centralRows({ rows, keys }: Collected, clusters: Clusters, count: number): number[][] {
  const { unit } = rows;
  const cosines = centreCosines(unit, clusters);
  const members: number[][] = Array.from({ length: clusters.k }, () => []);
  for (let i = 0; i < unit.n; i += 1) members[clusters.labels[i]!]!.push(i);
  return members.map((own) => {
    const ordered = own.sort((a, b) => cosines[b]! - cosines[a]! || a - b);
    const chosen = new Map<Key, number>();
    for (const row of ordered) {
      if (chosen.size === count) break;
      if (!chosen.has(keys[row]!)) chosen.set(keys[row]!, row);
    }
    return [...chosen.values()];
  });
}

/** Mean cosine distance of each cluster's rows to its centre. */
function spreads(unit: Vectors, clusters: Clusters): Float64Array {
  const cosines = centreCosines(unit, clusters);
  const sums = new Float64Array(clusters.k);
  for (let i = 0; i < unit.n; i += 1) sums[clusters.labels[i]!]! += 1 - cosines[i]!;
  return sums.map((sum, c) => Math.max(0, sum / clusters.sizes[c]!));
}

function centreCosines(unit: Vectors, clusters: Clusters): Float64Array {
  const centres = centresOf(clusters);
  const { dims } = unit;
  return Float64Array.from({ length: unit.n }, (_, i) => {
    const row = rowOf(unit, i);
    const at = clusters.labels[i]! * dims;
    let sum = 0;
    for (let j = 0; j < dims; j += 1) sum += row[j]! * centres[at + j]!;
    return sum;
  });
}

/** The most similar pairs, each row in one pair at most, so that one clump of copies does not fill the list. */
function nearestPairs(
  graph: NeighbourGraph,
  count: number,
): { a: number; b: number; distance: number }[] {
  if (graph.k === 0) return [];
  const order = Array.from({ length: graph.n }, (_, i) => i).sort(
    (a, b) => graph.distances[a * graph.k]! - graph.distances[b * graph.k]! || a - b,
  );
  const pairs: { a: number; b: number; distance: number }[] = [];
  const used = new Set<number>();
  for (const row of order) {
    if (pairs.length === count) break;
    const other = graph.ids[row * graph.k]!;
    if (used.has(row) || used.has(other)) continue;
    used.add(row).add(other);
    const [a, b] = row < other ? [row, other] : [other, row];
    pairs.push({ a, b, distance: graph.distances[row * graph.k]! });
  }
  return pairs;
}

/** The regions of the reference that the dataset leaves out or nearly so, in words and examples. */
async function describeRegions(
  reference: Loaded | null,
  {
    regions,
    nearestRows,
    cover,
  }: {
    readonly regions: Regions | null;
    readonly nearestRows: Crossing | null;
    readonly cover: Cover | null;
  },
  datasetRows: number,
  mapRows: Int32Array,
  signal: AbortSignal | undefined,
): Promise<{ uncovered: UncoveredReport[]; texts: Map<number, string | null> }> {
  const texts = new Map<number, string | null>(Array.from(mapRows, (row) => [row, null]));
  if (reference === null) return { uncovered: [], texts };
  const { rows, ids } = reference.collected;
  const samples =
    regions === null ? [] : centralRows(reference.collected, regions.clusters, SAMPLES);
  for (const row of samples.flat()) texts.set(row, null);
  const words = new ClusterWords(regions?.clusters.k ?? 0);
  if (reference.dataset.kind === 'text') {
    for await (const [{ text }, i] of reread(reference, signal)) {
      if (regions !== null) words.observe(regions.clusters.labels[i]!, text!);
      if (texts.has(i)) texts.set(i, snippet(text));
    }
  }
  if (regions === null) return { uncovered: [], texts };
  const named = words.finish(WORDS);
  const names = namesFromWords(named);
  const { k, labels, sizes } = regions.clusters;
  const distance = (row: number): number | null =>
    nearestRows === null ? null : nearestRows.lists.distances[row * nearestRows.lists.k]!;
  const far = sumsBy(labels, k, (row) => distance(row) ?? 0);
  const open = sumsBy(labels, k, (row) => (cover === null ? 0 : 1 - cover.covered[row]!));
  const uncovered = Array.from({ length: k }, (_, c) => ({
    name: names[c]!,
    words: named[c] ?? [],
    referenceRows: sizes[c]!,
    referenceShare: sizes[c]! / rows.n,
    rows: regions.sizes[c]!,
    share: regions.sizes[c]! / datasetRows,
    uncoveredRows: cover === null ? null : open[c]!,
    distance: nearestRows === null ? null : far[c]! / sizes[c]!,
    samples: samples[c]!.map((row) => ({
      id: ids[row]!,
      text: texts.get(row) ?? null,
      distance: distance(row),
    })),
  })).filter(
    ({ share, referenceShare, referenceRows, uncoveredRows }) =>
      referenceShare * datasetRows >= EXPECTED_ROWS &&
      (share < LEFT_OUT * referenceShare ||
        (uncoveredRows !== null && uncoveredRows >= OPEN * referenceRows)),
  );
  return { uncovered: uncovered.slice(0, REGIONS), texts };
}

function sumsBy(labels: Int32Array, k: number, of: (row: number) => number): Float64Array {
  const sums = new Float64Array(k);
  for (const [row, label] of labels.entries()) sums[label]! += of(row);
  return sums;
}
