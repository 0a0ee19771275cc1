import { float32, list, tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { type Projection, type ProjectOptions, project } from '../../../src/project/project.ts';
import { clusteredRows } from '../../support/data.ts';

/** A projection of vectors in clumps, beside the columns that are given. */
export async function projectionOf(
  path: (name: string, content?: string | Uint8Array) => string,
  n: number,
  columns: Readonly<Record<string, (i: number) => string | number | null>> = {},
  options: ProjectOptions = {},
): Promise<Projection> {
  const dims = 8;
  const data = clusteredRows(n, dims, 5, 0.3, 1);
  const vector = Array.from({ length: n }, (_, i) => [...data.subarray(i * dims, (i + 1) * dims)]);
  const made = Object.entries(columns).map(([name, value]) => [
    name,
    vector.map((_, i) => value(i)),
  ]);
  const table = tableFromArrays(
    { ...Object.fromEntries(made), vector },
    { types: { vector: list(float32()) } },
  );
  return project(path('clumps.arrow', tableToIPC(table, { format: 'file' })!), {
    epochs: 20,
    ...options,
  });
}
