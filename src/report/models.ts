import { formatCount } from '../base/numbers.ts';
import type { ModelCard } from '../embed/embedder.ts';
import { wrap } from './text.ts';

/** The models that gamut knows, for people. */
export function renderModels(models: readonly ModelCard[]): string {
  return `${models.map(renderModel).join('\n\n')}\n`;
}

function renderModel(card: ModelCard): string {
  const { matryoshka: cuts = [], reads, prefix } = card;
  const dims = `${card.dims} dimensions${cuts.length > 0 ? ` (or ${cuts.join(', ')})` : ''}`;
  const reach =
    card.maxTokens >= 1_000_000 ? '' : `, up to ${formatCount(card.maxTokens)} tokens at once`;
  const more = [
    ...(prefix === '' ? [] : [`‘${prefix}’ before every row`]),
    ...(reads ? [`reads ${reads}`] : []),
  ];
  return [
    `${card.name}  (${card.title})`,
    ...wrap(`${dims}${reach}, ${card.pooling} pooling`, 76).map((line) => `    ${line}`),
    ...(more.length > 0 ? [`    ${more.join('; ')}`] : []),
    `    from ${card.source} ${card.revision}, ${card.licence}`,
    `    ${card.citation}`,
    ...(card.hash === '' ? [] : [`    ${card.hash}`]),
  ].join('\n');
}
