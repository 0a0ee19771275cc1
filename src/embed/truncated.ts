import { usageError } from '../base/errors.ts';
import type { Embedder } from './embedder.ts';
import { normalise } from './windows.ts';

/**
 * The first dimensions of another embedder's vectors, of length one again: what models trained for it
 * (Matryoshka representation learning, Kusupati et al. 2022, arXiv 2205.13147) are still good with.
 */
export function truncated(embedder: Embedder, dims: number): Embedder {
  const { card } = embedder;
  if (dims > embedder.dims) {
    throw usageError(
      `--dims ${dims} is more than the model ${card.name} has: its vectors have ${embedder.dims} dimensions.`,
    );
  }
  if (dims === embedder.dims) return embedder;
  const trained = card.matryoshka ?? [];
  const warnings: string[] = [];
  if (!trained.includes(dims)) {
    const known =
      trained.length > 0
        ? `it was trained for ${trained.join(', ')}`
        : 'nothing says that it was trained to be cut';
    warnings.push(`The first ${dims} dimensions of ${card.name} may mean little: ${known}.`);
  }
  return {
    ...embedder,
    card: { ...card, dims },
    dims,
    get warnings() {
      return [...(embedder.warnings ?? []), ...warnings];
    },
    fingerprint: `${embedder.fingerprint} dims ${dims}`,
    async embed(texts, options) {
      const { vectors, ...rest } = await embedder.embed(texts, options);
      const cut = new Float32Array(texts.length * dims);
      for (let row = 0; row < texts.length; row += 1) {
        const from = row * embedder.dims;
        const into = cut.subarray(row * dims, (row + 1) * dims);
        into.set(vectors.subarray(from, from + dims));
        normalise(into);
      }
      return { ...rest, vectors: cut };
    },
  };
}
