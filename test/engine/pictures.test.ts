import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { Graph } from '../../src/compute/graph.ts';
import { rowOf } from '../../src/compute/vectors.ts';
import { openImageModel } from '../../src/embed/image-model.ts';
import { embed } from '../../src/engine/embed.ts';
import { buildIndex, novelty } from '../../src/novelty/novelty.ts';
import { startHub } from '../support/hub.ts';
import { writeJson } from '../support/models.ts';

const SIDE = 8;
const MEAN = [0.5, 0.4, 0.3];
const STD = [0.2, 0.25, 0.5];

let root: string;
let model: string;
let pictures: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gamut-pictures-'));
  model = join(root, 'model');
  pictures = join(root, 'pictures');
  await writeEncoder(model);
  await mkdir(join(pictures, 'warm'), { recursive: true });
  await mkdir(join(pictures, 'cold'));
  await paint(join(pictures, 'warm', 'red.png'), [255, 0, 0]);
  await paint(join(pictures, 'warm', 'orange.webp'), [255, 128, 0]);
  await paint(join(pictures, 'cold', 'blue.png'), [0, 0, 255], 64, 20);
  await writeFile(join(pictures, 'notes.txt'), 'no picture');
});
afterAll(() => rm(root, { recursive: true }));

/** An encoder whose vector is the mean of each colour: what it was given can be told from it. */
async function writeEncoder(folder: string): Promise<void> {
  const graph = new Graph('colours');
  const pixels = graph.input('pixel_values', 'float32', ['b', 3, SIDE, SIDE]);
  const means = graph.op('ReduceMean', [pixels], { axes: [2, 3], keepdims: 0 });
  graph.output('image_embeds', means, 'float32', ['b', 3]);
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, 'onnx', 'vision_model.onnx'), graph.build());
  await writeJson(folder, 'preprocessor_config.json', {
    ...{ do_resize: true, size: { shortest_edge: SIDE }, resample: 3 },
    ...{ do_center_crop: true, crop_size: { height: SIDE, width: SIDE } },
    ...{ do_normalize: true, image_mean: MEAN, image_std: STD },
  });
}

type Colour = readonly [number, number, number];
async function paint(file: string, [r, g, b]: Colour, width = 12, height = 12): Promise<void> {
  const create = { width, height, channels: 3 as const, background: { r, g, b } };
  const lossless = { lossless: true };
  const picture = sharp({ create });
  await (file.endsWith('.webp') ? picture.webp(lossless) : picture.png()).toFile(file);
}

function directionOf(colour: Colour): number[] {
  const scaled = colour.map((value, c) => (value / 255 - MEAN[c]!) / STD[c]!);
  const norm = Math.hypot(...scaled);
  return scaled.map((value) => value / norm);
}

const cache = (): string => join(root, 'cache');
const embedPictures = (more = {}) => embed(pictures, { model, cache: cache(), ...more });

describe('a folder of pictures', () => {
  test('becomes a unit vector a picture, by the path in it, in the order of paths', async () => {
    const { ids, vectors, embedder, tokens } = await embedPictures();
    expect(ids).toEqual(['cold/blue.png', 'warm/orange.webp', 'warm/red.png']);
    expect(tokens).toBeNull();
    expect(embedder).toMatchObject({ card: { name: 'model', reads: 'images' }, device: 'cpu' });
    const colours: Colour[] = [
      [0, 0, 255],
      [255, 128, 0],
      [255, 0, 0],
    ];
    for (const [i, colour] of colours.entries()) {
      for (const [c, value] of directionOf(colour).entries()) {
        expect(rowOf(vectors, i)[c]).toBeCloseTo(value, 3);
      }
    }
  });

  test('is embedded once: vectors are kept', async () => {
    const before = await embedPictures();
    const stages: number[] = [];
    const again = await embedPictures({
      onProgress: ({ done }: { done: number }) => stages.push(done),
    });
    expect(again.vectors).toEqual(before.vectors);
  });

  test('is audited like other vectors, with the folder as a label', async () => {
    const { report } = await audit(pictures, {
      ...{ model, cache: cache(), labels: 'folder', map: false },
      measures: 'vendi,cluster-entropy',
    });
    expect(report.dataset.rows).toBe(3);
    expect(report.embedder).toMatchObject({ model: 'model', device: 'cpu' });
    expect(report.measures.vendi!.value).toBeGreaterThan(1);
  });

  test('can be indexed, and others asked of', async () => {
    const index = join(root, 'index');
    await buildIndex(pictures, index, { model, cache: cache() });
    const { rows, share } = await novelty(pictures, { index, cache: cache() });
    expect(rows.map(({ distance }) => distance < 1e-6)).toEqual([true, true, true]);
    expect(share.value).toBe(0);
  });

  test('with a file that is no picture is refused by its name, or without it', async () => {
    const broken = join(root, 'broken');
    await mkdir(broken);
    await paint(join(broken, 'a.png'), [9, 9, 9]);
    await writeFile(join(broken, 'b.jpg'), 'not a picture');
    const refused = embed(broken, { model, cache: cache() });
    await expect(refused).rejects.toMatchObject({ kind: 'input' });
    await expect(refused).rejects.toThrow(/b\.jpg: it cannot be decoded.*--on-bad-row skip/);
    expect((await embed(broken, { model, cache: cache(), onBadRow: 'skip' })).n).toBe(1);
  });

  test('needs an image encoder, and takes no flags for texts', async () => {
    await expect(embed(pictures, { cache: cache() })).rejects.toThrow(/name an image encoder/);
    await expect(embed(pictures, { model: 'use-lite' })).rejects.toMatchObject({ kind: 'usage' });
    await expect(embedPictures({ prefix: 'x' })).rejects.toThrow(/--prefix is for texts/);
    await expect(embed(pictures, { model: root })).rejects.toThrow(/no preprocessor_config\.json/);
    await expect(embed([pictures, pictures], { model })).rejects.toThrow(/dataset by itself/);
  });

  test('that has none is a folder as before', async () => {
    const empty = join(root, 'empty');
    await mkdir(empty, { recursive: true });
    await expect(embed(empty, { model })).rejects.toThrow(/is a folder/);
  });
});

test('grey, transparent and turned pictures are read', async () => {
  const encoder = await openImageModel(model);
  const create = {
    width: 6,
    height: 4,
    channels: 4 as const,
    background: { r: 255, g: 0, b: 0, alpha: 0.5 },
  };
  const clear = await encoder.embed(await sharp({ create }).png().toBuffer());
  for (const [c, value] of directionOf([255, 0, 0]).entries())
    expect(clear[c]).toBeCloseTo(value, 3);
  const grey = await sharp({ create })
    .removeAlpha()
    .greyscale()
    .toColourspace('b-w')
    .png()
    .toBuffer();
  expect(await encoder.embed(grey)).toHaveLength(3);
  await encoder.close();
});

test('an encoder of the hub is fetched', async () => {
  const hub = await startHub('org/encoder', model);
  vi.stubEnv('HF_ENDPOINT', hub.url);
  const asked = { model: 'org/encoder', cache: join(root, 'hub-cache') };
  const { embedder } = await embed(pictures, asked);
  expect(embedder!.card.revision).toBe(hub.commit);
  const count = hub.log.length;
  await embed(pictures, { ...asked, offline: true });
  expect(hub.log).toHaveLength(count);
  vi.unstubAllEnvs();
  await hub.close();
});
