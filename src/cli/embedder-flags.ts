import { type Command, InvalidArgumentError } from 'commander';
import type { EmbeddersOptions } from '../bench/settings.ts';
import { DTYPES, type Dtype } from '../embed/embedder.ts';
import type { Io } from './io.ts';
import { endpointOptionsOf, type InputFlags, integer, withReadingFlags } from './options.ts';

/** Flags of the verbs that hold embedders against each other. */
export interface EmbedderFlags extends Omit<InputFlags, 'model' | 'device' | 'dtype' | 'dims'> {
  readonly models?: readonly string[];
  readonly baseline?: string;
  readonly devices?: readonly Device[];
  readonly dtypes?: readonly Dtype[];
  readonly rows?: number;
  readonly measures?: string;
  readonly reference?: string;
}

const DEVICES = ['cpu', 'webgpu', 'cuda', 'wasm'] as const;
type Device = (typeof DEVICES)[number];

/** Names between commas. */
export const names = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const someOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T[] =>
    names(text).map((name) => {
      const found = choices.find((choice) => choice === name);
      if (found !== undefined) return found;
      throw new InvalidArgumentError(`'${name}' is none of ${choices.join(', ')}.`);
    });

export const withEmbedderFlags = (command: Command): Command =>
  withReadingFlags(
    command
      .option(
        '--models <names>',
        'models as --model of gamut audit takes them, with commas between (default: use-lite,use-lite-static)',
        names,
      )
      .option('--baseline <name>', 'the model to hold the others against (default: the first)')
      .option('--devices <names>', `of ${DEVICES.join(', ')} (default: cpu)`, someOf(DEVICES))
      .option(
        '--dtypes <names>',
        'precisions of the weights, with commas between, for models that come in several (default: what each comes in)',
        someOf(DTYPES),
      )
      .option(
        '--rows <n>',
        'rows drawn from each dataset, as many of each (default: 1000)',
        integer(2),
      )
      .option(
        '--measures <which>',
        'all, fast, or ids with commas; those that read no vectors are left out',
      )
      .option('--reference <input>', 'a dataset as it should be, for measures against one'),
  );

export function embeddersOptionsOf(flags: EmbedderFlags, io: Io): EmbeddersOptions {
  const { models, baseline, devices, dtypes, rows, measures, reference } = flags;
  const { text, prefix, offline, long, onBadRow, cache, seed } = flags;
  const endpoint = endpointOptionsOf(flags);
  const { signal, onProgress } = io;
  return {
    ...{ models, baseline, devices, dtypes, rows, measures, reference },
    ...{ text, prefix, offline, long, onBadRow, cache, seed, endpoint, signal, onProgress },
  };
}
