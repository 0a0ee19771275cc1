import { cacheFolder } from '../base/cache.ts';
import { inputError, usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import { type Device, type DeviceChoice, openDevice } from '../compute/device.ts';
import { openDataset } from '../data/open.ts';
import type { Dataset, Row } from '../data/row.ts';
import type { Embedder, LongTexts, ModelCard } from '../embed/embedder.ts';
import { loadEmbedder, type ModelOptions, modelKey } from '../embed/models.ts';
import { openVectorStore, type VectorStore } from '../embed/store.ts';
import { TextSample, unreadWarning } from '../embed/unread.ts';
import { type Collected, collect, nameOf, type Space } from './collect.ts';
import { openPictures } from './pictures.ts';
import { openScorers, type ScorerReport, type Scoring } from './scoring.ts';

/** What every verb that reads data can be told about it. */
export interface InputOptions extends RunOptions, ModelOptions {
  /** A template such as '{instruction}\n{output}' or a column's name; found from the data when absent. */
  readonly text?: string | undefined;
  /** Default 'use-lite', the embedded model. */
  readonly model?: string | undefined;
  /** Where to compute: a name, or a device that is open already. Default 'cpu'. */
  readonly device?: DeviceChoice | Device | undefined;
  /** Default 'fail'. */
  readonly onBadRow?: 'fail' | 'skip' | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Default 'cosine'. */
  readonly space?: Space | undefined;
}

export const DEFAULT_MODEL = 'use-lite';

export interface Loaded {
  readonly dataset: Dataset;
  readonly collected: Collected;
}

export interface Inputs {
  /** Open until `close`. */
  readonly device: Device;
  readonly datasets: readonly Loaded[];
  /** How texts were embedded; null when every input was vectors. */
  readonly embedder: {
    readonly card: ModelCard;
    readonly device: string;
    readonly fingerprint: string;
    readonly long: LongTexts;
    /** What to ask for to get the same vectors again. */
    readonly asked: { readonly model: string } & Pick<ModelOptions, 'dtype' | 'dims' | 'prefix'>;
  } | null;
  /** Models that gave rows numbers; absent where none did. */
  readonly scorers?: readonly ScorerReport[];
  /** Things that did not stop the reading but that a reader of the result must know. */
  readonly warnings: readonly string[];
  /** Closes the device and removes what was spooled for reading again. */
  close(): Promise<void>;
}

/**
 * Opens every set of inputs, so that errors come before work, then reads and embeds each once. Sets
 * must be comparable: all texts, or all vectors of one width. `check` may refuse them before any is read.
 * `scoring` are models that give rows numbers beside.
 */
export async function loadInputs(
  sets: readonly (readonly string[])[],
  options: InputOptions,
  onRows?: (set: number, rows: readonly Row[]) => void,
  check?: (opened: readonly Dataset[]) => void | Promise<void>,
  scoring: Scoring | null = null,
): Promise<Inputs> {
  const device = await openDevice(options.device);
  const opened: Dataset[] = [];
  const close = async (): Promise<void> => {
    for (const dataset of opened) await dataset.close();
    await device.close();
  };
  try {
    const pictures = await openPictures(sets, { ...options, device });
    if (pictures !== null && scoring !== null) {
      await pictures.datasets[0]!.close();
      throw usageError('--language-model and --quality-model are for texts, not for pictures.');
    }
    if (pictures !== null) {
      opened.push(...pictures.datasets);
      await check?.(opened);
      const { embedder, warnings } = pictures;
      const datasets = await collectAll(opened, options, onRows, null);
      return { datasets, embedder, warnings, device, close };
    }
    for (const paths of sets) {
      opened.push(
        await openDataset(paths, {
          text: options.text,
          onBadRow: options.onBadRow,
          refuseZeroVectors: (options.space ?? 'cosine') === 'cosine',
          signal: options.signal,
        }),
      );
    }
    checkComparable(opened);
    await check?.(opened);
    const read = opened[0]?.kind === 'text' ? embedTexts : takeVectors;
    const whole = { ...options, device };
    if (scoring === null) return { ...(await read(opened, whole, onRows)), device, close };
    if (read === takeVectors) {
      const flag = scoring.language === null ? '--quality-model' : '--language-model';
      throw usageError(
        `${flag} is for texts, and ${nameOf(opened[0]!)} holds vectors; leave it out.`,
      );
    }
    const scorers = await openScorers(scoring, whole);
    try {
      const found = await read(opened, whole, onRows);
      const datasets: Loaded[] = [];
      for (const { dataset, collected } of found.datasets) {
        const rows = await scorers.read(collected.rows);
        datasets.push({ dataset, collected: { ...collected, rows } });
      }
      const warnings = [...found.warnings, ...scorers.warnings];
      return { ...found, datasets, scorers: scorers.reports, warnings, device, close };
    } finally {
      await scorers.close();
    }
  } catch (error) {
    await close();
    throw error;
  }
}

type OnRows = ((set: number, rows: readonly Row[]) => void) | undefined;
type Read = Omit<Inputs, 'device' | 'close'>;

/** Reads and embeds datasets of texts that are open. */
export async function embedTexts(
  opened: readonly Dataset[],
  options: InputOptions,
  onRows?: OnRows,
): Promise<Read> {
  const embedder = await loadEmbedder(options.model ?? DEFAULT_MODEL, options);
  const folder = cacheFolder(options.cache);
  const store = embedder.cheap
    ? null
    : await openVectorStore(folder, embedder.fingerprint, embedder.dims);
  const warnings: string[] = [];
  try {
    const totals: number[] = [];
    const sample = new TextSample();
    for (const dataset of opened) totals.push(await countRows(dataset, sample, options.signal));
    const unread = unreadWarning(embedder, sample.texts());
    if (unread !== null) warnings.push(unread);
    const datasets = await collectAll(opened, options, onRows, { embedder, store, totals });
    if (store !== null && store.damagedBlocks > 0) {
      warnings.push(
        `${store.damagedBlocks} damaged block(s) in the vector store were ignored and embedded again.`,
      );
    }
    if (store !== null && store.failure !== null) {
      warnings.push(
        `Vectors could not be kept in ${folder} for the next run: ${store.failure}. Name another folder with --cache.`,
      );
    }
    const { card, device, fingerprint, long } = embedder;
    const { dtype, dims, prefix } = options;
    const asked = { model: modelKey(options.model ?? DEFAULT_MODEL), dtype, dims, prefix };
    return {
      datasets,
      embedder: { card, device, fingerprint, long, asked },
      warnings: [...(embedder.warnings ?? []), ...warnings],
    };
  } finally {
    await store?.close();
    await embedder.close();
  }
}

/**
 * Reads every row before any is embedded, which costs far less: what is broken near the end of a
 * dataset is said before work starts, and progress knows how much there is.
 */
async function countRows(
  dataset: Dataset,
  sample: TextSample,
  signal: AbortSignal | undefined,
): Promise<number> {
  let rows = 0;
  for await (const { text } of dataset.rows({ signal })) {
    rows += 1;
    if (text !== null) sample.add(text);
  }
  return rows;
}

async function takeVectors(
  opened: readonly Dataset[],
  options: InputOptions,
  onRows: OnRows,
): Promise<Read> {
  const idle = (['model', 'dtype', 'dims', 'prefix'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (idle !== undefined) {
    throw usageError(
      `--${idle} is for texts, and ${nameOf(opened[0]!)} holds vectors; leave it out.`,
    );
  }
  return {
    datasets: await collectAll(opened, options, onRows, null),
    embedder: null,
    warnings: [],
  };
}

async function collectAll(
  opened: readonly Dataset[],
  options: InputOptions,
  onRows: OnRows,
  embedding: {
    readonly embedder: Embedder;
    readonly store: VectorStore | null;
    readonly totals: readonly number[];
  } | null,
): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const [set, dataset] of opened.entries()) {
    const collected = await collect(dataset, {
      seed: options.seed ?? 0,
      space: options.space ?? 'cosine',
      embedder: embedding?.embedder ?? null,
      store: embedding?.store ?? null,
      total: embedding?.totals[set],
      signal: options.signal,
      onProgress: options.onProgress,
      onRows: onRows === undefined ? undefined : (rows) => onRows(set, rows),
    });
    loaded.push({ dataset, collected });
  }
  return loaded;
}

function checkComparable(opened: readonly Dataset[]): void {
  const first = opened[0];
  for (const other of opened.slice(1)) {
    if (other.kind !== first!.kind) {
      throw inputError(
        `${nameOf(first!)} holds ${first!.kind} and ${nameOf(other)} holds ${other.kind}; both must be of one kind.`,
      );
    }
    if (other.dims !== first!.dims) {
      throw inputError(
        `${nameOf(first!)} has vectors of ${first!.dims} dimensions and ${nameOf(other)} of ${other.dims}; embed both with one model.`,
      );
    }
  }
}
