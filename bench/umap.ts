/**
 * Claim: a map, neighbours and start of threads included, is made several times faster than by the
 * other programs that make UMAPs, on the same machine, and keeps what is near as well.
 *
 * Prints, for the same rows in one run, seconds end to end (median of --turns), the ratio to gamut, and
 * for each map trustworthiness, the share of the 15 nearest rows that stay among the 15 nearest (both on
 * 1,000 rows, ranks over all) and the share of random triplets that keep their order. gamut and umap-learn
 * (/usr/bin/python3) are warmed up first, so that compilation does not count; embedding-atlas is taken
 * from the folder of its package in EMBEDDING_ATLAS; umap-js takes its own neighbours and runs once,
 * up to 5,000 rows, as it needs minutes beyond. --npy takes files of vectors, and --init, --epochs are gamut's.
 *
 *     npm run build && node dist/bench/umap.js [--rows 5000,20000] [--dims 384] [--npy FILE,…]
 *       [--turns 3] [--peers umap-learn,embedding-atlas,umap-js] [--init pca|spectral] [--epochs N]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
import { MAP_EXACT_ROWS, neighbourGraph } from '../src/neighbours/graph.ts';
import { openUmapPool } from '../src/project/engines/wasm.ts';
import { type Init, umapLayout } from '../src/project/umap.ts';
import { indexWords } from '../src/report/format.ts';
import { K, qualityOf } from './support/map-quality.ts';
import { runPython } from './support/python.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000,20000' },
    dims: { type: 'string', default: '384' },
    npy: { type: 'string' },
    turns: { type: 'string', default: '3' },
    peers: { type: 'string', default: 'umap-learn,embedding-atlas,umap-js' },
    init: { type: 'string', default: 'pca' },
    epochs: { type: 'string' },
  },
});
const turns = Number(values.turns);
const epochs = values.epochs === undefined ? undefined : Number(values.epochs);
const UMAP_JS_ROWS = 5000;
const WARM_UP_ROWS = 5000;

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

/** What a program made, or why it did not. */
type Peer = (vectors: Vectors, folder: string) => Promise<Made | string>;

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
umap.UMAP(n_neighbors=15, metric='cosine', n_epochs=5).fit_transform(x[:5000])
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    y = umap.UMAP(n_neighbors=15, metric='cosine').fit_transform(x)
    times.append(time.perf_counter() - start)
numpy.ascontiguousarray(y, dtype='<f4').tofile(sys.argv[2])
print(sorted(times)[(len(times) - 1) // 2])
`;

const umapLearn: Peer = async (_, folder) => {
  const output = join(folder, 'peer.f32');
  const printed = runPython(PEER, folder, [join(folder, 'x.npy'), output, String(turns)]);
  if (typeof printed === 'string') return printed;
  const bytes = readFileSync(output);
  const layout = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  return { seconds: Number(printed.lines.at(-1)), layout };
};

/** What is used of embedding-atlas. */
interface Atlas {
  createUMAP(
    count: number,
    dims: number,
    components: number,
    data: Float32Array,
    options: { readonly metric: string; readonly seed: number },
  ): Promise<{ run(): void | Promise<void>; readonly embedding: Float32Array; destroy(): void }>;
}

const embeddingAtlas: Peer = async (vectors) => {
  const file = join(process.env.EMBEDDING_ATLAS ?? '', 'dist', 'umap.js');
  if (!process.env.EMBEDDING_ATLAS) return 'EMBEDDING_ATLAS names no folder of its package';
  if (!existsSync(file)) return `${file} does not exist`;
  const { createUMAP } = (await import(pathToFileURL(file).href)) as Atlas;
  const data = wholeOf(vectors);
  return timed(async () => {
    const options = { metric: 'cosine', seed: 1 };
    const umap = await createUMAP(vectors.n, vectors.dims, 2, data, options);
    await umap.run();
    const layout = umap.embedding.slice();
    umap.destroy();
    return layout;
  }, 1);
};

const umapJs: Peer = async (vectors) => {
  if (vectors.n > UMAP_JS_ROWS) return `needs minutes beyond ${UMAP_JS_ROWS} rows`;
  const rows = Array.from({ length: vectors.n }, (_, i) => Array.from(rowOf(vectors, i)));
  const uniform = random(1);
  return timed(async () => {
    const umap = new UMAP({ nNeighbors: K, random: uniform });
    return Float32Array.from(umap.fit(rows).flat());
  }, 1);
};

const PEERS: Readonly<Record<string, Peer>> = {
  'umap-learn': umapLearn,
  'embedding-atlas': embeddingAtlas,
  'umap-js': umapJs,
};

function wholeOf({ n, dims, blocks }: Vectors): Float32Array {
  const data = new Float32Array(n * dims);
  let at = 0;
  for (const block of blocks) {
    data.set(block, at);
    at += block.length;
  }
  return data;
}

/** How neighbours were found the last time, and in how many seconds. */
let neighbours = '';

async function ours(vectors: Vectors): Promise<Float32Array> {
  const start = performance.now();
  const pool = openUmapPool(vectors.n);
  try {
    const graph = await neighbourGraph(vectors, K - 1, { exactRows: MAP_EXACT_ROWS });
    const seconds = (performance.now() - start) / 1000;
    neighbours = `${seconds.toFixed(2)} s, ${indexWords(graph.index)}`;
    const options = { seed: 1, init: values.init as Init, epochs, pool };
    return (await umapLayout(vectors, graph, options)).places;
  } finally {
    await (await pool).close();
  }
}

async function compare(name: string, vectors: Vectors): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
  console.log(`\n${name}: ${vectors.n.toLocaleString('en-US')} × ${vectors.dims}, k = ${K}`);
  const few = Array.from({ length: Math.min(WARM_UP_ROWS, vectors.n) }, (_, i) => i);
  await ours(selectRows(vectors, few));
  const made: [string, Made][] = [['gamut', await timed(() => ours(vectors))]];
  const peak = (process.resourceUsage().maxRSS / 2 ** 20).toFixed(1);
  console.log(`gamut's neighbours: ${neighbours}; peak of the process ${peak} GiB`);
  await writeNpy(join(folder, 'x.npy'), vectors);
  for (const who of values.peers.split(',').filter(Boolean)) {
    const found = await PEERS[who]!(vectors, folder);
    if (typeof found === 'string') console.log(`${who} not measured: ${found}`);
    else made.push([who, found]);
  }
  rmSync(folder, { recursive: true, force: true });
  const qualities = await qualityOf(
    vectors,
    made.map(([, { layout }]) => layout),
  );
  console.log('map              seconds    ratio  trustworthiness  neighbours kept  triplets kept');
  for (const [m, [who, { seconds }]] of made.entries()) {
    const { trustworthiness, kept, triplets } = qualities[m]!;
    const ratio = `${(seconds / made[0]![1].seconds).toFixed(1)}×`;
    const cells = [
      who.padEnd(15),
      seconds.toFixed(2).padStart(8),
      ratio.padStart(8),
      trustworthiness.toFixed(4).padStart(16),
      kept.toFixed(4).padStart(16),
      triplets.toFixed(4).padStart(14),
    ];
    console.log(cells.join(' '));
  }
}

for (const path of values.npy?.split(',') ?? []) {
  await compare(basename(path), await readVectors(path));
}
if (values.npy === undefined) {
  const dims = Number(values.dims);
  for (const rows of values.rows.split(',').map(Number)) {
    await compare('clusters', vectorsOf(clusters(rows, dims), dims));
  }
}
