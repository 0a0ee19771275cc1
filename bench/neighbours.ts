/**
 * Claim: a set's neighbour graph is made several times faster than by faiss, hnswlib and pynndescent on
 * the same processors, at the same recall.
 *
 * Prints a table for each set: seconds end to end after a warm-up (threads started, index built and asked), recall of the 15
 * nearest other rows on 1,000 rows held against exact search, and the peer's seconds over ours: those of
 * faiss-flat over `exact`, those of the others over `ivf`. Peers are Debian's python3 packages, on all
 * processors, on the same rows in the same run; an approximate peer's effort is raised until its recall is
 * that of `ivf`, building counted once, or it has no more to give (then its row says so).
 *
 *     npm run build && node dist/bench/neighbours.js [--rows 20000,100000] [--dims 384] [--turns 3]
 *         [--sets separated,overlapping] [--peers faiss-flat,faiss-ivf,hnswlib,pynndescent]
 *         [--recall 0.98] [--no-exact]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gaussian, random } from '../src/base/random.ts';
import { normaliseRows, selectRows, type Vectors, vectorsOf } from '../src/compute/vectors.ts';
import { writeNpy } from '../src/data/write.ts';
import { exactSearch } from '../src/neighbours/exact.ts';
import { neighbourGraph } from '../src/neighbours/graph.ts';
import { runPython } from './support/python.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000,100000' },
    dims: { type: 'string', default: '384' },
    turns: { type: 'string', default: '3' },
    sets: { type: 'string', default: 'separated,overlapping' },
    peers: { type: 'string', default: 'faiss-flat,faiss-ivf,hnswlib,pynndescent' },
    recall: { type: 'string', default: '0.98' },
    'no-exact': { type: 'boolean', default: false },
  },
});
const dims = Number(values.dims);
const turns = Number(values.turns);
const K = 15;
const SAMPLE = 1000;
const WARM_UP_ROWS = 2000;
const CLUSTERS = 200;
const PLANE = 20;

/**
 * Clusters whose sizes follow Zipf's law. Separated: each in a plane of 20 dimensions of its own, with some
 * noise all round. Overlapping: weak centres, and one falling spectrum over all dimensions for all.
 */
function drawSet(name: string, n: number): Vectors {
  const uniform = random(7);
  const unit = 1 / Math.sqrt(dims);
  const normals = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => unit * gaussian(uniform));
  const centres = normals(CLUSTERS * dims);
  const axes = normals(CLUSTERS * PLANE * dims);
  const shares = Float64Array.from({ length: CLUSTERS }, (_, c) => 1 / (c + 1));
  const total = shares.reduce((a, b) => a + b, 0);
  const squares = Float64Array.from({ length: dims }, (_, j) => 1 / (j + 1));
  const power = squares.reduce((a, b) => a + b, 0);
  const spectrum = squares.map((square) => Math.sqrt(square / power));
  const data = new Float32Array(n * dims);
  for (let i = 0; i < n; i += 1) {
    let c = 0;
    for (let left = uniform() * total; c < CLUSTERS - 1; c += 1) {
      left -= shares[c]!;
      if (left < 0) break;
    }
    const row = data.subarray(i * dims, (i + 1) * dims);
    const centre = centres.subarray(c * dims, (c + 1) * dims);
    if (name === 'overlapping') {
      for (let j = 0; j < dims; j += 1)
        row[j] = 0.45 * centre[j]! + spectrum[j]! * gaussian(uniform);
      continue;
    }
    for (let j = 0; j < dims; j += 1) row[j] = centre[j]! + 0.35 * unit * gaussian(uniform);
    const spread = (0.6 + 0.4 * ((c * 37) % 100) * 0.01) / Math.sqrt(PLANE);
    for (let a = 0; a < PLANE; a += 1) {
      const along = spread * gaussian(uniform);
      const at = (c * PLANE + a) * dims;
      for (let j = 0; j < dims; j += 1) row[j]! += along * axes[at + j]!;
    }
  }
  normaliseRows(data, dims);
  return vectorsOf(data, dims);
}

/** Prints a line of JSON for every effort: seconds, and the recall on the sample. */
const PEER = `
import json, sys, time, resource, numpy
peer, folder, k, threads, target = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
x = numpy.ascontiguousarray(numpy.load(folder + '/x.npy'), dtype='float32')
n, d = x.shape
sample = numpy.fromfile(folder + '/sample.i32', dtype='<i4')
truth = numpy.fromfile(folder + '/truth.i32', dtype='<i4').reshape(len(sample), k)
def say(ids, seconds, effort):
    hits = 0
    for row, true in zip(sample, truth):
        mine = [j for j in ids[row] if j != row][:k]
        hits += len(set(mine) & set(true.tolist()))
    recall = hits / truth.size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({'seconds': seconds, 'recall': recall, 'effort': effort, 'peak': peak}), flush=True)
    return recall >= target
now = time.perf_counter
if peer.startswith('faiss'):
    import faiss
    faiss.omp_set_num_threads(threads)
    start = now()
    if peer == 'faiss-flat':
        index = faiss.IndexFlatIP(d); index.add(x)
        ids = index.search(x, k + 1)[1]
        say(ids, now() - start, 'exact')
    else:
        lists = int(4 * n ** .5)
        index = faiss.IndexIVFFlat(faiss.IndexFlatIP(d), d, lists, faiss.METRIC_INNER_PRODUCT)
        index.train(x); index.add(x)
        built = now() - start
        for probes in [8, 16, 32, 64, 128, 256]:
            index.nprobe = probes
            start = now()
            ids = index.search(x, k + 1)[1]
            if say(ids, built + now() - start, f'{lists} lists, {probes} probed'): break
elif peer == 'hnswlib':
    import hnswlib
    start = now()
    index = hnswlib.Index('ip', d); index.init_index(n, M=16, ef_construction=200)
    index.set_num_threads(threads); index.add_items(x)
    built = now() - start
    for ef in [20, 40, 80, 160, 320]:
        index.set_ef(ef)
        start = now()
        ids = index.knn_query(x, k + 1)[0]
        if say(ids, built + now() - start, f'M 16, ef {ef}'): break
else:
    from pynndescent import NNDescent
    def make(rows, wide):
        trees = min(64, 5 + int(round(len(rows) ** .5 / 20)))
        rounds = max(5, int(round(numpy.log2(len(rows)))))
        return NNDescent(rows, n_neighbors=wide, metric='cosine', n_trees=trees, n_iters=rounds,
                         max_candidates=60, random_state=1, n_jobs=threads).neighbor_graph[0]
    make(x[:2000], k + 1)
    for wide in [k + 1, 24, 32, 48, 64]:
        start = now()
        ids = make(x, wide)
        if say(ids, now() - start, f'{wide} kept'): break
`;

interface Measured {
  readonly seconds: number;
  readonly recall: number;
  readonly effort: string;
  /** GiB. */
  readonly peak: number;
}

function askPeer(peer: string, folder: string, target: number): Measured | string {
  const args = [peer, folder, String(K), String(availableParallelism()), String(target)];
  const printed = runPython(PEER, folder, args);
  return typeof printed === 'string' ? printed : (JSON.parse(printed.lines.at(-1)!) as Measured);
}

interface Truth {
  readonly rows: Int32Array;
  readonly ids: Int32Array;
}

async function truthOf(vectors: Vectors): Promise<Truth> {
  const count = Math.min(SAMPLE, vectors.n);
  const step = Math.floor(vectors.n / count);
  const rows = Int32Array.from({ length: count }, (_, s) => s * step);
  const found = await exactSearch(selectRows(vectors, rows), vectors, K + 1);
  const ids = new Int32Array(count * K);
  for (const [s, row] of rows.entries()) {
    const list = found.ids.subarray(s * (K + 1), (s + 1) * (K + 1)).filter((id) => id !== row);
    ids.set(list.subarray(0, K), s * K);
  }
  return { rows, ids };
}

async function ours(
  vectors: Vectors,
  index: 'exact' | 'ivf',
  recall: number | undefined,
  truth: Truth,
): Promise<Measured> {
  const few = Int32Array.from({ length: Math.min(WARM_UP_ROWS, vectors.n) }, (_, i) => i);
  await neighbourGraph(selectRows(vectors, few), K, { index });
  const seconds: number[] = [];
  let hits = 0;
  let effort = '';
  for (let turn = 0; turn < turns; turn += 1) {
    const start = performance.now();
    const graph = await neighbourGraph(vectors, K, { index, recall, seed: 1 });
    seconds.push((performance.now() - start) / 1000);
    effort = graph.index.kind === index ? '' : `became ${graph.index.kind}: ${graph.index.why}`;
    hits = 0;
    for (const [s, row] of truth.rows.entries()) {
      const found = new Set(graph.ids.subarray(row * K, (row + 1) * K));
      for (const id of truth.ids.subarray(s * K, (s + 1) * K)) if (found.has(id)) hits += 1;
    }
  }
  seconds.sort((a, b) => a - b);
  const middle = seconds[Math.floor((turns - 1) / 2)]!;
  const peak = process.resourceUsage().maxRSS / 2 ** 20;
  return { seconds: middle, recall: hits / truth.ids.length, effort, peak };
}

function show(who: string, made: Measured | string, over: Measured | null): void {
  if (typeof made === 'string') {
    console.log(`${who.padEnd(13)} not measured: ${made}`);
    return;
  }
  const ratio = over === null ? '' : `${(made.seconds / over.seconds).toFixed(1)}×`;
  const cells = [made.seconds.toFixed(2).padStart(8), ratio.padStart(8)];
  cells.push(made.recall.toFixed(4).padStart(8), made.peak.toFixed(1).padStart(8));
  console.log(`${who.padEnd(13)} ${cells.join(' ')}   ${made.effort}`);
}

for (const rows of values.rows.split(',').map(Number)) {
  for (const name of values.sets.split(',')) {
    const vectors = drawSet(name, rows);
    const truth = await truthOf(vectors);
    const folder = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
    try {
      const peers = values.peers.split(',').filter((peer) => peer !== '');
      if (peers.length > 0) {
        await writeNpy(join(folder, 'x.npy'), vectors);
        writeFileSync(join(folder, 'sample.i32'), truth.rows);
        writeFileSync(join(folder, 'truth.i32'), truth.ids);
      }
      console.log(`\n${name}: ${rows.toLocaleString('en-US')} × ${dims}, k = ${K}`);
      console.log('               seconds    ratio   recall  GiB, peak of the process');
      const exact = values['no-exact'] ? null : await ours(vectors, 'exact', undefined, truth);
      if (exact !== null) show('gamut exact', exact, null);
      const ivf = await ours(vectors, 'ivf', Number(values.recall), truth);
      show('gamut ivf', ivf, null);
      for (const peer of peers) {
        show(peer, askPeer(peer, folder, ivf.recall), peer === 'faiss-flat' ? exact : ivf);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
