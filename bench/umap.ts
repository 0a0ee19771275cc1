/**
 * Claim: a map, neighbours and start of threads included, is made several times faster than by
 * umap-learn on the same machine, and keeps neighbours as well.
 *
 * Prints, for the same rows in one run, seconds end to end (median of --turns), the ratio, and for each
 * layout trustworthiness and the share of the 15 nearest rows that stay among the 15 nearest (on 1,000
 * rows, ranks over all). umap-learn is warmed up first, so that its compilation does not count; umap-js
 * takes its own neighbours, and only up to 5,000 rows, as it needs minutes beyond.
 *
 *     npm run build && node dist/bench/umap.js [--rows 5000,20000] [--dims 384] [--npy FILE] [--turns 3]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UMAP } from 'umap-js';
import { gaussian, random } from '../src/base/random.ts';
import {
  normaliseRows,
  rowOf,
  selectRows,
  type Vectors,
  vectorsOf,
} from '../src/compute/vectors.ts';
import { openDataset } from '../src/data/open.ts';
import { writeNpy } from '../src/data/write.ts';
import { exactSearch } from '../src/neighbours/exact.ts';
import { neighbourGraph } from '../src/neighbours/graph.ts';
import { umapLayout } from '../src/project/umap.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000,20000' },
    dims: { type: 'string', default: '384' },
    npy: { type: 'string' },
    turns: { type: 'string', default: '3' },
  },
});
const turns = Number(values.turns);
const K = 15;
const SAMPLE = 1000;
const UMAP_JS_ROWS = 5000;

/** 200 clusters of Zipf sizes, each in a plane of 20 dimensions of its own, with noise all round. */
function clusters(n: number, dims: number): Float32Array {
  const uniform = random(7);
  const count = 200;
  const inner = 20;
  const normals = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => gaussian(uniform));
  const centres = normals(count * dims);
  const axes = normals(count * inner * dims);
  const shares = Float64Array.from({ length: count }, (_, c) => 1 / (c + 1));
  const total = shares.reduce((a, b) => a + b, 0);
  const data = new Float32Array(n * dims);
  const unit = 1 / Math.sqrt(dims);
  for (let i = 0; i < n; i += 1) {
    let c = 0;
    for (let left = uniform() * total; c < count - 1; c += 1) {
      left -= shares[c]!;
      if (left < 0) break;
    }
    for (let j = 0; j < dims; j += 1) {
      data[i * dims + j] = unit * (centres[c * dims + j]! + 0.35 * gaussian(uniform));
    }
    for (let a = 0; a < inner; a += 1) {
      const along = (0.8 * gaussian(uniform) * unit) / Math.sqrt(inner);
      const at = (c * inner + a) * dims;
      for (let j = 0; j < dims; j += 1) data[i * dims + j]! += along * axes[at + j]!;
    }
  }
  normaliseRows(data, dims);
  return data;
}

async function readVectors(path: string): Promise<Vectors> {
  const dataset = await openDataset([path]);
  const rows: Float32Array[] = [];
  for await (const { vector } of dataset.rows()) rows.push(vector!);
  const dims = dataset.dims!;
  const data = new Float32Array(rows.length * dims);
  for (const [i, row] of rows.entries()) data.set(row, i * dims);
  normaliseRows(data, dims);
  return vectorsOf(data, dims);
}

interface Made {
  readonly seconds: number;
  readonly layout: Float32Array;
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)]!;

async function timed(make: () => Promise<Float32Array>, times = turns): Promise<Made> {
  const seconds: number[] = [];
  let layout: Float32Array = new Float32Array(0);
  for (let t = 0; t < times; t += 1) {
    const start = performance.now();
    layout = await make();
    seconds.push((performance.now() - start) / 1000);
  }
  return { seconds: median(seconds), layout };
}

const PEER = `
import sys, time, numpy, warnings
warnings.filterwarnings('ignore')
import umap
x = numpy.load(sys.argv[1])
umap.UMAP(n_neighbors=15, metric='cosine').fit_transform(x[:600])
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    y = umap.UMAP(n_neighbors=15, metric='cosine').fit_transform(x)
    times.append(time.perf_counter() - start)
numpy.ascontiguousarray(y, dtype='<f4').tofile(sys.argv[2])
print(sorted(times)[(len(times) - 1) // 2])
`;

function umapLearn(folder: string): Made | string {
  const script = join(folder, 'peer.py');
  const output = join(folder, 'peer.f32');
  writeFileSync(script, PEER);
  const done = spawnSync(
    '/usr/bin/python3',
    [script, join(folder, 'x.npy'), output, String(turns)],
    { encoding: 'utf8' },
  );
  if (done.status !== 0) return done.stderr?.trim().split('\n').at(-1) ?? 'no /usr/bin/python3';
  const bytes = readFileSync(output);
  const layout = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  return { seconds: Number(done.stdout.trim()), layout };
}

/** Trustworthiness (Venna & Kaski 2001) and neighbour preservation at K, on a sample of rows. */
async function quality(vectors: Vectors, layout: Float32Array): Promise<[number, number]> {
  const { n } = vectors;
  const step = Math.max(1, Math.floor(n / SAMPLE));
  const rows = Array.from({ length: Math.min(SAMPLE, n) }, (_, s) => s * step);
  const truth = await exactSearch(selectRows(vectors, rows), vectors, K + 1);
  let penalty = 0;
  let kept = 0;
  const cosines = new Float32Array(n);
  for (const [s, i] of rows.entries()) {
    const query = rowOf(vectors, i);
    for (let j = 0; j < n; j += 1) {
      const other = rowOf(vectors, j);
      let sum = 0;
      for (let c = 0; c < query.length; c += 1) sum += query[c]! * other[c]!;
      cosines[j] = sum;
    }
    const near = nearestOnMap(layout, i);
    const listed = new Set(truth.ids.subarray(s * (K + 1), (s + 1) * (K + 1)));
    for (const j of near) {
      if (listed.has(j)) {
        kept += 1;
        continue;
      }
      let rank = 0;
      for (let o = 0; o < n; o += 1) if (o !== i && cosines[o]! > cosines[j]!) rank += 1;
      penalty += Math.max(0, rank + 1 - K);
    }
  }
  const most = rows.length * K * (2 * n - 3 * K - 1);
  return [1 - (2 * penalty) / most, kept / (rows.length * K)];
}

function nearestOnMap(layout: Float32Array, i: number): number[] {
  const n = layout.length / 2;
  const far = new Float64Array(n);
  for (let j = 0; j < n; j += 1) {
    far[j] =
      (layout[2 * i]! - layout[2 * j]!) ** 2 + (layout[2 * i + 1]! - layout[2 * j + 1]!) ** 2;
  }
  far[i] = Number.POSITIVE_INFINITY;
  const limit = far.slice().sort()[K - 1]!;
  const near: number[] = [];
  for (let j = 0; j < n && near.length < K; j += 1) if (far[j]! <= limit) near.push(j);
  return near;
}

const sets: { name: string; vectors: Vectors }[] = [];
if (values.npy !== undefined) {
  sets.push({ name: values.npy, vectors: await readVectors(values.npy) });
} else {
  const dims = Number(values.dims);
  for (const rows of values.rows.split(',').map(Number)) {
    sets.push({ name: 'clusters', vectors: vectorsOf(clusters(rows, dims), dims) });
  }
}
for (const { name, vectors } of sets) {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
  console.log(`\n${name}: ${vectors.n.toLocaleString('en-US')} × ${vectors.dims}, k = ${K}`);
  console.log('layout        seconds    ratio   trustworthiness   neighbours kept');
  const ours = await timed(async () =>
    umapLayout(vectors, await neighbourGraph(vectors, K, { index: 'exact' }), { seed: 1 }),
  );
  const show = async (who: string, made: Made): Promise<void> => {
    const [trust, kept] = await quality(vectors, made.layout);
    const ratio = `${(made.seconds / ours.seconds).toFixed(1)}×`;
    console.log(
      `${who.padEnd(12)} ${made.seconds.toFixed(2).padStart(8)} ${ratio.padStart(8)} ${trust.toFixed(4).padStart(17)} ${kept.toFixed(4).padStart(17)}`,
    );
  };
  await show('gamut', ours);
  await writeNpy(join(folder, 'x.npy'), vectors);
  const peer = umapLearn(folder);
  if (typeof peer === 'string') console.log(`umap-learn   not measured: ${peer}`);
  else await show('umap-learn', peer);
  if (vectors.n <= UMAP_JS_ROWS) {
    const rows = Array.from({ length: vectors.n }, (_, i) => Array.from(rowOf(vectors, i)));
    const uniform = random(1);
    const js = await timed(async () => {
      const umap = new UMAP({ nNeighbors: K, random: uniform });
      return Float32Array.from(umap.fit(rows).flat());
    }, 1);
    await show('umap-js', js);
  }
  rmSync(folder, { recursive: true, force: true });
}
