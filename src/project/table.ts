import type { TableRow } from '../data/write.ts';
import type { Projection } from './project.ts';

const OWN = ['id', 'x', 'y', 'cluster', 'text'];

/** The names that the data's columns get: their own, or one with 'data.' before it where that is taken. */
function namesOf(columns: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set([...OWN, ...columns]);
  const names = columns.map((column): [string, string] => {
    let name = column;
    if (OWN.includes(column)) while (taken.has(name)) name = `data.${name}`;
    taken.add(name);
    return [column, name];
  });
  return new Map(names);
}

/** Columns of an exported projection: ours first, then those of the data in their order. */
export const tableColumns = ({ columns }: Projection): string[] => [
  ...OWN,
  ...namesOf(columns).values(),
];

/** The projection as a table, in the order of the input. */
export async function* tableRows(projection: Projection): AsyncIterable<TableRow> {
  const names = namesOf(projection.columns);
  for await (const { x, y, cluster, row } of projection.rows()) {
    const data = Object.entries(row.columns).flatMap(([column, value]) => {
      const name = names.get(column);
      return name === undefined ? [] : [[name, value] as const];
    });
    yield { id: row.id, x, y, cluster, text: row.text, ...Object.fromEntries(data) };
  }
}
