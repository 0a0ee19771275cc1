import type { Clusters } from '../clusters/clusters.ts';
import type { ComputeOptions } from '../compute/device.ts';
import type { Cells, Judged, Objectives } from '../measures/archive.ts';
import type { Artefacts } from '../measures/artefacts.ts';
import type { Rows } from '../measures/rows.ts';
import { type CellSource, cellAxes, gridOf, type NamedAxis, pooledClusters } from './cells.ts';
import {
  judgedOf,
  type NumberSources,
  namedNumber,
  numbersNamed,
  OBJECTIVES,
  objectivesOf,
} from './judged.ts';
import { traitsOf } from './traits.ts';

/** How rows are judged and sorted into cells. */
export interface JudgeOptions {
  /** What says how good a row is: a column, a trait or `correct`. */
  readonly quality?: string | undefined;
  /** What an empty cell counts for. Default: 0, or the lowest quality where some are negative. */
  readonly floor?: number | undefined;
  /** Default: clusters × length, of vectors clusters. */
  readonly cells?: readonly NamedAxis[] | undefined;
  /** Cells of these very rows that were made elsewhere, as where several datasets share a grid. */
  readonly grid?: Cells | undefined;
  /** Default OBJECTIVES. */
  readonly objectives?: readonly string[] | undefined;
}

type ArchiveNeed = 'judged' | 'cells' | 'archive' | 'objectives';

interface Given {
  readonly rows: Rows;
  readonly reference: Rows | null;
  readonly get: <N extends keyof Artefacts>(need: N) => Promise<Artefacts[N]>;
  /** Where the rows are a part of others: the whole's artefacts and which of its rows these are. */
  readonly part: {
    readonly whole: Given['get'];
    readonly chosen: Int32Array;
  } | null;
  readonly options: ComputeOptions & {
    readonly seed: number;
    readonly clusters?: number | undefined;
    readonly judge?: JudgeOptions | undefined;
    /** Whether clusters came with the rows, so that none is found together with the reference. */
    readonly givenClusters: boolean;
    readonly hasMarks: boolean;
  };
}

/** How artefacts of the trade-off are made. Of a part of the rows they are the whole's, restricted. */
export function archiveRecipes(given: Given): {
  readonly [N in ArchiveNeed]: () => Promise<Artefacts[N]>;
} {
  const { get, part, options } = given;
  const { quality, floor, grid, objectives: names = OBJECTIVES } = options.judge ?? {};
  const sources: NumberSources = {
    columns: () => get('columns'),
    traits: () => get('traits'),
    marks: options.hasMarks ? () => get('marks') : null,
    neighbours: () => get('cosineNeighbours'),
  };
  const judged = async (): Promise<Judged> => {
    if (quality === undefined) throw new Error('a quality was planned without its name');
    if (part === null) return judgedOf(quality, sources, floor);
    const whole = await part.whole('judged');
    return { ...whole, numbers: numbersAt(whole.numbers, part.chosen) };
  };
  const cells = async (): Promise<Cells> => {
    if (part === null) return grid ?? cellsOf(given);
    const whole = await part.whole('cells');
    return { ...whole, labels: Int32Array.from(part.chosen, (row) => whole.labels[row]!) };
  };
  const objectives = async (): Promise<Objectives> => {
    if (part === null) return objectivesOf(names, () => get('judged'), sources);
    const whole = await part.whole('objectives');
    const columns: Float64Array[] = [];
    for (const [i, name] of names.entries()) {
      const named = namedNumber(name, options.hasMarks);
      // How far the nearest row is depends on which rows there are; all else is a row's own.
      columns.push(
        named.kind === 'nearest'
          ? await numbersNamed(named, sources)
          : numbersAt(whole.columns[i]!, part.chosen),
      );
    }
    return { names, columns };
  };
  return { judged, cells, archive: () => get('cells'), objectives };
}

const numbersAt = (column: Float64Array, chosen: Int32Array): Float64Array =>
  Float64Array.from(chosen, (row) => column[row]!);

/** The cells of the rows; with a reference their clusters, bins and values are those of both. */
async function cellsOf({ rows, reference, get, options }: Given): Promise<Cells> {
  const axes =
    options.judge?.cells ?? cellAxes(undefined, rows.contents === null ? 'vectors' : 'text');
  const { signal } = options;
  let pooled: Promise<Clusters[]> | undefined;
  const together = reference !== null && !options.givenClusters;
  const clusters = (s: number): Promise<Clusters> => {
    if (!together) return get('clusters');
    const { device, seed, clusters: k } = options;
    pooled ??= pooledClusters([rows, reference], { k, seed, device, signal });
    return pooled.then((found) => found[s]!);
  };
  const own: CellSource = {
    rows,
    column: async (name) => (await get('columns')).of(name),
    trait: async (name) => (await (await get('traits')).of([name]))[0]!,
    clusters: () => clusters(0),
  };
  if (!together) return (await gridOf(axes, [own]))[0]!;
  const other: CellSource = {
    rows: reference,
    column: async (name) => (await get('columns')).ofReference(name)!,
    trait: async (name) => (await traitsOf(reference, [name], { signal }).of([name]))[0]!,
    clusters: () => clusters(1),
  };
  return (await gridOf(axes, [own, other]))[0]!;
}
