import type { Vectors } from '../compute/vectors.ts';
import { type InputOptions, type Inputs, loadInputs } from './inputs.ts';

/** The vectors of a dataset, in the order of its rows. */
export interface Embedding {
  readonly n: number;
  readonly dims: number;
  /** Unit rows; with `space: 'euclidean'` vector inputs stay as they were read. */
  readonly vectors: Vectors;
  readonly ids: readonly string[];
  /** Tokens of each text before windowing or cutting; null for vectors. */
  readonly tokens: Int32Array | null;
  readonly embedder: Inputs['embedder'];
  readonly warnings: readonly string[];
}

/** Turns a dataset into vectors, from the cache where it has them. */
export async function embed(
  input: string | readonly string[],
  options: InputOptions = {},
): Promise<Embedding> {
  const inputs = await loadInputs([typeof input === 'string' ? [input] : input], options);
  try {
    const { rows, ids, tokens } = inputs.datasets[0]!.collected;
    const { embedder, warnings } = inputs;
    const { vectors } = rows;
    return { n: rows.n, dims: vectors.dims, vectors, ids, tokens, embedder, warnings };
  } finally {
    await inputs.close();
  }
}
