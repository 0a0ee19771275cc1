import { checkKind, checkVersion, embeddingLike, type Saved } from '../engine/embedded-as.ts';
import { type InputOptions, type Inputs, loadInputs } from '../engine/inputs.ts';
import { snippet } from '../engine/reread.ts';
import type { Value } from '../measures/measure.ts';
import { meanValue } from '../measures/value.ts';
import {
  addToIndex,
  type IndexCard,
  loadIndex,
  type SavedIndex,
  saveIndex,
} from './saved-index.ts';

/** How new one row is to what is indexed. */
export interface NoveltyRow {
  readonly id: string;
  /** The beginning of its text; null for vectors. */
  readonly text: string | null;
  /** Cosine distance to the nearest indexed row. */
  readonly distance: number;
  /** Farther than the indexed rows are from each other: beyond their own 95th percentile. */
  readonly novel: boolean;
  readonly nearest: { readonly id: string; readonly text: string | null };
}

export interface Novelty {
  readonly index: IndexCard;
  /** Share of rows that are novel. */
  readonly share: Value;
  /** Mean distance to the nearest indexed row. */
  readonly distance: Value;
  /** In the order of the input. */
  readonly rows: readonly NoveltyRow[];
}

export interface NoveltyOptions extends InputOptions {
  /** A folder that `buildIndex` or an audit's `saveIndex` wrote. */
  readonly index: string;
}

/** Indexes a dataset and saves the index in a folder. */
export async function buildIndex(
  input: string | readonly string[],
  folder: string,
  options: InputOptions = {},
): Promise<IndexCard> {
  const inputs = await loadInputs([typeof input === 'string' ? [input] : input], options);
  try {
    const { signal, onProgress, seed = 0 } = options;
    return await saveIndex(folder, inputs.datasets[0]!, inputs, {
      seed,
      signal,
      onProgress,
    });
  } finally {
    await inputs.close();
  }
}

/** Adds the rows of a dataset, embedded as the others were, to a saved index. */
export async function extendIndex(
  input: string | readonly string[],
  folder: string,
  options: InputOptions = {},
): Promise<IndexCard> {
  const saved = await loadIndex(folder);
  const inputs = await inputsLike(saved, folder, input, options);
  try {
    const { signal, onProgress } = options;
    return await addToIndex(folder, saved, inputs.datasets[0]!, { signal, onProgress });
  } finally {
    await inputs.close();
  }
}

/** Reads a dataset and embeds it as an index's rows were; refuses what cannot be held against them. */
async function inputsLike(
  { card }: SavedIndex,
  folder: string,
  input: string | readonly string[],
  options: InputOptions,
  see?: Parameters<typeof loadInputs>[2],
): Promise<Inputs> {
  const saved: Saved = {
    what: `The index in ${folder}`,
    ...{ how: card.embedder, dims: card.dims },
    remedy: 'write it again with gamut index',
  };
  const inputs = await loadInputs(
    [typeof input === 'string' ? [input] : input],
    { ...options, ...embeddingLike(saved, options) },
    see,
    ([dataset]) => checkKind(saved, dataset!),
  );
  try {
    checkVersion(saved, inputs);
    return inputs;
  } catch (error) {
    await inputs.close();
    throw error;
  }
}

/** Tells how new each row of a dataset is to a saved index. */
export async function novelty(
  input: string | readonly string[],
  options: NoveltyOptions,
): Promise<Novelty> {
  const saved = await loadIndex(options.index);
  const { card } = saved;
  const texts: (string | null)[] = [];
  const inputs = await inputsLike(saved, options.index, input, options, (_, rows) => {
    for (const { text } of rows) texts.push(snippet(text));
  });
  try {
    const { collected } = inputs.datasets[0]!;
    const { unit } = collected.rows;
    const { signal, onProgress } = options;
    const found = await saved.graph.search(unit, 1, { signal, onProgress });
    const rows = collected.ids.map((id, i): NoveltyRow => {
      const distance = found.distances[i]!;
      const nearest = saved.rows[found.ids[i]!]!;
      const text = texts[i]!;
      return { id, text, distance, novel: distance > card.ownDistance95, nearest };
    });
    const { groups, sizes } = collected.rows;
    const set = { n: rows.length, groups, sizes };
    return {
      index: card,
      share: meanValue(
        rows.map(({ novel }) => (novel ? 1 : 0)),
        set,
        [0, 1],
      ),
      distance: meanValue(
        rows.map(({ distance }) => distance),
        set,
        [0, 2],
      ),
      rows,
    };
  } finally {
    await inputs.close();
  }
}
