import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fuzzySet, memberships, type SparseGraph } from '../../src/project/fuzzy.ts';
import { meanPlaces } from '../../src/project/settle.ts';
import { meetCategories, meetNumbers } from '../../src/project/supervise.ts';

/** 18 random rows of which umap-learn 0.5.3 computed all this; `source` in the file says so too. */
type Edges = readonly (readonly [row: number, column: number, weight: number])[];
const golden = JSON.parse(
  readFileSync(new URL('umap-learn.json', import.meta.url), 'utf8'),
) as Record<string, Edges> & {
  readonly n: number;
  readonly k: number;
  readonly ids: number[][];
  readonly distances: number[][];
  readonly labels: number[];
  readonly numbers: number[];
  readonly transform: {
    readonly ids: number[][];
    readonly distances: number[][];
    readonly places: number[][];
    readonly strengths: number[][];
    readonly start: number[][];
  };
};
const { n, k } = golden;
const rows = (): SparseGraph =>
  fuzzySet(Int32Array.from(golden.ids.flat()), golden.distances.flat(), n, k - 1);

function expectEdges(graph: SparseGraph, peer: Edges): void {
  const found: [number, number, number][] = [];
  for (let i = 0; i < n; i += 1) {
    for (let e = graph.offsets[i]!; e < graph.offsets[i + 1]!; e += 1) {
      found.push([i, graph.columns[e]!, graph.weights[e]!]);
    }
  }
  expect(found.map(([i, j]) => [i, j])).toEqual(peer.map(([i, j]) => [i, j]));
  for (const [e, [, , weight]] of peer.entries()) {
    expect(Math.abs(found[e]![2] - weight)).toBeLessThan(2e-5);
  }
}

describe('as umap-learn computes it', () => {
  test('the graph of the rows', () => expectEdges(rows(), golden.graph!));

  test.each([0.5, 0.8])('met with categories, some unknown, at weight %d', (weight) => {
    const labels = Int32Array.from(golden.labels);
    expectEdges(meetCategories(rows(), labels, weight), golden[`categories.${weight}`]!);
  });

  test.each([0.3, 0.5, 0.7])('met with numbers at weight %d', (weight) => {
    const numbers = Float64Array.from(golden.numbers);
    expectEdges(meetNumbers(rows(), numbers, k - 1, weight), golden[`numbers.${weight}`]!);
  });

  test('strengths and first places of new rows, one of them on the map', () => {
    const { ids, distances, places, strengths, start } = golden.transform;
    const near = {
      n: ids.length,
      k,
      ids: Int32Array.from(ids.flat()),
      distances: distances.flat(),
    };
    const found = memberships(near.distances, near.n, k);
    for (const [at, strength] of strengths.flat().entries()) {
      expect(Math.abs(found[at]! - strength)).toBeLessThan(2e-5);
    }
    const first = meanPlaces(near, found, Float32Array.from(places.flat()), 2);
    for (const [at, place] of start.flat().entries()) {
      expect(Math.abs(first[at]! - place)).toBeLessThan(2e-4);
    }
  });
});
