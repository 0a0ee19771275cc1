import type { TableRow } from '../data/write.ts';
import type { Projection } from './project.ts';

const OWN = ['id', 'x', 'y', 'cluster', 'text'] as const;

/** A column of the data that has the name of one of ours is kept under another name. */
const renamed = (column: string): string =>
  (OWN as readonly string[]).includes(column) ? `data.${column}` : column;

/** Columns of an exported projection: ours first, then those of the data in their order. */
export function tableColumns({ columns }: Projection): string[] {
  const others = columns.filter((column) => column !== 'id' && column !== 'text').map(renamed);
  return [...OWN, ...others];
}

/** The projection as a table, in the order of the input. */
export async function* tableRows(projection: Projection): AsyncIterable<TableRow> {
  for await (const { x, y, cluster, row } of projection.rows()) {
    const { id, text: _, ...others } = row.columns;
    const data = Object.entries(others).map(([column, value]) => [renamed(column), value]);
    yield { id: row.id, x, y, cluster, text: row.text, ...Object.fromEntries(data) };
  }
}
