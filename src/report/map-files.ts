import { basename } from 'node:path';
import { runtimeError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { RunOptions } from '../base/progress.ts';
import { vectorsOf } from '../compute/vectors.ts';
import { checkFormat, formatOf, TABLE_FORMATS, writeNpy, writeTable } from '../data/write.ts';
import type { Projection } from '../project/project.ts';
import { tableOf } from '../project/table.ts';
import type { PictureOptions, Scene } from './plot/scene.ts';
import { vegaLite } from './plot/vega-lite.ts';

export interface MapFileOptions extends PictureOptions, RunOptions {
  /** Columns of the data that tables have; all, and the text, when absent. */
  readonly columns?: readonly string[] | undefined;
  /** What was read; names the picture where `title` does not. */
  readonly inputs?: readonly string[] | undefined;
}

type MapWriter = (path: string, projection: Projection, options: MapFileOptions) => Promise<void>;

/** A new kind of file is one function and one line here. */
const WRITERS: Readonly<Record<string, MapWriter>> = {
  ...Object.fromEntries(TABLE_FORMATS.map((format) => [format, writeRows])),
  '.npy': (path, { layout, components }) => writeNpy(path, vectorsOf(layout, components)),
  '.vl.json': writeVegaLite,
  '.svg': async (path, projection, options) => {
    const { svg } = await import('./plot/svg.ts');
    await writeFileAtomic(path, svg(await drawn(projection, options)));
  },
  '.png': async (path, projection, options) => {
    const { png } = await import('./plot/png.ts');
    await writeFileAtomic(path, await png(await drawn(projection, options), options.scale ?? 2));
  },
  '.html': async (path, projection, options) => {
    const { renderMapHtml } = await import('./map-html.ts');
    await writeFileAtomic(path, await renderMapHtml(projection, titled(options)));
  },
};

export const MAP_FORMATS: readonly string[] = Object.keys(WRITERS);

/** Writes a projection to a file whose ending says what it becomes: a table, coordinates, a picture. */
export async function writeMap(
  path: string,
  projection: Projection,
  options: MapFileOptions = {},
): Promise<void> {
  checkFormat(path, MAP_FORMATS);
  await WRITERS[formatOf(path, MAP_FORMATS)!]!(path, projection, options);
}

/** The second file that comes with one of this name; null where there is none. */
export const sidecarOf = (path: string): string | null =>
  formatOf(path, MAP_FORMATS) === '.vl.json' ? path.replace(/\.json$/i, '.csv') : null;

async function writeRows(
  path: string,
  projection: Projection,
  { columns, signal, onProgress }: MapFileOptions,
): Promise<void> {
  const table = tableOf(projection, columns);
  await writeTable(path, table.columns, table.rows(), { total: projection.n, signal, onProgress });
}

async function writeVegaLite(
  path: string,
  projection: Projection,
  options: MapFileOptions,
): Promise<void> {
  const data = sidecarOf(path);
  if (data === null) throw runtimeError(`${path} has no name for its data.`);
  const spec = vegaLite(projection, basename(data), titled(options));
  const { columns, color } = options;
  const own = color !== undefined && projection.columns.includes(color) ? [color] : [];
  await writeRows(data, projection, {
    ...options,
    columns: columns && [...columns, ...own],
  });
  await writeFileAtomic(path, `${JSON.stringify(spec, null, 2)}\n`);
}

/** Fonts and the library of pictures are loaded only where there is something to draw. */
async function drawn(projection: Projection, options: MapFileOptions): Promise<Scene> {
  const { sceneOf } = await import('./plot/scene.ts');
  return sceneOf(projection, titled(options));
}

function titled(options: MapFileOptions): MapFileOptions {
  const names = (options.inputs ?? []).map((path) => (path === '-' ? 'stdin' : basename(path)));
  const shown = names.slice(0, 3).join(' + ');
  const title = names.length > 3 ? `${shown} + ${names.length - 3} more` : shown;
  return { ...options, title: options.title ?? title };
}
