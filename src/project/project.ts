import { type Kind, KindSurvey } from '../data/kinds.ts';
import type { Row } from '../data/row.ts';
import { artefactsOf } from '../engine/artefacts.ts';
import { checkKind, embeddingLike } from '../engine/embedded-as.ts';
import { loadInputs } from '../engine/inputs.ts';
import { labelReader } from '../engine/labels.ts';
import { reread } from '../engine/reread.ts';
import { MAP_EXACT_ROWS } from '../neighbours/graph.ts';
import { vendiInfluence } from '../why/influence.ts';
import { type Crowding, crowdingOf } from './density.ts';
import { type Made, makeMap, neighboursFor } from './make-map.ts';
import { spaceOf } from './metric.ts';
import { clusterNames } from './names.ts';
import { placeOnto, savedMap } from './onto.ts';
import { checkOptions, type ProjectOptions } from './options.ts';
import { readMapCard } from './saved-map.ts';
import { targetReader } from './target.ts';

export type { ProjectOptions } from './options.ts';

/** One row of a projection: where it lies, its cluster, and the row as it was read. */
export interface ProjectedRow {
  readonly x: number;
  readonly y: number;
  /** null on a map of two dimensions. */
  readonly z: number | null;
  /** The cluster's number, or the label that was given. */
  readonly cluster: number | string;
  /** What the cluster is called: the label, or the words that tell it from the others. */
  readonly name: string;
  /** Cosine distance to the nearest other row; null where there is none. */
  readonly nearest: number | null;
  /** Local density from 0 to 1, 0.5 that of the median row; null where there is no other row. */
  readonly density: number | null;
  /** What the row adds to the Vendi score of all, to first order; null where fewer than two point anywhere. */
  readonly influence: number | null;
  readonly row: Row;
}

export interface Projection extends Made {
  readonly n: number;
  /**
   * The columns that the rows have beside their id and text, in the order in which they were first
   * seen. 'id' and 'text' are among them where a row's own differ from what it is called and read as.
   */
  readonly columns: readonly string[];
  /** What the values of each of these columns are. */
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The cluster of each row, 0 … k − 1, largest first. */
  readonly clusters: { readonly k: number; readonly labels: Int32Array };
  readonly crowding: Crowding | null;
  /** What each row adds to the Vendi score; null where fewer than two rows point anywhere. */
  readonly influence: Float64Array | null;
  /** Whether the clusters are labels that were given. */
  readonly labelled: boolean;
  /** What the clusters are called. For found ones the texts are read once more, the first time. */
  names(): Promise<readonly string[]>;
  /** Reads the input once more and yields each row with its place: nothing is held in memory. */
  rows(): AsyncIterable<ProjectedRow>;
  /** Removes what was spooled for reading again. Call it when done with `rows`. */
  close(): Promise<void>;
}

/** Places every row on a map, near the rows that are like it. */
export async function project(
  input: string | readonly string[],
  options: ProjectOptions = {},
): Promise<Projection> {
  checkOptions(options);
  const { signal, onto } = options;
  const card = onto === undefined ? null : await readMapCard(onto);
  const saved = card && savedMap(card, onto!);
  const labels = options.labels === undefined ? null : labelReader(options.labels);
  const target =
    options.target === undefined ? null : targetReader(options.target, options.targetKind);
  const metric = card?.metric ?? options.metric ?? options.space ?? 'cosine';
  const columns = new KindSurvey();
  const inputs = await loadInputs(
    [typeof input === 'string' ? [input] : input],
    { ...options, ...(saved && embeddingLike(saved, options)), space: spaceOf(metric) },
    (_, rows) => {
      labels?.observe(rows);
      target?.observe(rows);
      for (const { id, text, columns: own } of rows) {
        for (const [column, value] of Object.entries(own)) {
          const known =
            column === 'id' ? String(value) === id : column === 'text' && value === text;
          if (!known) columns.observe(column, value);
        }
      }
    },
    saved === null ? undefined : ([dataset]) => checkKind(saved, dataset!),
  );
  try {
    const { collected } = inputs.datasets[0]!;
    const { n } = collected.rows;
    const given = await labels?.finish(n);
    const artefacts = artefactsOf(collected.rows, null, {
      ...{ device: inputs.device, seed: options.seed ?? 0, signal, onProgress: options.onProgress },
      ...{ index: options.index, recall: options.recall, clusters: options.clusters },
      exactRows: MAP_EXACT_ROWS,
      extremes: false,
      intervals: false,
      neighbours: neighboursFor(options.neighbours),
      ...(given === undefined ? {} : { labels: given }),
    });
    const clusters = await artefacts('clusters');
    const job = { ...options, metric, target: target?.finish(options.targetWeight) };
    const made =
      onto === undefined
        ? await makeMap(inputs, artefacts, job)
        : await placeOnto(onto, inputs, options);
    const { layout, components } = made;
    const crowding = crowdingOf(await artefacts('cosineNeighbours'));
    const { device } = inputs;
    const moments = await artefacts('moments');
    const added = await vendiInfluence(collected.rows.unit, moments, { device, signal });
    const influence = added?.perRow ?? null;
    const kinds = new Map(columns.columns().map(({ name, kind }) => [name, kind!]));
    let named: Promise<readonly string[]> | null = null;
    const names = (): Promise<readonly string[]> => {
      named ??= clusterNames(inputs.datasets[0]!, clusters, signal);
      return named;
    };
    return {
      n,
      ...made,
      columns: [...kinds.keys()],
      kinds,
      clusters,
      crowding,
      influence,
      labelled: clusters.names !== null,
      names,
      async *rows() {
        const called = await names();
        for await (const [row, i] of reread(inputs.datasets[0]!, signal)) {
          const label = clusters.labels[i]!;
          const at = components * i;
          yield {
            x: layout[at]!,
            y: layout[at + 1]!,
            z: components > 2 ? layout[at + 2]! : null,
            cluster: clusters.names?.[label] ?? label,
            name: called[label]!,
            nearest: crowding?.nearest[i] ?? null,
            density: crowding?.density[i] ?? null,
            influence: influence?.[i] ?? null,
            row,
          };
        }
      },
      close: inputs.close,
    };
  } catch (error) {
    await inputs.close();
    throw error;
  }
}
