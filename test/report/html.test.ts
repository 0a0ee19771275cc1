import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildView } from '../../src/report/html/build-view.ts';
import { packPoints, packTexts, TEXT_ROWS } from '../../src/report/html/points.ts';
import { renderHtml } from '../../src/report/html.ts';
import { clumpedMap } from './clumped.ts';
import { collapsedReport } from './fixture.ts';
import { HOSTILE } from './hostile.ts';
import { abouts } from './measured.ts';

const html = renderHtml(collapsedReport(), clumpedMap(), abouts);

describe('the file', () => {
  test('is the same for the same report', () => {
    expect(renderHtml(collapsedReport(), clumpedMap(), abouts)).toBe(html);
  });

  test('allows its own style and script by hash and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[\w+/=]+';/);
    expect(policy).toMatch(/style-src 'sha256-[\w+/=]+';/);
    expect(policy).not.toContain('unsafe');
  });

  test('is plain ASCII, whatever the rows say', () => {
    expect(html).toMatch(/^[\n\x20-\x7e]+$/);
  });

  test('has nothing of a dataset outside inert blocks, and no tag inside them', () => {
    const blocks = [
      ...html.matchAll(/<script type="(?:application\/json|text\/plain)"[^>]*>([^<]*)<\/script>/g),
    ];
    expect(blocks).toHaveLength(3);
    const outside = html.replace(blocks[0]![0], '');
    for (const text of HOSTILE) expect(outside).not.toContain(text);
  });

  test('holds a script that cannot be closed from within', () => {
    const script =
      /<script type="module" async>([\s\S]*)<\/script>\n<script type="text\/plain" id="texts">/.exec(
        html,
      )?.[1] ?? '';
    expect(script.length).toBeGreaterThan(1000);
    expect(script).not.toMatch(/<\/script|<!--/i);
    expect(script).not.toMatch(/^(?:import|export) /m);
  });

  test('can be written without a map', () => {
    expect(renderHtml(collapsedReport(), null, abouts)).not.toContain('id="points"');
  });
});

describe('the view', () => {
  const view = buildView(collapsedReport(), clumpedMap(400, 50), abouts);
  const measures = view.axes.flatMap((axis) => [...axis.key, ...axis.rest]);
  const measure = (id: string) => measures.find((one) => one.id === id)!;

  test('has every measure once', () => {
    expect(measures.map(({ id }) => id).sort()).toEqual(Object.keys(abouts).sort());
  });

  test('places a value in its range, which may end at the rows, dimensions or clusters', () => {
    expect(measure('vendi').bar).toMatchObject({ at: 11.347 / 319, low: '1', high: '320' });
    expect(measure('effective-rank').bar?.high).toBe('512');
    expect(measure('effective-clusters').bar?.high).toBe('18');
  });

  test('draws no bar for a measure without bounds or without a value', () => {
    expect(measure('cluster-entropy').bar).toBeNull();
    expect(measure('log-det')).toMatchObject({ bar: null, value: '–' });
    expect(measure('log-det').note).toContain('rank of the covariance');
  });

  test('names the measures that a finding rests on', () => {
    expect(view.findings[0]!.evidence[0]).toEqual({
      target: 'measure-vendi',
      title: 'Vendi score',
    });
  });

  test('says when the map shows a sample', () => {
    expect(view.map?.caption).toMatch(/^All 400 rows, and 50 of the reference/);
    const sampled = buildView(collapsedReport(), { ...clumpedMap(400, 0), of: 90_000 }, abouts);
    expect(sampled.map?.caption).toMatch(/^400 of 90\u202f000 rows, drawn at random/);
  });
});

describe('the points', () => {
  const map = clumpedMap(40, 10);

  test('keep their shape, positions to a 65,535th of the longer side, and clusters', () => {
    const bytes = gunzipSync(Buffer.from(packPoints(map), 'base64'));
    const left = Math.min(...map.x);
    const bottom = Math.min(...map.y);
    const span = Math.max(Math.max(...map.x) - left, Math.max(...map.y) - bottom);
    for (let i = 0; i < 50; i += 1) {
      const x = bytes.readUInt16LE(2 * i) / 65_535;
      const y = bytes.readUInt16LE(2 * (50 + i)) / 65_535;
      expect(x).toBeCloseTo((map.x[i]! - left) / span, 4);
      expect(y).toBeCloseTo((map.y[i]! - bottom) / span, 4);
      expect(bytes.readUInt16LE(2 * (100 + i))).toBe(i < 40 ? map.cluster[i] : 0xffff);
    }
  });

  test('carry their texts, a block for so many rows', () => {
    const many = clumpedMap(TEXT_ROWS, 1);
    const blocks = packTexts(many)
      .split('\n')
      .map((block) => JSON.parse(gunzipSync(Buffer.from(block, 'base64')).toString()));
    expect(blocks.flatMap(({ ids }) => ids)).toEqual(many.ids);
    expect(blocks.map(({ texts }) => texts.length)).toEqual([TEXT_ROWS, 1]);
    expect(blocks[1].texts).toEqual([many.texts[TEXT_ROWS]]);
  });

  test('may all lie in one place', () => {
    const same = { ...map, x: new Float32Array(50).fill(3), y: new Float32Array(50).fill(-2) };
    expect(gunzipSync(Buffer.from(packPoints(same), 'base64')).readUInt16LE(0)).toBe(0);
  });
});
