import { Command, Option } from 'commander';
import { formatShare } from '../base/numbers.ts';
import { METRICS } from '../project/metric.ts';
import { type Projection, type ProjectOptions, project } from '../project/project.ts';
import { MAP_FILES, METHODS } from '../project/saved-map.ts';
import { TARGET_KINDS } from '../project/target.ts';
import { ENGINES, INITS } from '../project/umap.ts';
import { indexWords } from '../report/format.ts';
import type { Io } from './io.ts';
import {
  checkMapOutputs,
  type MapOutputFlags,
  withMapOutputFlags,
  writeMaps,
} from './map-outputs.ts';
import {
  INPUT_HELP,
  type IndexFlags,
  type InputFlags,
  integer,
  number,
  withCommonFlags,
  withIndexFlags,
  withInputFlags,
  withInputOptions,
} from './options.ts';

interface Flags extends InputFlags, IndexFlags, MapOutputFlags {
  readonly labels?: string;
  readonly clusters?: number;
  readonly method?: ProjectOptions['method'];
  readonly metric?: ProjectOptions['metric'];
  readonly components?: ProjectOptions['components'];
  readonly engine?: ProjectOptions['engine'];
  readonly neighbours?: number;
  readonly minDist?: number;
  readonly spread?: number;
  readonly epochs?: number;
  readonly init?: ProjectOptions['init'];
  readonly target?: string;
  readonly targetKind?: ProjectOptions['targetKind'];
  readonly targetWeight?: number;
  readonly saveMap?: string;
  readonly onto?: string;
}

export function projectCommand(io: Io): Command {
  const command = new Command('project')
    .description('Place every row on a map (UMAP or PCA) and export it for plotting.')
    .argument('<input...>', INPUT_HELP)
    .option('--labels <column>', 'a column, or a .npy file, in place of the clusters gamut finds')
    .option('--clusters <k>', 'how many clusters to find (default: √n within 8…256)', integer(1))
    .addOption(
      new Option('--method <how>', 'what makes the map (default: umap)').choices([...METHODS]),
    )
    .addOption(
      new Option('--metric <metric>', 'how rows are compared (default: cosine)').choices([
        ...METRICS,
      ]),
    )
    .option('--components <n>', 'dimensions of the map, 2 or 3 (default: 2)', integer(2, 3))
    .option(
      '--neighbours <k>',
      'rows that make a neighbourhood, 2 to 200 (default: 15)',
      integer(2, 200),
    )
    .option('--min-dist <d>', 'how close points may lie (default: 0.1)', number(0, 10))
    .option('--spread <s>', 'the scale of the map (default: 1)', number(0.01, 100))
    .option('--epochs <n>', 'rounds of layout (default: by number of rows)', integer(1))
    .addOption(
      new Option(
        '--init <start>',
        'where the layout starts: principal coordinates, or eigenvectors of the neighbour graph (default: pca)',
      ).choices([...INITS]),
    )
    .addOption(
      new Option(
        '--engine <engine>',
        'what lays the map out: WebAssembly, or plain JavaScript (default: wasm)',
      ).choices([...ENGINES]),
    )
    .option('--target <column>', 'draw together rows that have the same value in a column')
    .addOption(
      new Option('--target-kind <kind>', 'what the values are (default: categories)').choices([
        ...TARGET_KINDS,
      ]),
    )
    .option('--target-weight <w>', 'how much they count, 0 to 1 (default: 0.5)', number(0, 1))
    .option('--save-map <folder>', 'keep the map, to place other rows on it')
    .option(
      '--onto <folder>',
      'place the rows on a map that --save-map kept, which stays as it is',
    );
  withCommonFlags(withInputFlags(withIndexFlags(withMapOutputFlags(command))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { saveMap, onto } = flags;
  await checkMapOutputs(
    flags,
    [...inputs, flags.labels, onto],
    [{ flag: '--save-map', path: saveMap, folder: MAP_FILES }],
  );
  const { index, recall, labels, clusters, method, metric, components, engine } = flags;
  const { neighbours, minDist, spread, epochs, init, target, targetKind, targetWeight } = flags;
  await withInputOptions(flags, io, async (options) => {
    const projection = await project(inputs, {
      ...options,
      ...{
        index,
        recall,
        labels,
        clusters,
        method,
        metric,
        components,
        engine,
        neighbours,
        minDist,
      },
      ...{ spread, epochs, init, target, targetKind, targetWeight, saveMap, onto },
    });
    try {
      await writeMaps(projection, inputs, flags, io);
    } finally {
      await projection.close();
    }
    for (const note of notesOf(projection)) io.note(note);
    if (saveMap !== undefined) io.note(`wrote ${saveMap}: the map, for --onto`);
  });
}

function notesOf({ notes, explained, index }: Projection): string[] {
  if (index !== null && index.kind !== 'exact') {
    return [...notes, `neighbours found by ${indexWords(index)} (${index.why})`];
  }
  if (explained === null) return [...notes];
  const shares = explained.map(formatShare).join(' + ');
  const sum = formatShare(explained.reduce((total, share) => total + share, 0));
  return [...notes, `the axes hold ${shares} = ${sum} of the variance`];
}
