import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { normaliseRows, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import { neighbourGraph } from '../../src/neighbours/graph.ts';
import type { NeighbourGraph } from '../../src/neighbours/neighbours.ts';
import { layoutCurve } from '../../src/project/curve.ts';
import { wasmLayout } from '../../src/project/engines/wasm.ts';
import { fuzzySet } from '../../src/project/fuzzy.ts';
import { ENGINES, umapLayout } from '../../src/project/umap.ts';
import { clusteredRows, gaussianRows, reorder } from '../support/data.ts';

const DIMS = 16;

function unitRows(data: Float32Array): Vectors {
  const unit = data.slice();
  normaliseRows(unit, DIMS);
  return vectorsOf(unit, DIMS);
}

/** Share of each row's 10 nearest rows that are among its 10 nearest on the map, over some rows. */
function preservation(layout: Float32Array, graph: NeighbourGraph): number {
  const n = layout.length / 2;
  let kept = 0;
  let all = 0;
  for (let i = 0; i < n; i += Math.ceil(n / 200)) {
    const near = Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i)
      .map((j) => {
        const dx = layout[2 * i]! - layout[2 * j]!;
        const dy = layout[2 * i + 1]! - layout[2 * j + 1]!;
        return { j, d: dx * dx + dy * dy };
      })
      .sort((a, b) => a.d - b.d)
      .slice(0, 10)
      .map(({ j }) => j);
    const listed = new Set(graph.ids.subarray(i * graph.k, i * graph.k + 10));
    kept += near.filter((j) => listed.has(j)).length;
    all += 10;
  }
  return kept / all;
}

describe.each(ENGINES)('the %s engine', (engine) => {
  const unit = unitRows(clusteredRows(600, DIMS, 8, 0.5, 3));

  test('keeps neighbours together, far better than chance', async () => {
    const graph = await neighbourGraph(unit, 15);
    const { places: layout } = await umapLayout(unit, graph, { seed: 1, engine, epochs: 200 });
    expect(layout.every(Number.isFinite)).toBe(true);
    expect(preservation(layout, graph)).toBeGreaterThan(0.25);
  });

  test('gives the same map for the same seed and another for another', async () => {
    const graph = await neighbourGraph(unit, 15);
    const options = { engine, epochs: 30 };
    const once = await umapLayout(unit, graph, { ...options, seed: 1 });
    expect(await umapLayout(unit, graph, { ...options, seed: 1 })).toEqual(once);
    expect(await umapLayout(unit, graph, { ...options, seed: 2 })).not.toEqual(once);
  });

  test('takes equal rows, and fewer rows than a neighbourhood', async () => {
    const copies = unitRows(gaussianRows(1, DIMS, 1));
    const same = unitRows(
      Float32Array.from({ length: 40 * DIMS }, (_, i) => copies.blocks[0]![i % DIMS]!),
    );
    for (const rows of [
      same,
      unitRows(gaussianRows(7, DIMS, 2)),
      unitRows(gaussianRows(2, DIMS, 2)),
    ]) {
      const graph = await neighbourGraph(rows, 15);
      const { places: layout } = await umapLayout(rows, graph, { seed: 0, engine, epochs: 20 });
      expect(layout).toHaveLength(2 * rows.n);
      expect(layout.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the wasm engine', () => {
  const n = 6000;
  const unit = unitRows(clusteredRows(n, DIMS, 20, 0.6, 4));
  const { a, b } = layoutCurve(0.1, 1);
  const uniform = random(1);
  const start = (components: 2 | 3): Float32Array =>
    Float32Array.from({ length: components * n }, () => 20 * uniform() - 10);

  async function edges() {
    const graph = await neighbourGraph(unit, 14);
    return { graph, set: fuzzySet(graph.ids, graph.distances, n, 14) };
  }

  test.each([2, 3] as const)(
    'in %i dimensions: the same bytes on any number of threads',
    async (components) => {
      const { set } = await edges();
      const from = start(components);
      const options = { components, epochs: 20, a, b, seed: 5 };
      const one = await wasmLayout(set, from, { ...options, threads: 1 });
      for (const threads of [2, 3]) {
        expect(await wasmLayout(set, from, { ...options, threads })).toEqual(one);
      }
    },
  );

  test('the plain build lays out as well as the one with vectors', async () => {
    const { graph, set } = await edges();
    const from = start(2);
    const options = { components: 2 as const, epochs: 100, a, b, seed: 5 };
    const [simd, scalar] = await Promise.all(
      (['simd', 'scalar'] as const).map((build) => wasmLayout(set, from, { ...options, build })),
    );
    const kept = preservation(simd!, graph);
    expect(kept).toBeGreaterThan(0.1);
    expect(Math.abs(kept - preservation(scalar!, graph))).toBeLessThan(0.03);
  });

  test('rows that lie together in the file are laid out as well as mixed ones', async () => {
    const together = new Float32Array(n * DIMS);
    for (let c = 0; c < 20; c += 1)
      together.set(clusteredRows(300, DIMS, 1, 0.6, c), c * 300 * DIMS);
    const order = Array.from({ length: n }, (_, i) => (i % 20) * 300 + Math.floor(i / 20));
    const from = start(2);
    const options = { components: 2 as const, epochs: 100, a, b, seed: 5 };
    const kept: number[] = [];
    for (const rows of [together, reorder(together, DIMS, order)]) {
      const graph = await neighbourGraph(unitRows(rows), 14);
      const set = fuzzySet(graph.ids, graph.distances, n, 14);
      kept.push(preservation(await wasmLayout(set, from, options), graph));
    }
    expect(Math.abs(kept[0]! - kept[1]!)).toBeLessThan(0.03);
  });

  test.each([1, 2, 3, 9])('takes %i rows', async (count) => {
    const [offsets, columns] = [[0], [] as number[]];
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < count; j += 1) if (j !== i) columns.push(j);
      offsets.push(columns.length);
    }
    const set = {
      n: count,
      offsets: Int32Array.from(offsets),
      columns: Int32Array.from(columns),
      weights: new Float32Array(columns.length).fill(1),
    };
    for (const components of [2, 3] as const) {
      const from = Float32Array.from({ length: components * count }, (_, i) => i);
      const options = { components, epochs: 20, a, b, seed: 5 };
      const one = await wasmLayout(set, from, { ...options, threads: 1 });
      expect(one).toHaveLength(components * count);
      expect(one.every(Number.isFinite)).toBe(true);
    }
  });

  test('stops when it is told to', async () => {
    const { set } = await edges();
    const controller = new AbortController();
    const options = { components: 2 as const, epochs: 500, a, b, seed: 5 };
    const laid = wasmLayout(set, start(2), {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done >= 3) controller.abort();
      },
    });
    await expect(laid).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
