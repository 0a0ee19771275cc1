import { type Command, InvalidArgumentError, Option } from 'commander';
import type { InputOptions } from '../engine/inputs.ts';
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
  readonly device?: string;
  readonly long?: 'mean' | 'truncate';
  readonly onBadRow?: 'fail' | 'skip';
  readonly cache?: string;
  readonly seed?: number;
}

/** Flags of every verb that reads and embeds data. */
export function withInputFlags(command: Command): Command {
  return command
    .option(
      '--text <template>',
      "the text of a row: a column's name, or '{instruction}\\n{output}'",
    )
    .option(
      '--model <name>',
      'the model that embeds texts: a name from gamut models, or a folder with an ONNX model (default: use-lite)',
    )
    .option('--device <device>', 'where to compute: cpu')
    .addOption(
      new Option('--long <how>', 'texts beyond what the model reads: mean of their parts, or cut')
        .choices(['mean', 'truncate'])
        .default('mean'),
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
}

/** Flags that every verb takes. */
export const withCommonFlags = (command: Command): Command =>
  command
    .option('-q, --quiet', 'no progress and no summary; errors show all the same')
    .option('--debug', 'show where an error came from');

export const inputOptions = (flags: InputFlags, io: Io): InputOptions => ({
  text: flags.text,
  model: flags.model,
  device: flags.device,
  long: flags.long,
  onBadRow: flags.onBadRow,
  cache: flags.cache,
  seed: flags.seed,
  signal: io.signal,
  onProgress: io.onProgress,
});

export const INPUT_HELP =
  'JSON Lines, JSON, CSV, TSV, text lines or .npy vectors (.gz of any); - is standard input';
