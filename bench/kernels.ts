/**
 * Claim: kernels run near the rate of the plain product of their shape: 80 % or more at n = 100,000,
 * d = 384, k = 15 on a cpu.
 *
 * Prints GFLOP/s (2·n·m·d for a pass over all pairs) of each kernel and of the plain product of its shape,
 * measured by turns in this one run, and the median ratio of the two. The plain product is a Gemm of the same
 * runtime on the same device over tiles of 512 × 4,096 (top-k: × 32,768; assignment: one tile), of which row maxima come back. Where the
 * kernel's result is as large as the product (projection, random features) it is one Gemm that hands its
 * product over; for the Gram matrix, one Gemm in float64 of rows that are float64 already.
 * Products of bytes, which a set's search among itself begins with, stand beside one Gemm that hands its product over, too.
 * What a kernel says beforehand that it holds beside its inputs stands beside it.
 * Then NumPy and Faiss on the same shapes where Debian's are installed, with their own choice of
 * instructions (OPENBLAS_CORETYPE is left out), and the eigensolver's own bench.
 *
 *     npm run build && node dist/bench/kernels.js [--device cpu] [--rows 100000] [--dims 384] [--no-eigen]
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { packagePath } from '../src/base/package.ts';
import { random } from '../src/base/random.ts';
import { type Device, type DeviceChoice, openDevice } from '../src/compute/device.ts';
import { Graph } from '../src/compute/graph.ts';
import { assign, assignBytes } from '../src/compute/kernels/assign.ts';
import { gram, gramBytes } from '../src/compute/kernels/gram.ts';
import { kernelSums, kernelSumsBytes } from '../src/compute/kernels/kernel-sums.ts';
import {
  minimumDistances,
  minimumDistancesBytes,
} from '../src/compute/kernels/minimum-distance.ts';
import { NEAREST_TARGETS, nearestBytes } from '../src/compute/kernels/nearest.ts';
import { projection, projectionBytes } from '../src/compute/kernels/projection.ts';
import {
  drawFrequencies,
  randomFeatures,
  randomFeaturesBytes,
} from '../src/compute/kernels/random-features.ts';
import { rangeCounts, rangeCountsBytes } from '../src/compute/kernels/range-counts.ts';
import { QUERY_ROWS, TARGET_ROWS, tilesOf } from '../src/compute/kernels/tiles.ts';
import { normaliseRows, selectRows, type Vectors, vectorsOf } from '../src/compute/vectors.ts';
import { exactSearch } from '../src/neighbours/exact.ts';
import { wholeGraph } from '../src/neighbours/threads/rounded.ts';
import { GROUP_ROWS, TILE_ROWS } from '../src/neighbours/threads/tiles.ts';
import { PYTHON, peerEnvironment } from './support/peers.ts';

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'cpu' },
    rows: { type: 'string', default: '100000' },
    dims: { type: 'string', default: '384' },
    turns: { type: 'string', default: '5' },
    'no-eigen': { type: 'boolean', default: false },
  },
});
const [n, d, turns] = [values.rows, values.dims, values.turns].map(Number) as [
  number,
  number,
  number,
];
/** Queries against all n rows: enough for a rate, few enough for a minute. */
const QUERIES = Math.min(n, 2048);
const K = 15;
const CENTRES = 256;

/** Random unit rows, as embeddings are. */
function drawRows(count: number): Vectors {
  const uniform = random(1);
  const data = Float32Array.from({ length: count * d }, () => 2 * uniform() - 1);
  normaliseRows(data, d);
  return vectorsOf(data, d);
}

/** A bare product over the same tiles, in the same precision; only maxima come back. */
async function plain(
  device: Device,
  queries: Vectors,
  targets: Vectors,
  [queryRows, targetRows]: readonly [number, number],
): Promise<void> {
  const build = (): Graph => {
    const graph = new Graph('plain');
    const q = graph.input('q', 'float32', ['n', d]);
    const t = graph.input('t', 'float32', ['m', d]);
    const scores = graph.op('Gemm', [q, t], { transB: 1 });
    const most = graph.op('ReduceMax', [scores], { axes: [1], keepdims: 0 });
    graph.output('most', most, 'float32', ['n']);
    return graph;
  };
  for (const tile of tilesOf(targets, targetRows)) {
    for (const asked of tilesOf(queries, queryRows)) {
      await device.run(
        { key: `plain/${d}`, build },
        { q: [asked.data, [asked.rows, d]], t: [tile.data, [tile.rows, d]] },
      );
    }
  }
}

/** A bare product that is handed over. */
async function plainWhole(device: Device, rows: Float32Array, others: Float32Array): Promise<void> {
  const build = (): Graph => {
    const graph = new Graph('plain-whole');
    const x = graph.input('x', 'float32', ['n', d]);
    const y = graph.input('y', 'float32', ['m', d]);
    graph.output('products', graph.op('Gemm', [x, y], { transB: 1 }), 'float32', ['n', 'm']);
    return graph;
  };
  await device.run(
    { key: `plain-whole/${d}`, build },
    { x: [rows, [rows.length / d, d]], y: [others, [others.length / d, d]] },
  );
}

/** The bare product of a Gram matrix, in the precision of the device. */
async function plainGram(device: Device, rows: Float32Array | Float64Array): Promise<void> {
  const type = rows instanceof Float64Array ? 'float64' : 'float32';
  const build = (): Graph => {
    const graph = new Graph('plain-gram');
    const x = graph.input('x', type, ['n', d]);
    graph.output('gram', graph.op('Gemm', [x, x], { transA: 1 }), type, [d, d]);
    return graph;
  };
  await device.run({ key: `plain-gram/${d}`, build }, { x: [rows, [rows.length / d, d]] });
}

/** What takes a few milliseconds is done several times over: its threads are awake then, as they are in a long pass. */
const ENOUGH_S = 0.2;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let taken = 0;
  let times = 0;
  while (taken < ENOUGH_S) {
    await work();
    times += 1;
    taken = (performance.now() - start) / 1000;
  }
  return taken / times;
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[list.length >> 1]!;

async function compare(
  name: string,
  flops: number,
  bytes: number,
  kernel: () => Promise<unknown>,
  bare: () => Promise<unknown>,
): Promise<void> {
  await kernel();
  await bare();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    theirs.push(await seconds(bare));
    ours.push(await seconds(kernel));
  }
  const ratio = median(ours.map((time, turn) => theirs[turn]! / time));
  const rate = (times: readonly number[]): string =>
    (flops / median(times) / 1e9).toFixed(0).padStart(8);
  const held = (bytes / 2 ** 20).toFixed(1).padStart(11);
  const share = `${(100 * ratio).toFixed(0)} %`.padStart(9);
  console.log(`${name.padEnd(34)}${rate(ours)}${rate(theirs)}${share}${held}`);
}

const NUMPY = `
import sys, time, json
import numpy as np
n, d, q, k = map(int, sys.argv[1:])
x = np.random.default_rng(1).random((n, d), dtype=np.float32) - .5
def rate(work, flops, turns=3):
    work(); times = []
    for _ in range(turns):
        start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
    return flops / sorted(times)[turns // 2] / 1e9
pairs = 2 * q * n * d
def product():
    for at in range(0, n, 20480): (x[:q] @ x[at:at + 20480].T)
block = x[:4096]
wide = block.astype(np.float64)
def widened():
    y = block.astype(np.float64)
    return y.T @ y
print(f'NumPy     {q} x {n:,} products {rate(product, pairs):28.0f}')
print(f'NumPy     Gram in float64 of 4,096 float32 rows {rate(widened, 2 * 4096 * d * d):14.0f}')
print(f'NumPy     the same of rows in float64 already {rate(lambda: wide.T @ wide, 2 * 4096 * d * d):16.0f}')
try:
    import faiss
    index = faiss.IndexFlatIP(d); index.add(x)
    print(f'Faiss     {q} x {n:,} flat top-{k} {rate(lambda: index.search(x[:q], k), pairs):27.0f}')
except ImportError:
    print('Faiss is left out: it is not installed.')
`;

const device = await openDevice(values.device as DeviceChoice);
console.log(`${device.name} (${device.description}); n = ${n.toLocaleString('en-US')}, d = ${d}\n`);
console.log('kernel                              GFLOP/s    plain    ratio  MiB at most');

const all = drawRows(n);
const queries = selectRows(
  all,
  Int32Array.from({ length: QUERIES }, (_, i) => i),
);
const block = all.blocks[0]!;
const rows = block.length / d;
const pairs = 2 * QUERIES * n * d;
const wide = [QUERY_ROWS, NEAREST_TARGETS] as const;
const narrow = [QUERY_ROWS, TARGET_ROWS] as const;
const shape = { queries: QUERIES, targets: n, dims: d };
const overAll = (): Promise<void> => plain(device, queries, all, narrow);
const overWide = (): Promise<void> => plain(device, queries, all, wide);

await compare(
  `nearest, top-${K}`,
  pairs,
  nearestBytes(shape, K),
  () => exactSearch(queries, all, K, { device }),
  overWide,
);
await compare(
  `nearest, top-${K} and farthest`,
  pairs,
  nearestBytes(shape, K),
  () => exactSearch(queries, all, K, { device, farthest: true }),
  overWide,
);
await compare(
  'minimum distance',
  pairs,
  minimumDistancesBytes(device, shape),
  () => minimumDistances(device, queries, all),
  overAll,
);
const reach = new Float64Array(QUERIES).fill(0.9);
await compare(
  'range counts',
  pairs,
  rangeCountsBytes(device, shape),
  () => rangeCounts(device, queries, all, reach),
  overAll,
);
for (const pair of [{ kind: 'poly3' }, { kind: 'rbf', sigma: 1 }, { kind: 'distance' }] as const) {
  const sums = (): Promise<unknown> => kernelSums(device, queries, all, pair);
  await compare(`kernel sums, ${pair.kind}`, pairs, kernelSumsBytes(device, shape), sums, overAll);
}
const centres = block.slice(0, CENTRES * d);
const offsets = new Float32Array(centres.length / d);
const sample = vectorsOf(block, d);
const few = vectorsOf(centres, d);
const toCentres = 2 * rows * few.n * d;
const overFew = (): Promise<void> => plain(device, sample, few, [rows, few.n]);
await compare(
  `assignment, ${few.n} centres`,
  toCentres,
  assignBytes(device, rows, few.n),
  () => assign(device, block, centres, offsets, d),
  overFew,
);
const origin = Float64Array.from({ length: d }, (_, j) => j / d);
const coordinates = new Float32Array(rows * CENTRES);
await compare(
  `projection, ${few.n} axes`,
  toCentres,
  projectionBytes(rows, few.n),
  () => projection(device, block, centres, origin, d, coordinates),
  () => plainWhole(device, block, centres),
);
const frequencies = drawFrequencies(CENTRES, d, 1, 1);
await compare(
  `random features, ${CENTRES}`,
  2 * rows * CENTRES * d,
  randomFeaturesBytes(device, rows, CENTRES),
  async () => {
    for await (const _ of randomFeatures(device, sample, frequencies));
  },
  () => plainWhole(device, block, centres),
);
const widened = device.float64 ? Float64Array.from(block) : block;
await compare(
  device.float64 ? 'Gram in float64 of float32 rows' : 'Gram, float64 from float32 slices',
  2 * rows * d * d,
  gramBytes(device, rows, d),
  () => gram(device, block, d),
  () => plainGram(device, widened),
);
if (device.name === 'cpu') {
  // A tile of the search of a set among itself, with rows that are rounded to bytes.
  const [high, across] = [TILE_ROWS, GROUP_ROWS];
  const [asked, others] = [block.slice(0, high * d), block.slice(0, across * d)];
  const bytes = Uint8Array.from(asked, (value) => 128 + 127 * value);
  const columns = Int8Array.from({ length: across * d }, (_, i) => 127 * others[i]!);
  await compare(
    'products of bytes, a tile',
    2 * high * across * d,
    4 * high * across,
    () =>
      device.run(
        { key: `wholes/${d}`, build: () => wholeGraph(d) },
        { rows: [bytes, [high, d]], columns: [columns, [d, across]] },
      ),
    () => plainWhole(device, asked, others),
  );
}
await device.close();

console.log('\npeer, float32 unless it says otherwise                GFLOP/s');
const peers = spawnSync(PYTHON, ['-c', NUMPY, ...[n, d, QUERIES, K].map(String)], {
  encoding: 'utf8',
  env: peerEnvironment(),
});
console.log(peers.status === 0 ? peers.stdout : `NumPy is left out: ${PYTHON} has none.\n`);

if (!values['no-eigen']) {
  console.log('The eigensolver:\n');
  spawnSync(process.execPath, [packagePath('dist', 'bench', 'eigen.js')], { stdio: 'inherit' });
}
