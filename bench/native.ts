/**
 * Claim: what is no matrix product runs in WASM, on several threads where that pays, no slower than its
 * peers: plain JavaScript, SciPy and scikit-learn.
 * Prints, for each kernel, the median time of ours and of the peers in this one run, and the ratio of
 * each to ours. Results are compared too: a peer that found something else is marked. bench/eigen.ts
 * compares single eigenproblems.
 *
 *     npm run build && node dist/bench/native.js [rows] [dims]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussian, random } from '../src/base/random.ts';
import { manyEigenvalues } from '../src/compute/eigen.ts';
import { connectedComponents, minimumForest, minimumTree } from '../src/compute/forest.ts';
import { distinctNgrams } from '../src/compute/ngram-state.ts';
import { openNgrams } from '../src/compute/ngrams.ts';
import { openSeeder } from '../src/compute/seeding.ts';
import { normaliseRows, vectorsOf } from '../src/compute/vectors.ts';
import { plainComponents, plainDistinct, plainForest, plainSeeds, plainTree } from './native-js.ts';
import { PYTHON, peerEnvironment } from './support/peers.ts';

const [rows = 20_000, dims = 512] = process.argv.slice(2).map(Number);
const NODES = 100_000;
const NEIGHBOURS = 15;
const TREE_ROWS = 5000;
const CENTRES = 142;
const MATRICES = 33;
const TEXTS = 20_000;

/** Answers with the seconds of one run of each, after a warm-up, and what came out. */
const PEERS = `
import json, sys, time, warnings
import numpy
warnings.simplefilter('ignore')
folder, nodes, tree_rows, rows, dims, centres = sys.argv[1], *map(int, sys.argv[2:])
def timed(work, runs=3):
    work(); times = []
    for _ in range(runs):
        start = time.perf_counter(); found = work(); times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[runs // 2], found
found = {}
try:
    import scipy.sparse, scipy.sparse.csgraph, scipy.spatial.distance
    ends = numpy.fromfile(folder + '/ends', numpy.int32).reshape(2, -1)
    weights = numpy.fromfile(folder + '/weights')
    graph = scipy.sparse.coo_matrix((weights, (ends[0], ends[1])), (nodes, nodes)).tocsr()
    ms, tree = timed(lambda: scipy.sparse.csgraph.minimum_spanning_tree(graph))
    found['forest'] = [ms, float(tree.sum())]
    ms, (count, _) = timed(lambda: scipy.sparse.csgraph.connected_components(graph, directed=False))
    found['components'] = [ms, int(count)]
    points = numpy.fromfile(folder + '/rows', numpy.float32).reshape(rows, dims)
    def tree():
        distances = scipy.spatial.distance.squareform(scipy.spatial.distance.pdist(points[:tree_rows], 'sqeuclidean') / 2)
        return scipy.sparse.csgraph.minimum_spanning_tree(distances, overwrite=True)
    ms, grown = timed(tree, 1)
    found['tree'] = [ms, float(grown.sum())]
    gram = numpy.fromfile(folder + '/gram').reshape(dims, dims)
    import scipy.linalg
    ms, values = timed(lambda: [scipy.linalg.eigvalsh(gram) for _ in range(${MATRICES})], 1)
    found['eigen'] = [ms, float(values[0][-1])]
except ImportError: pass
try:
    from sklearn.cluster import kmeans_plusplus
    found['seeding'] = [timed(lambda: kmeans_plusplus(points, centres, random_state=1))[0], None]
except (ImportError, NameError): pass
print(json.dumps(found))
`;

const uniform = random(1);

/** Unit rows around 60 centres. */
function mixture(): Float32Array {
  const middle = Float64Array.from({ length: 60 * dims }, () => gaussian(uniform));
  const data = new Float32Array(rows * dims);
  for (let i = 0; i < rows; i += 1) {
    const c = Math.floor(uniform() * 60);
    for (let j = 0; j < dims; j += 1) {
      data[i * dims + j] = middle[c * dims + j]! + 2.4 * (uniform() + uniform() + uniform() - 1.5);
    }
  }
  normaliseRows(data, dims);
  return data;
}

/** A graph like that of nearest neighbours: 15 edges a node to others not far off, in several parts. */
function graph(): { from: Int32Array; to: Int32Array; weights: Float64Array } {
  const from = Int32Array.from({ length: NODES * NEIGHBOURS }, (_, i) =>
    Math.floor(i / NEIGHBOURS),
  );
  const part = NODES / 50;
  // No edge twice: SciPy would add the weights up.
  const to = from.map((node, i) => {
    const step = 1 + 5 * (i % NEIGHBOURS) + Math.floor(uniform() * 5);
    const first = node - (node % part);
    return first + ((node - first + step) % part);
  });
  return { from, to, weights: Float64Array.from(from, () => 0.01 + uniform()) };
}

function texts(): string[] {
  const words = Array.from({ length: 20_000 }, (_, i) => Math.floor((i + 37) ** 2.7).toString(36));
  return Array.from({ length: TEXTS }, () =>
    Array.from({ length: 100 }, () => words[Math.floor(uniform() ** 3 * words.length)]!).join(' '),
  );
}

async function medianMs<T>(work: () => T | Promise<T>, runs = 5): Promise<[number, T]> {
  let found = await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    found = await work();
    times.push(performance.now() - start);
  }
  return [times.sort((a, b) => a - b)[runs >> 1]!, found];
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 * Math.abs(b);
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

type Timed = readonly [ms: number, found: number | null];

/** One line: what ours found must be what the others did, where they say. */
function report(
  what: string,
  ours: { readonly two: Timed; readonly one?: Timed; readonly scalar?: Timed },
  peers: { readonly plain?: Timed | undefined; readonly python?: Timed | undefined },
): void {
  const [base, expected] = ours.two;
  const column = (timed: Timed | undefined): string => {
    if (!timed) return ''.padStart(18);
    const [ms, found] = timed;
    const same = found === null || expected === null || near(found, expected);
    return `${ms.toFixed(1).padStart(9)} ${`${(ms / base).toFixed(1)}×`.padStart(7)}${same ? ' ' : '≠'}`;
  };
  console.log(
    `${what.padEnd(44)}${base.toFixed(1).padStart(9)}${column(ours.one)}${column(ours.scalar)}${column(peers.plain)}${column(peers.python)}`,
  );
}

const data = mixture();
const points = vectorsOf(data, dims);
const edges = graph();
const documents = texts();
const gram = new Float64Array(dims * dims);
for (let i = 0; i < dims; i += 1) {
  for (let j = 0; j <= i; j += 1) gram[j * dims + i] = gram[i * dims + j] = gaussian(uniform);
}

function pythonPeers(): Record<string, Timed> {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
  try {
    const ends = new Int32Array(2 * edges.from.length);
    ends.set(edges.from);
    ends.set(edges.to, edges.from.length);
    const files = { ends, weights: edges.weights, rows: data, gram };
    for (const [name, { buffer }] of Object.entries(files)) {
      writeFileSync(join(folder, name), new Uint8Array(buffer));
    }
    const sizes = [NODES, TREE_ROWS, rows, dims, CENTRES].map(String);
    const run = spawnSync(PYTHON, ['-c', PEERS, folder, ...sizes], {
      encoding: 'utf8',
      env: peerEnvironment(),
    });
    if (run.status === 0) return JSON.parse(run.stdout) as Record<string, Timed>;
    console.log(`SciPy and scikit-learn are left out: ${PYTHON} failed.\n`);
    return {};
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const python = pythonPeers();
console.log(
  'Median milliseconds; × is how many times as long as ours (all threads, simd) that takes;',
);
console.log('≠ marks a result that is not ours.\n');
const head = ['ours', 'one thread', 'scalar', 'plain JS', 'SciPy/sklearn'];
console.log(`${''.padEnd(44)}${head.map((name, i) => name.padStart(i === 0 ? 9 : 17)).join(' ')}`);

async function seeding(options: { threads?: number; build?: 'scalar' }): Promise<Timed> {
  const seeder = await openSeeder(points, options);
  const [ms, found] = await medianMs(() => seeder.seed(CENTRES, random(3)), 3);
  await seeder.close();
  return [ms, found.at(-1)!];
}
report(
  `k-means++ seeding, ${rows} × ${dims}, ${CENTRES} centres`,
  {
    two: await seeding({}),
    one: await seeding({ threads: 1 }),
    scalar: await seeding({ build: 'scalar' }),
  },
  {
    plain: await medianMs(async () => plainSeeds(points, CENTRES, random(3)).at(-1)!, 1),
    python: python.seeding,
  },
);

const forest = async (build?: 'scalar'): Promise<Timed> => {
  const [ms, found] = await medianMs(() => minimumForest(NODES, edges, build));
  return [ms, sum(found.weights)];
};
report(
  `forest of ${NODES} nodes, ${NODES * NEIGHBOURS} edges`,
  { two: await forest(), scalar: await forest('scalar') },
  { plain: await medianMs(() => plainForest(NODES, edges)), python: python.forest },
);

const components = async (build?: 'scalar'): Promise<Timed> => {
  const [ms, found] = await medianMs(() => connectedComponents(NODES, edges, build));
  return [ms, found.count];
};
report(
  'components of the same',
  { two: await components(), scalar: await components('scalar') },
  { plain: await medianMs(() => plainComponents(NODES, edges)), python: python.components },
);

const some = vectorsOf(data.subarray(0, TREE_ROWS * dims), dims);
const tree = async (options: { threads?: number; build?: 'scalar' }): Promise<Timed> => {
  const [ms, found] = await medianMs(() => minimumTree(some, options), 3);
  return [ms, sum(found.weights)];
};
report(
  `tree of all pairs of ${some.n} × ${dims}`,
  { two: await tree({}), one: await tree({ threads: 1 }), scalar: await tree({ build: 'scalar' }) },
  { plain: await medianMs(() => plainTree(some), 1), python: python.tree },
);

const matrices = Array.from({ length: MATRICES }, () => gram);
const eigen = async (options: { threads?: number; build?: 'scalar' }): Promise<Timed> => {
  const [ms, found] = await medianMs(() => manyEigenvalues(matrices, dims, options), 3);
  return [ms, found[0]!.at(-1)!];
};
report(
  `eigenvalues of ${MATRICES} matrices of ${dims}`,
  {
    two: await eigen({}),
    one: await eigen({ threads: 1 }),
    scalar: await eigen({ build: 'scalar' }),
  },
  { python: python.eigen },
);

for (const size of [1, 4, 13]) {
  const ngrams = async (build?: 'scalar'): Promise<Timed> => {
    return medianMs(async () => {
      const counter = await openNgrams({
        unit: 'words',
        sizes: [size],
        limit: 2 ** 22,
        ...(build && { build }),
      });
      counter.observe(documents);
      return distinctNgrams(counter.states()[0]!).value;
    }, 3);
  };
  report(
    `different ${size}-grams of ${TEXTS} texts of 100 words`,
    { two: await ngrams(), scalar: await ngrams('scalar') },
    { plain: await medianMs(() => plainDistinct(documents, size), 1) },
  );
}
