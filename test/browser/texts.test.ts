import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { textsOf } from '../../src/report/html/client/texts.ts';

const ROWS = 2;
const points = {
  ...{ count: 5, block: ROWS, fields: [] },
  ...{ x: new Float32Array(5), y: new Float32Array(5), cluster: new Uint16Array(5) },
};
const IDS = ['a', 'b', 'c', 'd', 'e'];
const TEXTS = ['one', null, 'three', 'four', 'five'];
const BLOCKS = [0, 2, 4].map((from) => {
  const part = { ids: IDS.slice(from, from + ROWS), texts: TEXTS.slice(from, from + ROWS) };
  return gzipSync(JSON.stringify(part)).toString('base64');
});

let opened = 0;

/** A page that holds these blocks, where each stream that unpacks one is counted. */
function hold(blocks: readonly string[]): void {
  const block = { textContent: blocks.join('\n') };
  vi.stubGlobal('document', { readyState: 'complete', getElementById: () => block });
}

beforeEach(() => {
  opened = 0;
  class Counted extends DecompressionStream {
    constructor(format: CompressionFormat) {
      super(format);
      opened += 1;
    }
  }
  vi.stubGlobal('DecompressionStream', Counted);
  hold(BLOCKS);
});
afterEach(() => vi.unstubAllGlobals());

test('the text of one point is had from its own block alone', async () => {
  const { known, has, need } = textsOf(points);
  await need(4);
  expect(IDS.map((_, point) => has(point))).toEqual([false, false, false, false, true]);
  expect([known.ids[4], known.texts[4], known.ids[0]]).toEqual(['e', 'five', undefined]);
  expect(opened).toBe(1);
});

test('all texts are had by opening each block once', async () => {
  const { need, all } = textsOf(points);
  await Promise.all([need(2), need(3)]);
  expect(opened).toBe(1);
  expect(await Promise.all([all(), all()])).toEqual([
    { ids: IDS, texts: TEXTS },
    { ids: IDS, texts: TEXTS },
  ]);
  expect(opened).toBe(3);
});

test('a block that is broken or not there is told, and the others are to be had', async () => {
  for (const broken of ['H4sIAAAA', '', '%']) {
    hold(BLOCKS.with(1, broken));
    const { need, all, has } = textsOf(points);
    await expect(need(2)).rejects.toThrow();
    await expect(all()).rejects.toThrow();
    await need(4);
    expect([has(0), has(2), has(4)]).toEqual([true, false, true]);
  }
});
