import { basename } from 'node:path';
import { usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import type { DeviceName } from '../compute/device.ts';
import type { Dtype, LongTexts } from '../embed/embedder.ts';
import { isEndpoint, refuseEndpointOptions } from '../embed/http-model.ts';
import { hasOnePrecision, type ModelOptions, needsNoDevice } from '../embed/models.ts';

/** What the verbs that hold embedders against each other can be told about data and models. */
export interface EmbeddersOptions extends RunOptions, Omit<ModelOptions, 'dtype' | 'dims'> {
  /** Names of models, as `--model` takes them. Default: the two that need no network. */
  readonly models?: readonly string[] | undefined;
  /** The model that the others are held against. Default: the first. */
  readonly baseline?: string | undefined;
  /** Default ['cpu']. */
  readonly devices?: readonly DeviceName[] | undefined;
  /** Precisions of the weights; default what each model comes in. */
  readonly dtypes?: readonly Dtype[] | undefined;
  readonly text?: string | undefined;
  /** Default 'fail'. */
  readonly onBadRow?: 'fail' | 'skip' | undefined;
  /** Rows of each dataset that conclusions are drawn from: a seeded sample. Default 1,000. */
  readonly rows?: number | undefined;
  /** 'all', 'fast', or ids separated by commas; those that read no vectors are left out. */
  readonly measures?: string | undefined;
  readonly reference?: string | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export interface BenchOptions extends EmbeddersOptions {
  /** Texts in a call. Default [1, 256]. */
  readonly batches?: readonly number[] | undefined;
  /** Lengths of texts in words; 'own' are the texts as they are. Default ['own']. */
  readonly lengths?: readonly (number | 'own')[] | undefined;
  /** Passes that are timed. Default 5. */
  readonly repeats?: number | undefined;
  /** How long the passes of one setting may take in all. Default 10. */
  readonly seconds?: number | undefined;
  /** Few rows, three short passes, fast measures: a first look within a minute. */
  readonly quick?: boolean | undefined;
  /** Measures again what an interrupted run has finished. Default false. */
  readonly fresh?: boolean | undefined;
  /** A column of classes: nearest neighbours and clusters are held against it. */
  readonly labels?: string | undefined;
  /** A column of second texts, and a column that says how alike each is to the row's own. */
  readonly pair?: string | undefined;
  readonly score?: string | undefined;
}

/** One way to make vectors. */
export interface Setup {
  /** For tables: 'use-lite', 'use-lite webgpu', 'all-MiniLM-L6-v2 int8'. */
  readonly name: string;
  readonly model: string;
  readonly device: DeviceName;
  /** null: what the model comes in. */
  readonly dtype: Dtype | null;
}

/** One way to call an embedder. */
export interface Load {
  readonly batch: number;
  readonly length: number | 'own';
}

export interface BenchSettings {
  readonly setups: readonly Setup[];
  readonly loads: readonly Load[];
  readonly rows: number;
  readonly repeats: number;
  readonly seconds: number;
  readonly measures: string;
  readonly seed: number;
  readonly long: LongTexts;
}

export const DEFAULT_MODELS = ['use-lite', 'use-lite-static'] as const;

/** Spectrum and clusters, and of what looks at neighbours the numbers that people go by. */
const MEASURES = 'fast,nn-distance,near-duplicates';
const AGAINST = ',precision,recall,density,coverage';
const LEAST_ROWS = 2;

/** Every model on every device that it may run on, in every precision that it may come in, the baseline first. */
export function setupsOf(options: EmbeddersOptions): Setup[] {
  const { devices = ['cpu'], dtypes } = options;
  const asked = [...(options.models ?? DEFAULT_MODELS)];
  for (const [what, list] of Object.entries({ models: asked, devices, dtypes })) {
    if (list?.length === 0) throw usageError(`--${what} is empty; leave it out or name some.`);
  }
  const { baseline = asked[0]! } = options;
  const models = [...new Set([baseline, ...asked])];
  if (!models.some(isEndpoint)) refuseEndpointOptions(models.join(', '), options.endpoint);
  const nameOf = namesOf(models);
  const setups: Setup[] = [];
  for (const model of models) {
    for (const device of new Set(needsNoDevice(model) ? (['cpu'] as const) : devices)) {
      for (const dtype of new Set(hasOnePrecision(model) ? [null] : (dtypes ?? [null]))) {
        const parts = [
          nameOf(model),
          ...(device === 'cpu' ? [] : [device]),
          ...(dtype ? [dtype] : []),
        ];
        setups.push({ name: parts.join(' '), model, device, dtype });
      }
    }
  }
  return setups;
}

/** Models by the last part of their path or id, where that tells them apart. */
function namesOf(models: readonly string[]): (model: string) => string {
  const short = (model: string): string => basename(model);
  const distinct = new Set(models.map(short)).size === models.length;
  return distinct ? short : (model) => model;
}

export const measuresOf = ({ measures, reference }: EmbeddersOptions): string =>
  measures ?? MEASURES + (reference === undefined ? '' : AGAINST);

/** Fills in what was left open and refuses what contradicts itself. */
export function settingsOf(options: BenchOptions): BenchSettings {
  const { quick = false, pair, score, batches, lengths } = options;
  if ((pair === undefined) !== (score === undefined)) {
    throw usageError(
      '--pair and --score go together: a column of second texts and one of how alike they are.',
    );
  }
  const loads: Load[] = [];
  for (const length of new Set(lengths ?? (['own'] as const))) {
    if (length !== 'own') checkWhole('--lengths', length, 1);
    for (const batch of new Set(batches ?? (quick ? [64] : [1, 256]))) {
      checkWhole('--batches', batch, 1);
      loads.push({ batch, length });
    }
  }
  if (loads.length === 0) throw usageError('--batches and --lengths need a number each.');
  const repeats = checkWhole('--repeats', options.repeats ?? (quick ? 3 : 5), 1);
  const seconds = options.seconds ?? (quick ? 3 : 10);
  if (!(seconds > 0)) throw usageError(`--seconds is a number above 0, not ${seconds}.`);
  return {
    ...{ setups: setupsOf(options), loads, repeats, seconds, measures: measuresOf(options) },
    rows: rowsOf(options, quick ? 300 : 1000),
    seed: options.seed ?? 0,
    long: options.long ?? 'mean',
  };
}

export const rowsOf = ({ rows }: EmbeddersOptions, most: number): number =>
  checkWhole('--rows', rows ?? most, LEAST_ROWS);

function checkWhole(flag: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw usageError(`${flag} takes whole numbers from ${least}, not ${value}.`);
}
