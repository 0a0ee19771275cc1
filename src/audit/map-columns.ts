import type { Json, Row, Source } from '../data/row.ts';
import type { Collected } from '../engine/collect.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import type { MapColumn } from './report.ts';
import type { rowNumbers } from './row-numbers.ts';
import type { PerRow } from './why/why.ts';

/** Columns of the data that are kept for the map; more than a reader would look through. */
const COLUMNS = 40;
/** Characters: what is longer is a text and names nothing. */
const LONGEST = 60;

type Cell = string | number | null;

/** Columns of the rows on the map, kept while the data is read again; bounded by the points of a map. */
export class MapColumns {
  private readonly places: ReadonlyMap<number, number>;
  private readonly columns = new Map<string, Cell[]>();
  readonly lengths: Cell[];
  readonly sources: Int32Array;

  constructor(shown: Int32Array) {
    this.places = new Map(Array.from(shown, (row, place) => [row, place]));
    this.lengths = this.blank();
    this.sources = new Int32Array(shown.length);
  }

  private blank(): Cell[] {
    return Array<Cell>(this.places.size).fill(null);
  }

  observe({ text, columns }: Pick<Row, 'text' | 'columns'>, i: number, source = 0): void {
    const place = this.places.get(i);
    if (place === undefined) return;
    this.lengths[place] = text === null ? null : text.length;
    this.sources[place] = source;
    for (const [name, value] of Object.entries(columns)) {
      const cell = cellOf(value);
      if (cell === null) continue;
      let column = this.columns.get(name);
      if (column === undefined) {
        if (this.columns.size === COLUMNS) continue;
        column = this.blank();
        this.columns.set(name, column);
      }
      column[place] = cell;
    }
  }

  /** The columns without long texts: what a text was made of is no colour. */
  finish(): MapColumn[] {
    return [...this.columns]
      .filter(([, values]) =>
        values.every((value) => typeof value !== 'string' || value.length <= LONGEST),
      )
      .map(([name, values]) => ({ name, values }));
  }
}

/** What a cell says in a few letters; null for lists and objects, which say too much for a colour. */
function cellOf(value: Json): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value.slice(0, LONGEST + 1) : null;
}

/** Measures of single rows first (how they lie, how long, good and complex they are), then the source where there are several, then the data's columns. */
export function mapColumns(
  { tokens }: Collected,
  own: MapColumns,
  shown: { readonly dataset: Int32Array; readonly reference: Int32Array },
  {
    graph,
    perRow,
    numbers,
    sources,
  }: {
    graph: NeighbourGraph | null;
    perRow: readonly PerRow[];
    numbers: Awaited<ReturnType<typeof rowNumbers>>;
    sources: readonly Source[];
  },
): MapColumn[] {
  const rows = Array.from(shown.dataset);
  const columns: MapColumn[] = [];
  if (graph !== null && graph.k > 0) {
    const values = rows.map((row) => graph.distances[row * graph.k]!);
    columns.push({ name: 'Distance to the nearest row', values, amounts: true });
  }
  for (const { name, values } of perRow) {
    columns.push({ name, values: rows.map((row) => values[row]!), amounts: true });
  }
  if (own.lengths.some((length) => length !== null)) {
    columns.push({ name: 'Length in characters', values: own.lengths, amounts: true });
  }
  if (tokens !== null) {
    const values = rows.map((row) => tokens[row]!);
    columns.push({ name: 'Length in tokens', values, amounts: true });
  }
  for (const { of, ...column } of numbers) columns.push({ ...column, values: rows.map(of) });
  if (sources.length > 1) {
    const values = Array.from(own.sources, (source) => sources[source]!.path);
    columns.push({ name: 'Source', values });
  }
  const beside = Array<Cell>(shown.reference.length).fill(null);
  return [...columns, ...own.finish()].map((column) => ({
    ...column,
    values: [...column.values, ...beside],
  }));
}
