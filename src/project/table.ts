import { usageError } from '../base/errors.ts';
import type { TableColumn, TableRow } from '../data/write.ts';
import type { Projection } from './project.ts';

/** A projection as a table: our columns first, then those of the data in their order. */
export interface ProjectionTable {
  readonly columns: readonly TableColumn[];
  /** In the order of the input. Reads the input once more. */
  rows(): AsyncIterable<TableRow>;
}

/** `asked` are columns of the data; without it all of them come along, and the text. */
export function tableOf(projection: Projection, asked?: readonly string[]): ProjectionTable {
  const { columns, kinds } = projection;
  const text = asked === undefined || asked.includes('text');
  const own = ownColumns(projection).filter(({ name }) => text || name !== 'text');
  const chosen = asked === undefined ? columns : askedColumns(projection, asked);
  const names = namesOf(chosen, new Set([...ownColumns(projection).map(({ name }) => name)]));
  return {
    columns: [
      ...own,
      ...chosen.map((column) => ({ name: names.get(column)!, kind: kinds.get(column) ?? null })),
    ],
    async *rows() {
      for await (const { row, ...place } of projection.rows()) {
        const data = Object.entries(row.columns).flatMap(([column, value]) => {
          const name = names.get(column);
          return name === undefined ? [] : [[name, value] as const];
        });
        yield {
          id: row.id,
          x: place.x,
          y: place.y,
          ...(place.z === null ? {} : { z: place.z }),
          cluster: place.cluster,
          cluster_name: place.name,
          nn_distance: place.nearest,
          density: place.density,
          influence: place.influence,
          ...(text ? { text: row.text } : {}),
          ...Object.fromEntries(data),
        };
      }
    },
  };
}

const ownColumns = ({ components, labelled }: Projection): TableColumn[] => [
  { name: 'id', kind: 'text' },
  { name: 'x', kind: 'number' },
  { name: 'y', kind: 'number' },
  ...(components > 2 ? [{ name: 'z', kind: 'number' } as const] : []),
  { name: 'cluster', kind: labelled ? 'text' : 'integer' },
  { name: 'cluster_name', kind: 'text' },
  { name: 'nn_distance', kind: 'number' },
  { name: 'density', kind: 'number' },
  { name: 'influence', kind: 'number' },
  { name: 'text', kind: 'text' },
];

/** 'id' and 'text' are ours where the data's own do not differ from them. */
function askedColumns({ columns }: Projection, asked: readonly string[]): string[] {
  const missing = asked.find((name) => !columns.includes(name) && name !== 'text' && name !== 'id');
  if (missing === undefined) return columns.filter((name) => asked.includes(name));
  throw usageError(
    `--columns: no row has a column ${JSON.stringify(missing)} (columns: ${columns.join(', ') || 'none'}).`,
  );
}

/** The names that the data's columns get: their own, or one with 'data.' before it where that is taken. */
function namesOf(
  columns: readonly string[],
  own: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const taken = new Set([...own, ...columns]);
  const names = columns.map((column): [string, string] => {
    let name = column;
    if (own.has(column)) while (taken.has(name)) name = `data.${name}`;
    taken.add(name);
    return [column, name];
  });
  return new Map(names);
}
