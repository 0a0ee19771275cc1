import { usageError } from '../base/errors.ts';
import { type Kind, KindSurvey } from '../data/kinds.ts';
import type { Row } from '../data/row.ts';
import { artefactsOf, NEIGHBOURS } from '../engine/artefacts.ts';
import { type InputOptions, loadInputs } from '../engine/inputs.ts';
import { checkPartition, labelReader } from '../engine/labels.ts';
import { reread } from '../engine/reread.ts';
import type { IndexInfo, IndexKind } from '../neighbours/neighbours.ts';
import { type Crowding, crowdingOf } from './density.ts';
import { clusterNames } from './names.ts';
import { DEFAULT_NEIGHBOURHOOD, ENGINES, type Engine, umapLayout } from './umap.ts';

export interface ProjectOptions extends InputOptions {
  /** Default 'auto'. */
  readonly index?: 'auto' | IndexKind | undefined;
  /** A column, or a .npy, whose values take the place of found clusters. */
  readonly labels?: string | undefined;
  readonly clusters?: number | undefined;
  /** What lays the map out: 'wasm' (default) or 'umap-js'. */
  readonly engine?: Engine | undefined;
  /** Rows that make a neighbourhood, the row itself counted in. Default 15. */
  readonly neighbours?: number | undefined;
  readonly minDist?: number | undefined;
  readonly spread?: number | undefined;
  readonly epochs?: number | undefined;
}

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
  readonly row: Row;
}

export interface Projection {
  readonly n: number;
  readonly index: IndexInfo;
  /**
   * The columns that the rows have beside their id and text, in the order in which they were first
   * seen. 'id' and 'text' are among them where a row's own differ from what it is called and read as.
   */
  readonly columns: readonly string[];
  /** What the values of each of these columns are. */
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly components: number;
  /** Row-major n × components, in the order of the input. */
  readonly layout: Float32Array;
  /** The cluster of each row, 0 … k − 1, largest first. */
  readonly clusters: { readonly k: number; readonly labels: Int32Array };
  readonly crowding: Crowding | null;
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
  const labels = options.labels === undefined ? null : labelReader(options.labels);
  const paths = typeof input === 'string' ? [input] : input;
  const columns = new KindSurvey();
  const inputs = await loadInputs([paths], options, (_, rows) => {
    labels?.observe(rows);
    for (const { id, text, columns: own } of rows) {
      for (const [column, value] of Object.entries(own)) {
        const known = column === 'id' ? String(value) === id : column === 'text' && value === text;
        if (!known) columns.observe(column, value);
      }
    }
  });
  try {
    const { collected } = inputs.datasets[0]!;
    const { signal, onProgress, seed = 0 } = options;
    const given = await labels?.finish(collected.rows.n);
    const { device } = inputs;
    const artefacts = artefactsOf(collected.rows, null, {
      device,
      seed,
      extremes: false,
      neighbours: Math.max(NEIGHBOURS, (options.neighbours ?? DEFAULT_NEIGHBOURHOOD) - 1),
      index: options.index,
      clusters: options.clusters,
      ...(given === undefined ? {} : { labels: given }),
      signal,
      onProgress,
    });
    const clusters = await artefacts('clusters');
    const graph = await artefacts('cosineNeighbours');
    const layout = await umapLayout(collected.rows.unit, graph, { ...options, device, seed });
    const components = collected.rows.n === 0 ? 2 : layout.length / collected.rows.n;
    const crowding = crowdingOf(graph);
    const kinds = new Map(columns.columns().map(({ name, kind }) => [name, kind!]));
    let named: Promise<readonly string[]> | null = null;
    const names = (): Promise<readonly string[]> => {
      named ??= clusterNames(inputs.datasets[0]!, clusters, signal);
      return named;
    };
    return {
      n: collected.rows.n,
      index: graph.index,
      columns: [...kinds.keys()],
      kinds,
      components,
      layout,
      clusters,
      crowding,
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

function checkOptions(options: ProjectOptions): void {
  const { engine, neighbours, minDist, spread, epochs } = options;
  if (engine !== undefined && !ENGINES.includes(engine)) {
    throw usageError(`--engine must be ${ENGINES.join(' or ')}, not ${engine}.`);
  }
  checkPartition(options);
  if (neighbours !== undefined && !(Number.isInteger(neighbours) && neighbours >= 2)) {
    throw usageError(`--neighbours must be a whole number from 2, not ${neighbours}.`);
  }
  if (minDist !== undefined && !(minDist >= 0 && minDist <= 10)) {
    throw usageError(`--min-dist must be a number from 0 to 10, not ${minDist}.`);
  }
  if (spread !== undefined && !(spread > 0 && spread <= 100)) {
    throw usageError(`--spread must be a number above 0 and up to 100, not ${spread}.`);
  }
  if (epochs !== undefined && !(Number.isInteger(epochs) && epochs >= 1)) {
    throw usageError(`--epochs must be a whole number from 1, not ${epochs}.`);
  }
}
