import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { gaussian, random } from '../../src/base/random.ts';
import {
  connectedComponents,
  type Edges,
  edgesOfLists,
  minimumForest,
  minimumTree,
  TREE_ROWS,
} from '../../src/compute/forest.ts';
import { rowOf, squaredDistance, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import type { WasmBuild } from '../../src/compute/wasm.ts';

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

const BUILDS: readonly WasmBuild[] = ['simd', 'scalar'];

const edgesOf = (...list: readonly (readonly [number, number, number])[]): Edges => ({
  from: Int32Array.from(list, ([from]) => from),
  to: Int32Array.from(list, ([, to]) => to),
  weights: Float64Array.from(list, ([, , weight]) => weight),
});

function randomEdges(n: number, m: number, seed: number): Edges {
  const uniform = random(seed);
  const node = () => Math.floor(uniform() * n);
  return edgesOf(...Array.from({ length: m }, () => [node(), node(), gaussian(uniform)] as const));
}

function randomPoints(n: number, dims: number, seed: number): Vectors {
  const uniform = random(seed);
  return vectorsOf(
    Float32Array.from({ length: n * dims }, () => gaussian(uniform)),
    dims,
  );
}

/** Breadth first, one component after the other. */
function plainLabels(n: number, { from, to }: Pick<Edges, 'from' | 'to'>): Int32Array {
  const beside: number[][] = Array.from({ length: n }, () => []);
  for (const [i, a] of from.entries()) {
    beside[a]!.push(to[i]!);
    beside[to[i]!]!.push(a);
  }
  const labels = new Int32Array(n).fill(-1);
  let count = 0;
  for (let first = 0; first < n; first += 1) {
    if (labels[first] !== -1) continue;
    labels[first] = count;
    const queue = [first];
    for (const node of queue) {
      for (const other of beside[node]!) {
        if (labels[other] !== -1) continue;
        labels[other] = count;
        queue.push(other);
      }
    }
    count += 1;
  }
  return labels;
}

/** Prim's algorithm in its plainest form: the weights ½‖x − y‖² of the tree, ascending. */
function plainTree(points: Vectors): Float64Array {
  const { n } = points;
  const nearest = new Float64Array(n).fill(Infinity);
  const outside = new Set(Array.from({ length: n }, (_, i) => i));
  const weights: number[] = [];
  let point = 0;
  while (outside.size > 0) {
    outside.delete(point);
    let next = -1;
    for (const i of outside) {
      const distance = squaredDistance(rowOf(points, point), rowOf(points, i)) / 2;
      nearest[i] = Math.min(nearest[i]!, distance);
      if (next < 0 || nearest[i]! < nearest[next]!) next = i;
    }
    if (next >= 0) weights.push(nearest[next]!);
    point = next;
  }
  return Float64Array.from(weights).sort();
}

/** The edges that join two sets, taken by weight and, where equal, in the order given. */
function plainKruskal(n: number, { from, to, weights }: Edges): number[] {
  const parents = Array.from({ length: n }, (_, i) => i);
  const root = (node: number): number => {
    let top = node;
    while (parents[top] !== top) top = parents[top]!;
    parents[node] = top;
    return top;
  };
  const order = Array.from(from.keys()).sort((a, b) => weights[a]! - weights[b]! || a - b);
  return order.filter((edge) => {
    const [a, b] = [root(from[edge]!), root(to[edge]!)];
    parents[a] = b;
    return a !== b;
  });
}

function allPairs(points: Vectors): Edges {
  const list: [number, number, number][] = [];
  for (let i = 0; i < points.n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      list.push([i, j, squaredDistance(rowOf(points, i), rowOf(points, j)) / 2]);
    }
  }
  return edgesOf(...list);
}

describe.each(BUILDS)('the %s build', (build) => {
  test.each([
    [1, 0],
    [10, 5],
    [200, 150],
    [500, 2000],
  ])('finds the components of %i nodes and %i edges', async (n, m) => {
    const edges = randomEdges(n, m, n + m);
    const { labels, count } = await connectedComponents(n, edges, build);
    expect(labels).toEqual(plainLabels(n, edges));
    expect(count).toBe(Math.max(...labels) + 1);
  });

  test('a long chain, given from its far end, is one component', async () => {
    const n = 100_000;
    const from = Int32Array.from({ length: n - 1 }, (_, i) => n - 1 - i);
    const { count } = await connectedComponents(n, { from, to: from.map((i) => i - 1) }, build);
    expect(count).toBe(1);
  });

  test('the forest of the complete graph is the tree of all pairs', async () => {
    const points = randomPoints(70, 5, 1);
    const expected = plainTree(points);
    const forest = await minimumForest(points.n, allPairs(points), build);
    expect(forest.weights).toEqual(expected);
    expect(forest.count).toBe(1);
    expect((await minimumTree(points, { build })).weights).toEqual(expected);
  });

  test('every component gets its own tree, light edges first', async () => {
    const edges = randomEdges(300, 400, 2);
    const forest = await minimumForest(300, edges, build);
    expect(forest.labels).toEqual(plainLabels(300, edges));
    expect(forest.weights).toHaveLength(300 - forest.count);
    expect(forest.weights).toEqual(forest.weights.toSorted());
    // The chosen edges connect what all edges connect.
    expect((await connectedComponents(300, forest, build)).labels).toEqual(forest.labels);
    // No cycle, and any edge that was left out is no lighter than the heaviest on the path it closes.
    for (let drop = 0; drop < forest.weights.length; drop += 29) {
      const kept = edgesOf(
        ...Array.from(
          forest.weights,
          (w, i) => [forest.from[i]!, forest.to[i]!, w] as const,
        ).filter((_, i) => i !== drop),
      );
      const { labels, count } = await connectedComponents(300, kept, build);
      expect(count).toBe(forest.count + 1);
      const bridges = edges.weights.filter(
        (_, i) => labels[edges.from[i]!] !== labels[edges.to[i]!],
      );
      expect(Math.min(...bridges)).toBe(forest.weights[drop]);
    }
  });

  test('weights may be negative, zero of either sign or infinite; equal ones keep their order', async () => {
    const edges = edgesOf(
      [0, 1, Infinity],
      [1, 2, -1],
      [2, 3, 0],
      [3, 0, -0],
      [0, 2, 0],
      [4, 5, -Infinity],
      [4, 4, -Infinity],
      [1, 2, -2],
    );
    const forest = await minimumForest(6, edges, build);
    expect([...forest.weights]).toEqual([-Infinity, -2, 0, -0]);
    expect([...forest.from]).toEqual([4, 1, 2, 3]);
    expect([...forest.labels]).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test.each([
    ['alike to the last few bits', (i: number) => 1 + ((i * 7919) % 2000) * Number.EPSILON],
    ['of two kinds', (i: number) => i % 2],
    ['all equal', () => 0.5],
  ])('weights that are %s are sorted right', async (_, weight) => {
    const from = Int32Array.from({ length: 2000 }, (_, i) => i);
    const edges = {
      from,
      to: from.map((i) => i + 1),
      weights: Float64Array.from(from, (_, i) => weight(i)),
    };
    const forest = await minimumForest(2001, edges, build);
    const order = [...from].sort((a, b) => edges.weights[a]! - edges.weights[b]! || a - b);
    expect([...forest.from]).toEqual(order);
  });

  test.each([
    ['scattered', (uniform: () => number) => gaussian(uniform) ** 3],
    ['of five kinds', (uniform: () => number) => Math.floor(uniform() * 5)],
    ['close together but for one', (uniform: () => number) => uniform() + 1e3 * uniform() ** 60],
  ])('of many edges, %s, those are taken that plain Kruskal takes', async (_, weight) => {
    const uniform = random(9);
    const node = () => Math.floor(uniform() * 3000);
    const edges = edgesOf(
      ...Array.from({ length: 40_000 }, () => [node(), node(), weight(uniform)] as const),
    );
    const { from, to, weights } = await minimumForest(3000, edges, build);
    const taken = plainKruskal(3000, edges);
    expect([...from]).toEqual(taken.map((edge) => edges.from[edge]));
    expect([...to]).toEqual(taken.map((edge) => edges.to[edge]));
    expect([...weights]).toEqual(taken.map((edge) => edges.weights[edge]));
  });

  test.each([
    [1, 3],
    [2, 1],
    [3, 4],
    [63, 3],
    [65, 7],
    [130, 33],
    [257, 16],
  ])('grows the tree of %i points in %i dimensions', async (n, dims) => {
    const points = randomPoints(n, dims, n);
    const tree = await minimumTree(points, { build });
    const expected = plainTree(points);
    expect(tree.weights).toHaveLength(n - 1);
    for (const [i, weight] of tree.weights.entries()) {
      expect(Math.abs(weight - expected[i]!)).toBeLessThanOrEqual(1e-6 * expected[i]!);
    }
    expect((await connectedComponents(n, tree, build)).count).toBe(1);
  });

  test('the tree is the same on any number of threads', async () => {
    const points = randomPoints(900, 200, 3);
    const alone = await minimumTree(points, { build, threads: 1 });
    expect(await minimumTree(points, { build, threads: 2 })).toEqual(alone);
    expect(await minimumTree(points, { build, threads: 3 })).toEqual(alone);
  });

  test('equal points hang together at distance 0, near ones at their true distance', async () => {
    const data = new Float32Array(4 * 8).fill(1000);
    data[8] = 1000.0625;
    const { weights } = await minimumTree(vectorsOf(data, 8), { build });
    expect([...weights]).toEqual([0, 0, 0.0625 ** 2 / 2]);
  });

  test.each([1e38, 1e-30])('points of size %d neither overflow nor vanish', async (size) => {
    const data = Float32Array.from([0, 1, 3, 7], (x) => x * 0.1 * size);
    const { from, to } = await minimumTree(vectorsOf(data, 1), { build });
    expect([...from]).toEqual([0, 1, 2]);
    expect([...to]).toEqual([1, 2, 3]);
  });
});

test('nothing at all is a forest too', async () => {
  expect(await minimumForest(0, edgesOf())).toMatchObject({ count: 0, labels: new Int32Array() });
  const tree = await minimumTree(vectorsOf(new Float32Array(), 4));
  expect(tree).toMatchObject({ count: 0, weights: new Float64Array() });
  expect((await connectedComponents(3, edgesOf())).count).toBe(3);
});

test('neighbour lists are edges from each row', () => {
  const { from, to } = edgesOfLists(Int32Array.of(1, 2, 0, 2, 0, 1), new Float64Array(6), 2);
  expect([...from]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...to]).toEqual([1, 2, 0, 2, 0, 1]);
});

describe('is refused with the reason', () => {
  test('an edge to a node that does not exist', async () => {
    const edges = edgesOf([0, 1, 1], [1, 3, 1]);
    await expect(minimumForest(3, edges)).rejects.toThrow(/Edge 1 .* 1 and 3.* 0 … 2/);
    await expect(connectedComponents(3, edgesOf([-1, 0, 1]))).rejects.toMatchObject({
      kind: 'usage',
    });
    const far = { from: new Int32Array(70_000), to: new Int32Array(70_000) };
    far.to[69_999] = 1;
    await expect(connectedComponents(1, far)).rejects.toThrow(/^Edge 69999 .* 0 and 1;/);
  });

  test('an edge without a weight', async () => {
    await expect(minimumForest(3, edgesOf([0, 1, Number.NaN]))).rejects.toThrow('weight');
  });

  test('a point that is not finite', async () => {
    const points = vectorsOf(Float32Array.of(1, 2, 3, Number.NaN), 2);
    await expect(minimumTree(points)).rejects.toThrow('Row 1 holds NaN');
  });

  test('more points than all pairs can be measured of', async () => {
    const points = { n: TREE_ROWS + 1, dims: 1, blocks: [] };
    await expect(minimumTree(points)).rejects.toThrow(/20000 rows.*neighbour graph/);
  });

  test('an interrupted tree', async () => {
    const signal = AbortSignal.abort();
    await expect(minimumTree(randomPoints(10, 2, 1), { signal })).rejects.toMatchObject({
      kind: 'interrupted',
    });
  });
});
