import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { writeMap } from '../../../src/report/map-files.ts';
import { sceneOf } from '../../../src/report/plot/scene.ts';
import { svg } from '../../../src/report/plot/svg.ts';
import { fixtures } from '../../data/helpers.ts';
import { projectionOf } from './projections.ts';

const { path } = fixtures();

async function svgOf(...[scene]: [Awaited<ReturnType<typeof sceneOf>>]): Promise<string> {
  let whole = '';
  for await (const part of svg(scene)) whole += part;
  return whole;
}

const topics = ['sea', 'food', '<script>alert(1)</script>', 'a & "b"', 'line\nbreak'];
const COLUMNS = {
  topic: (i: number) => topics[i % 5]!,
  score: (i: number) => (i % 10 === 0 ? null : i),
  level: (i: number) => i % 3,
};

describe('a picture', () => {
  test('as SVG has every point, the title, the names, and no markup of the data', async () => {
    const projection = await projectionOf(path, 200, COLUMNS, { labels: 'topic' });
    const image = await svgOf(await sceneOf(projection, { title: 'A & <b>' }));
    expect(image.match(/h0/g)).toHaveLength(200);
    expect(image).toContain('<title>A &amp; &lt;b&gt;</title>');
    expect(image).toContain('&lt;script&gt;');
    expect(image).not.toContain('<script');
    expect(image).toContain('>sea</text>');
    // Rasterising it is parsing it: what is not well-formed is refused.
    const { width, height } = await sharp(Buffer.from(image)).metadata();
    expect([width, height]).toEqual([1200, 900]);
    await projection.close();
  });

  test('as PNG has the size that is asked for, and the same bytes each time', async () => {
    const projection = await projectionOf(path, 60);
    const options = { width: 300, height: 240, scale: 1.5, theme: 'dark' } as const;
    await writeMap(path('a.png'), projection, options);
    await writeMap(path('b.png'), projection, options);
    const { width, height } = await sharp(path('a.png')).metadata();
    expect([width, height]).toEqual([450, 360]);
    expect(readFileSync(path('a.png'))).toEqual(readFileSync(path('b.png')));
    const { data } = await sharp(path('a.png')).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([19, 21, 24]);
    await projection.close();
  });

  test('has the colours of a column: amounts on a scale, few whole numbers and words as names', async () => {
    const projection = await projectionOf(path, 90, COLUMNS);
    const scale = await sceneOf(projection, { color: 'score' });
    expect(scale.bar).not.toBeNull();
    expect(scale.texts.map(({ text }) => text)).toContain('score');
    expect(scale.points.colour[0]).toBe(scale.points.colours.length - 1);
    expect(scale.points.colour[1]).toBeLessThan(scale.points.colour[89]!);
    const levels = await sceneOf(projection, { color: 'level' });
    expect(levels.bar).toBeNull();
    expect(levels.dots).toHaveLength(3);
    expect(new Set(levels.points.colour).size).toBe(3);
    const density = await sceneOf(projection, { color: 'density' });
    expect(density.texts.map(({ text }) => text)).toContain('Density');
    await expect(sceneOf(projection, { color: 'nope' })).rejects.toThrow(
      '--color nope: there is no such column (columns: cluster, density, nn_distance, influence, topic, score, level).',
    );
    await projection.close();
  });

  test.each([1, 2, 3])('of %i rows is one', async (n) => {
    const projection = await projectionOf(path, n);
    const image = await svgOf(await sceneOf(projection));
    expect(image.match(/h0/g)).toHaveLength(n);
    expect(image).not.toContain('NaN');
    await projection.close();
  });

  test('of very many rows has its points as an image, not as shapes', async () => {
    const projection = await projectionOf(path, 40);
    const scene = await sceneOf(projection, { width: 400, height: 300 });
    const n = 30_000;
    const { points } = scene;
    const many = Float32Array.from({ length: n }, (_, i) => (i * 7) % 300);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const crowd = { ...points, x: many, y: many, order, colour: new Uint16Array(n) };
    const image = await svgOf({ ...scene, points: crowd });
    expect(image).toContain('href="data:image/png;base64,');
    expect(image).not.toContain('h0');
    expect(image.length).toBeLessThan(500_000);
    await projection.close();
  });
});

describe('a map as a file', () => {
  test('of Vega-Lite has its data beside it', async () => {
    const projection = await projectionOf(path, 50, COLUMNS);
    await writeMap(path('map.vl.json'), projection, { color: 'score', columns: ['topic'] });
    const spec = JSON.parse(readFileSync(path('map.vl.json'), 'utf8'));
    expect(spec.data).toEqual({ url: 'map.vl.csv', format: { type: 'csv' } });
    expect(spec.encoding.color).toMatchObject({ field: 'score', type: 'quantitative' });
    const [header, ...rows] = readFileSync(path('map.vl.csv'), 'utf8').trimEnd().split('\n');
    expect(header!.split(',')).toEqual(expect.arrayContaining(['x', 'y', 'score', 'topic']));
    expect(rows.length).toBeGreaterThanOrEqual(50);
    await projection.close();
  });

  test('of coordinates alone is what the layout holds', async () => {
    const projection = await projectionOf(path, 50);
    await writeMap(path('map.npy'), projection);
    const bytes = readFileSync(path('map.npy'));
    const floats = new Float32Array(new Uint8Array(bytes.subarray(-50 * 2 * 4)).buffer);
    expect(floats).toEqual(projection.layout);
    await projection.close();
  });
});
