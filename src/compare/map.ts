import { heldAgainst } from '../audit/intervals.ts';
import { MapColumns } from '../audit/map-columns.ts';
import type { MapColumn } from '../audit/report.ts';
import { rowNumbers } from '../audit/row-numbers.ts';
import type { OnProgress } from '../base/progress.ts';
import { ClusterWords, namesFromWords } from '../clusters/words.ts';
import { rowOf, vectorsOf } from '../compute/vectors.ts';
import { NEIGHBOURS } from '../engine/artefacts.ts';
import { snippet } from '../engine/reread.ts';
import type { Listed } from '../measures/registry.ts';
import { neighbourGraph } from '../neighbours/graph.ts';
import { umapLayout } from '../project/umap.ts';
import { vendiInfluence } from '../why/influence.ts';
import { sourceOf } from './measure-side.ts';
import type { CompareMap } from './report.ts';
import type { Shared } from './shared.ts';
import type { Side } from './sides.ts';

/** Points of the joint map, and words that name a cluster of it. */
const MAP_ROWS = 20_000;
const WORDS = 6;
/** Of its own dataset, in the rows that are on the map. */
const INFLUENCE = 'Influence on the Vendi score';

type Cell = MapColumn['values'][number];

/** A map of equally many rows of every dataset, so that none fills it by being large. */
export async function compareMap(
  sides: readonly Side[],
  n: number,
  chosen: readonly Listed[],
  shared: Shared,
  judged: boolean,
  onProgress?: OnProgress,
): Promise<CompareMap> {
  const { device, seed, signal } = shared.context;
  const each = Math.min(n, Math.max(1, Math.floor(MAP_ROWS / sides.length)));
  const count = sides.length * each;
  const { dims } = sides[0]!.rows.unit;
  const data = new Float32Array(count * dims);
  const of = new Int32Array(count);
  const cluster = new Int32Array(count);
  const ids: string[] = [];
  const texts: (string | null)[] = [];
  const words = new ClusterWords(shared.clusters[0]!.k);
  const own = new MapColumns(Int32Array.from(of.keys()));
  const numbers = new Map<string, { values: Cell[]; amounts?: boolean }>();
  for (const [s, side] of sides.entries()) {
    const rows = side.rows.order.slice(0, each).sort();
    const first = s * each;
    for (const [at, row] of rows.entries()) {
      data.set(rowOf(side.rows.unit, row), (first + at) * dims);
      of[first + at] = s;
      cluster[first + at] = shared.clusters[s]!.labels[row]!;
      ids.push(side.ids[row]!);
      texts.push(null);
    }
    const source = sourceOf(side.rows, rows, s, shared, false);
    let at = first;
    for await (const block of source.rows.contents?.(signal) ?? []) {
      for (const content of block) {
        own.observe(content, at);
        words.observe(cluster[at]!, content.text ?? '');
        texts[at] = snippet(content.text);
        at += 1;
      }
    }
    const known =
      side.role === 'reference' ? chosen.filter(({ family }) => !heldAgainst(family)) : chosen;
    const influence = await vendiInfluence(
      source.rows.unit,
      await source('moments'),
      shared.context,
    );
    const rowwise = [
      ...(influence === null
        ? []
        : [{ name: INFLUENCE, amounts: true, of: (row: number) => influence.perRow[row]! }]),
      ...(await rowNumbers(source, known, judged)),
    ];
    for (const { name, amounts, of: number } of rowwise) {
      const column = numbers.get(name) ?? { values: Array<Cell>(count).fill(null), amounts };
      for (let row = 0; row < each; row += 1) column.values[first + row] = number(row);
      numbers.set(name, column as { values: Cell[]; amounts?: boolean });
    }
  }
  const unit = vectorsOf(data, dims);
  const how = { device, seed, signal, onProgress };
  const graph = await neighbourGraph(unit, NEIGHBOURS, { ...how, ...shared.search });
  const { places } = await umapLayout(unit, graph, how);
  return {
    x: Float32Array.from(of, (_, i) => places[2 * i]!),
    y: Float32Array.from(of, (_, i) => places[2 * i + 1]!),
    ...{ of, cluster, ids, texts },
    names: namesFromWords(words.finish(WORDS)),
    columns: [
      ...(graph.k === 0 ? [] : nearest(graph.distances, graph.k, of)),
      ...(own.lengths.some((length) => length !== null)
        ? [{ name: 'Length in characters', values: own.lengths, amounts: true }]
        : []),
      ...Array.from(numbers, ([name, column]) => ({ name, ...column })),
      ...own.finish(),
    ],
  };
}

const nearest = (distances: ArrayLike<number>, k: number, of: Int32Array): MapColumn[] => [
  {
    name: 'Distance to the nearest row of any',
    values: Array.from(of, (_, i) => distances[i * k]!),
    amounts: true,
  },
];
