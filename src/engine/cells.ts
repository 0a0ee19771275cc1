import { inputError, usageError } from '../base/errors.ts';
import { type Clusters, centresOf, findClusters } from '../clusters/clusters.ts';
import { assignRows, defaultClusters } from '../clusters/kmeans.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import { rowOf, vectorsOf } from '../compute/vectors.ts';
import type { Dataset } from '../data/row.ts';
import type { CellAxis, Cells } from '../measures/archive.ts';
import { numbersOf } from '../measures/quality/column.ts';
import type { Rows } from '../measures/rows.ts';
import { TRAITS } from '../measures/trait-list.ts';

/** What the sides of a grid of cells may be read from: one set of rows. */
export interface CellSource {
  readonly rows: Rows;
  readonly column: (name: string) => Promise<readonly (string | null)[]>;
  readonly trait: (name: string) => Promise<Float64Array>;
  readonly clusters: () => Promise<Clusters>;
}

/** Bins of a number, each with equally many rows. */
const BINS = 5;
/** Values of a column that make a side; a column with more is no kind of thing. */
const MOST_VALUES = 64;
/** Most rows of a column that may be no number and it still count as one. */
const STRAY = 0.05;
/** Different numbers from which on a column is binned; fewer are values. */
const FEW_NUMBERS = 8;

const CLUSTERS = 'clusters';
/** Short names of descriptors. */
const SHORT: Readonly<Record<string, string>> = { length: 'length.words' };

export interface NamedAxis {
  readonly name: string;
  readonly kind: 'clusters' | 'trait' | 'column';
}

/**
 * The descriptors of a grid, as they are asked for with commas; clusters × length where nothing is asked for. Clusters alone are so
 * few that nearly every dataset has a row in each.
 */
export function cellAxes(
  asked: string | undefined,
  kind: Dataset['kind'] = 'text',
): readonly NamedAxis[] {
  if (asked === undefined) return kind === 'text' ? [OF_CLUSTERS, OF_LENGTH] : [OF_CLUSTERS];
  const names = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => SHORT[name] ?? name);
  if (names.length === 0) throw usageError('--cells is empty; give clusters, or descriptors.');
  if (new Set(names).size < names.length) throw usageError('--cells names a descriptor twice.');
  return names.map((name) => ({
    name,
    kind: name === CLUSTERS ? 'clusters' : Object.hasOwn(TRAITS, name) ? 'trait' : 'column',
  }));
}

const OF_CLUSTERS: NamedAxis = { name: CLUSTERS, kind: 'clusters' };
const OF_LENGTH: NamedAxis = { name: 'length.words', kind: 'trait' };

/** One side of the grid, with the place of each row of each source on it. */
interface Side {
  readonly axis: CellAxis;
  /** For each source, −1 where a row has none. */
  readonly places: readonly Int32Array[];
}

/**
 * The grid for several sets of rows at once: bins and values are those of all of them, equally many rows
 * of each. For each set the cells of its rows.
 */
export async function gridOf(
  axes: readonly NamedAxis[],
  sources: readonly CellSource[],
): Promise<Cells[]> {
  const sides: Side[] = [];
  for (const { name, kind } of axes) {
    if (kind === 'clusters') sides.push(await clusterSide(sources));
    else if (kind === 'trait') {
      const numbers: Float64Array[] = [];
      for (const source of sources) numbers.push(await source.trait(name));
      sides.push(binSide(name, numbers, sources));
    } else {
      const labels: (readonly (string | null)[])[] = [];
      for (const source of sources) labels.push(await source.column(name));
      sides.push(columnSide(name, labels, sources));
    }
  }
  const of = sides.reduce((product, { axis }) => product * axis.size, 1);
  return sources.map(({ rows }, s) => ({
    axes: sides.map(({ axis }) => axis),
    of,
    labels: Int32Array.from({ length: rows.n }, (_, row) => {
      let cell = 0;
      for (const { axis, places } of sides) {
        const place = places[s]![row]!;
        if (place < 0) return -1;
        cell = cell * axis.size + place;
      }
      return cell;
    }),
  }));
}

async function clusterSide(sources: readonly CellSource[]): Promise<Side> {
  const found: Clusters[] = [];
  for (const source of sources) found.push(await source.clusters());
  const axis = { name: CLUSTERS, kind: 'clusters' as const, size: found[0]?.k ?? 0 };
  return { axis, places: found.map(({ labels }) => labels) };
}

function columnSide(
  name: string,
  labels: readonly (readonly (string | null)[])[],
  sources: readonly CellSource[],
): Side {
  const present = labels.flat().filter((label) => label !== null);
  const numbers = labels.map(numbersOf);
  const stray = numbersOf(present).reduce((sum, x) => sum + Number(Number.isNaN(x)), 0);
  const different = new Set(present);
  if (stray <= STRAY * present.length && different.size > FEW_NUMBERS) {
    return binSide(name, numbers, sources);
  }
  if (different.size > MOST_VALUES) {
    throw inputError(
      `Column '${name}' has ${different.size} different values; --cells takes at most ${MOST_VALUES}, or numbers.`,
    );
  }
  const values = [...different].sort();
  const places = new Map(values.map((value, i) => [value, i]));
  return {
    axis: { name, kind: 'values', size: values.length, values },
    places: labels.map((own) =>
      Int32Array.from(own, (label) => (label === null ? -1 : places.get(label)!)),
    ),
  };
}

function binSide(
  name: string,
  numbers: readonly Float64Array[],
  sources: readonly CellSource[],
): Side {
  const edges = edgesOf(numbers, sources);
  const place = (x: number): number =>
    Number.isNaN(x) ? -1 : edges.reduce((bin, edge) => bin + Number(x >= edge), 0);
  return {
    axis: { name, kind: 'bins', size: edges.length + 1, edges },
    places: numbers.map((own) => Int32Array.from(own, place)),
  };
}

/** Where bins begin: quantiles of equally many rows of each set, each different one once. */
function edgesOf(numbers: readonly Float64Array[], sources: readonly CellSource[]): number[] {
  const each = Math.min(...sources.map(({ rows }) => rows.n));
  const pool = sources.flatMap(({ rows }, s) =>
    Array.from(rows.order.subarray(0, each), (row) => numbers[s]![row]!),
  );
  const sorted = Float64Array.from(pool.filter((x) => !Number.isNaN(x))).sort();
  if (sorted.length === 0) return [];
  const edges = Array.from(
    { length: BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]!,
  );
  return [...new Set(edges)].filter((edge) => edge > sorted[0]!);
}

/** Rows of all sets together that shared clusters are found on. */
export const POOL_ROWS = 20_000;

export interface PoolOptions extends ComputeOptions {
  /** Default: by the rows of the smallest set. */
  readonly k?: number | undefined;
  readonly seed: number;
  /** Rows of each set to find clusters on, where not as many as the smallest has. */
  readonly each?: number | undefined;
}

/**
 * One partition for several sets of rows, found on equally many rows of each, so that none decides where clusters lie
 * by being large; every row of every set then has the nearest centre. For each set the clusters with its labels.
 */
export async function pooledClusters(
  sets: readonly Rows[],
  { device = cpu, signal, seed, k, each: asked }: PoolOptions,
): Promise<Clusters[]> {
  const each = asked ?? Math.min(...sets.map(({ n }) => n));
  const drawn = Math.min(each, Math.max(1, Math.floor(POOL_ROWS / sets.length)));
  const { dims } = sets[0]!.unit;
  // The first rows of every set, then their second ones: what is fitted on a beginning is of all.
  const data = new Float32Array(drawn * sets.length * dims);
  for (let i = 0; i < drawn; i += 1) {
    for (const [s, { unit, order }] of sets.entries()) {
      data.set(rowOf(unit, order[i]!), (i * sets.length + s) * dims);
    }
  }
  const pool = vectorsOf(data, dims);
  const order = Int32Array.from({ length: pool.n }, (_, i) => i);
  const found = await findClusters(pool, {
    ...{ k: k ?? defaultClusters(each), seed, order, device, signal },
  });
  const centres = centresOf(found);
  const clusters: Clusters[] = [];
  for (const { unit } of sets) {
    const { labels } = await assignRows(device, unit, centres);
    clusters.push({ ...found, labels });
  }
  return clusters;
}
