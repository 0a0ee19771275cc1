import type { ModelCard } from '../embed/embedder.ts';

/** The models that gamut knows, for people. */
export function renderModels(models: readonly ModelCard[]): string {
  const blocks = models.map((card) =>
    [
      `${card.name}  (${card.title})`,
      `    ${card.dims} dimensions, up to ${card.maxTokens} tokens at once, ${card.pooling} pooling`,
      `    from ${card.source} ${card.revision}, ${card.licence}`,
      `    ${card.citation}`,
      `    ${card.hash}`,
    ].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}
