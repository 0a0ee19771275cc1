import { Command, Option } from 'commander';
import { project } from '../project/project.ts';
import { ENGINES, type Engine } from '../project/umap.ts';
import type { Io } from './io.ts';
import {
  checkMapOutputs,
  type MapOutputFlags,
  withMapOutputFlags,
  writeMaps,
} from './map-outputs.ts';
import {
  INPUT_HELP,
  type InputFlags,
  integer,
  number,
  withCommonFlags,
  withInputFlags,
  withInputOptions,
} from './options.ts';

interface Flags extends InputFlags, MapOutputFlags {
  readonly index: 'auto' | 'exact' | 'hnsw';
  readonly labels?: string;
  readonly clusters?: number;
  readonly engine: Engine;
  readonly neighbours?: number;
  readonly minDist?: number;
  readonly spread?: number;
  readonly epochs?: number;
}

export function projectCommand(io: Io): Command {
  const command = new Command('project')
    .description('Place every row on a two-dimensional map (UMAP) and export it for plotting.')
    .argument('<input...>', INPUT_HELP)
    .addOption(
      new Option('--index <kind>', 'how neighbours are found')
        .choices(['auto', 'exact', 'hnsw'])
        .default('auto'),
    )
    .option('--labels <column>', 'a column, or a .npy file, in place of the clusters gamut finds')
    .option('--clusters <k>', 'how many clusters to find (default: √n within 8…256)', integer(1))
    .option(
      '--neighbours <k>',
      'rows that make a neighbourhood, 2 to 200 (default: 15)',
      integer(2, 200),
    )
    .addOption(
      new Option('--engine <engine>', 'what lays the map out: WebAssembly, or plain JavaScript')
        .choices([...ENGINES])
        .default('wasm'),
    )
    .option('--min-dist <d>', 'how close points may lie (default: 0.1)', number(0, 10))
    .option('--spread <s>', 'the scale of the map (default: 1)', number(0.01, 100))
    .option('--epochs <n>', 'rounds of layout (default: by number of rows)', integer(1));
  withCommonFlags(withInputFlags(withMapOutputFlags(command)));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  await checkMapOutputs(flags, [...inputs, flags.labels]);
  const { index, labels, clusters, engine, neighbours, minDist, spread, epochs } = flags;
  await withInputOptions(flags, io, async (options) => {
    const projection = await project(inputs, {
      ...options,
      ...{ index, labels, clusters, engine, neighbours, minDist, spread, epochs },
    });
    try {
      await writeMaps(projection, inputs, flags, io);
    } finally {
      await projection.close();
    }
  });
}
