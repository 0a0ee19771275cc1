import { type Command, Option } from 'commander';
import { formatRows } from '../base/numbers.ts';
import { checkFormat } from '../data/write.ts';
import type { Projection } from '../project/project.ts';
import { MAP_FORMATS, sidecarOf, writeMap } from '../report/map-files.ts';
import { THEMES, type ThemeName } from '../report/plot/theme.ts';
import type { Io } from './io.ts';
import { integer, number } from './options.ts';
import { checkOutputs, type Output } from './outputs.ts';

/** Flags that say where a map goes and what it looks like there. */
export interface MapOutputFlags {
  readonly output: readonly string[];
  readonly columns?: readonly string[];
  readonly color?: string;
  readonly theme: ThemeName;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly title?: string;
}

export const withMapOutputFlags = (command: Command): Command =>
  command
    .requiredOption(
      '-o, --output <file>',
      `where to write the map, by its ending: ${MAP_FORMATS.join(', ')}; repeat it for several`,
      (file: string, before: readonly string[] = []) => [...before, file],
    )
    .option(
      '--columns <names>',
      'columns of the data to write, separated by commas (default: all, and the text)',
      (names: string) => names.split(',').map((name) => name.trim()),
    )
    .option(
      '--color <column>',
      'what the colours of a picture say: cluster, density, nn_distance, influence or a column (default: cluster)',
    )
    .addOption(
      new Option('--theme <theme>', 'the colours of a picture; .html follows its reader')
        .choices([...THEMES])
        .default('light'),
    )
    .option('--width <pixels>', 'the width of a picture', integer(200, 20_000), 1200)
    .option('--height <pixels>', 'the height of a picture', integer(200, 20_000), 900)
    .option('--scale <factor>', 'pixels of a .png for each of these', number(0.25, 8), 2)
    .option('--title <text>', 'the title of a picture (default: the names of the inputs)');

export async function checkMapOutputs(
  { output }: MapOutputFlags,
  inputs: readonly (string | undefined)[],
  others: readonly Output[],
): Promise<void> {
  for (const path of output) checkFormat(path, MAP_FORMATS);
  const files = output.flatMap((path) => [path, sidecarOf(path) ?? []].flat());
  await checkOutputs([...files.map((path) => ({ flag: '-o', path })), ...others], inputs);
}

export async function writeMaps(
  projection: Projection,
  inputs: readonly string[],
  flags: MapOutputFlags,
  { signal, onProgress, note }: Io,
): Promise<void> {
  const { output, columns, color, theme, width, height, scale, title } = flags;
  for (const path of output) {
    const picture = { color, theme, width, height, scale, title };
    await writeMap(path, projection, { ...picture, columns, inputs, signal, onProgress });
    note(`wrote ${path}: ${formatRows(projection.n)}`);
  }
}
