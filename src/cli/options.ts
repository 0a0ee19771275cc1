import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DeviceChoice, openDevice } from '../compute/device.ts';
import { DTYPES, type Dtype } from '../embed/embedder.ts';
import type { EndpointOptions } from '../embed/http-model.ts';
import type { InputOptions } from '../engine/inputs.ts';
import { QUALITY_INPUTS, type ScoringOptions } from '../engine/scoring.ts';
import { MATCHES, type Match } from '../measures/answers.ts';
import { THEMES } from '../report/plot/theme.ts';
import type { Io } from './io.ts';

/** Flags that several verbs share, declared once so that they read and parse alike everywhere. */

export const integer =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      const range = most < Number.MAX_SAFE_INTEGER ? `${least} to ${most}` : `${least} up`;
      throw new InvalidArgumentError(`It must be a whole number from ${range}.`);
    }
    return value;
  };

export const number =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    }
    return value;
  };

/** Randomness is seeded with 32 bits: a larger seed would be another one in disguise. */
const SEEDS = 2 ** 32 - 1;

/** What each of these flags parses to. */
export interface InputFlags {
  readonly text?: string;
  readonly model?: string;
  readonly device: DeviceChoice;
  readonly long?: 'mean' | 'truncate';
  readonly onBadRow?: 'fail' | 'skip';
  readonly dtype?: Dtype;
  readonly dims?: number;
  readonly prefix?: string;
  readonly offline?: boolean;
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly textsPerRequest?: number;
  readonly cache?: string;
  readonly seed?: number;
}

/** Flags of every verb that reads and embeds data. */
export function withInputFlags(command: Command): Command {
  command
    .option(
      '--model <name>',
      'the model that embeds texts: a name from gamut models, a folder with a model, a hub id such as Xenova/all-MiniLM-L6-v2, or http://host:port#name (default: use-lite)',
    )
    .addOption(
      new Option(
        '--dtype <type>',
        "the precision of the model's weights, where it comes in several (default: fp32)",
      ).choices(DTYPES),
    )
    .option(
      '--dims <n>',
      'only the first n dimensions of the vectors, for models trained for it',
      integer(2),
    )
    .addOption(
      new Option('--device <device>', 'where to compute; see gamut devices')
        .choices(['cpu', 'webgpu', 'cuda', 'wasm', 'auto'])
        .default('cpu'),
    );
  return withReadingFlags(command);
}

/** Flags of every verb that reads and embeds data, with one model or with several. */
export const withReadingFlags = (command: Command): Command =>
  command
    .option(
      '--text <template>',
      "the text of a row: a column's name, or '{instruction}\\n{output}'",
    )
    .option('--prefix <text>', "text before every row, in place of the model's own")
    .option('--offline', 'no network: only models that are here already')
    .option(
      '--concurrency <n>',
      'requests at a time to a model behind an endpoint (default: 4)',
      integer(1),
    )
    .option(
      '--requests-per-minute <n>',
      'requests to an endpoint that begin in a minute at most, spread evenly',
      integer(1),
    )
    .option(
      '--texts-per-request <n>',
      'texts in a request to an endpoint (default: 32)',
      integer(1),
    )
    .addOption(
      new Option(
        '--long <how>',
        'texts beyond what the model reads: mean of their parts, or cut (default: mean)',
      ).choices(['mean', 'truncate']),
    )
    .addOption(
      new Option(
        '--on-bad-row <what>',
        'a row that cannot be read: stop, or leave it out and say so',
      )
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option(
      '--cache <folder>',
      'where models and vectors are kept (default: the user cache folder)',
    )
    .option('--seed <n>', 'seed of everything that is drawn', integer(0, SEEDS), 0);

/** How an endpoint is asked, for the library; nothing where no flag says. */
export function endpointOptionsOf({
  concurrency,
  requestsPerMinute,
  textsPerRequest,
}: Partial<InputFlags>): EndpointOptions | undefined {
  const options = { concurrency, requestsPerMinute, textsPerRequest };
  return Object.values(options).some((value) => value !== undefined) ? options : undefined;
}

/** Flags of every verb whose measures may be read from further models. */
export const withScoringFlags = (command: Command): Command =>
  command
    .option(
      '--language-model <name>',
      'a causal language model in ONNX for perplexity and ifd: a folder, or a hub id',
    )
    .addOption(
      new Option(
        '--language-dtype <type>',
        'the precision of its weights (default: the first it has)',
      ).choices(DTYPES),
    )
    .option('--language-chat', "ifd reads prompt and response in the model's own chat template")
    .option(
      '--quality-model <name>',
      "a classifier or reward model in ONNX for quality.model:NAME, a folder or hub id, with '#' and the label to count; again for several",
      (name: string, before: string[] = []) => [...before, name],
    )
    .addOption(
      new Option(
        '--quality-input <what>',
        'what quality models read: the text, or prompt and response as a pair (default: text)',
      ).choices(QUALITY_INPUTS),
    );

/** What they parse to, for the library. */
export const scoringOptionsOf = (flags: ScoringOptions): ScoringOptions => {
  const { languageModel, languageDtype, languageChat, qualityModel, qualityInput } = flags;
  return { languageModel, languageDtype, languageChat, qualityModel, qualityInput };
};

/** Flags that every verb takes. */
export const withCommonFlags = (command: Command): Command =>
  command
    .option('-q, --quiet', 'no progress and no summary; errors show all the same')
    .option('--debug', 'show where an error came from');

/** Opens the device that was asked for, says what `auto` chose, and closes it when the work is done. */
export async function withInputOptions(
  flags: InputFlags,
  io: Io,
  work: (options: InputOptions) => Promise<void>,
): Promise<void> {
  const { text, model, dtype, dims, prefix, offline, long, onBadRow, cache, seed } = flags;
  const { signal, onProgress } = io;
  const endpoint = endpointOptionsOf(flags);
  const asked = {
    text,
    model,
    dtype,
    dims,
    prefix,
    offline,
    long,
    onBadRow,
    cache,
    seed,
    endpoint,
  };
  const device = await openDevice(flags.device);
  if (flags.device === 'auto') {
    io.note(`computing on ${device.name} (${device.description}); ${device.why}`);
  }
  try {
    await work({ ...asked, device, signal, onProgress });
  } finally {
    await device.close();
  }
}

/** The flag of verbs that hold datasets against each other. */
export const controlOption = (): Option =>
  new Option(
    '--control <what>',
    'measure again on rows of equal length and on texts cut to one length, and say which differences go with it',
  ).choices(['length']);

export const figuresOption = (): Option =>
  new Option('--figures <folder>', 'write the figures and the map as SVG and PNG files');

export const themeOption = (): Option =>
  new Option('--theme <theme>', 'the colours of --figures').choices([...THEMES]).default('light');

/** What --index and --recall parse to. */
export interface IndexFlags {
  readonly index: 'auto' | 'exact' | 'ivf' | 'hnsw';
  readonly recall?: number;
}

/** Flags of every verb that finds neighbours. */
export const withIndexFlags = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--index <kind>',
        'how neighbours are found: auto is exact up to 50,000 rows, 15,000 for a map alone',
      )
        .choices(['auto', 'exact', 'ivf', 'hnsw'])
        .default('auto'),
    )
    .option(
      '--recall <share>',
      'true neighbours to find where not all are searched, such as 0.99 (default: 0.98)',
      number(0.01, 1),
    );

/** What --answer, --truth, --match, --quality, --cells and --pareto parse to. */
export interface JudgingFlags {
  readonly answer?: string;
  readonly truth?: string;
  readonly match?: Match;
  readonly quality?: string;
  readonly cells?: string;
  readonly pareto?: string;
}

/** Flags of every verb that measures how good rows are. */
export const withJudgingFlags = (command: Command): Command =>
  command
    .option('--answer <column>', 'the column with answers, to be checked or compared')
    .option('--truth <column>', 'the column with true answers')
    .addOption(
      new Option(
        '--match <how>',
        'when answers are the same (default: by what the truths look like)',
      ).choices(MATCHES),
    )
    .option(
      '--quality <name>',
      'what says how good a row is: a column, a trait such as readability, or correct',
    )
    .option(
      '--cells <names>',
      'the cells of the archive, descriptors with commas: length,topic (default: clusters,length)',
    )
    .option('--pareto <names>', 'objectives of the front of rows (default: quality,nn-distance)');

export const PROMPT_HELP = 'the column with prompts, which several answers may share';

/** The flags among others. */
export function judgingFlags(flags: JudgingFlags) {
  const { answer, truth, match, quality, cells, pareto } = flags;
  return { answer, truth, match, quality, cells, pareto };
}

export const INPUT_HELP =
  'JSON Lines, JSON, CSV, TSV, Parquet, Arrow, text lines or .npy vectors (.gz or .zst of any); - is standard input';
