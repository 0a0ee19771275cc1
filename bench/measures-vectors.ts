/**
 * Claim: measures of vectors take less time than the arithmetic that their peers do, and give the same.
 *
 * Prints for each measure, on the same rows in one run, our seconds with everything it needs and with its
 * interval, the peer's seconds without one, their ratio, and both values. The peers' arithmetic is theirs,
 * in numpy, scipy and scikit-learn (/usr/bin/python3), written out here where the package is not
 * installed: vertaix/Vendi-Score `score_K`, FID's formula with `sqrtm`, KID's kernel over all rows, energy
 * distance by `cdist`, clovaai's PRDC. MAUVE needs faiss.
 *
 *     npm run build && node dist/bench/measures-vectors.js [rows] [dims] | [dataset.npy] [reference.npy]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withIntervals } from '../src/audit/intervals.ts';
import { runMeasures } from '../src/audit/measure.ts';
import { gaussian, random } from '../src/base/random.ts';
import { normaliseRows, rowOf, type Vectors, vectorsOf } from '../src/compute/vectors.ts';
import { openDataset } from '../src/data/open.ts';
import { artefactsOf } from '../src/engine/artefacts.ts';
import { makeRows, vectorKey } from '../src/engine/collect.ts';
import { DEFAULT_SETTINGS } from '../src/measures/measure.ts';
import { ABOUT } from '../src/measures/registry.ts';
import type { Rows } from '../src/measures/rows.ts';

const PEERS = `
import json, sys, time, warnings
import numpy as np
warnings.filterwarnings('ignore')
x = np.fromfile(sys.argv[1], dtype='<f4').reshape(-1, int(sys.argv[3])).astype(np.float64)
y = np.fromfile(sys.argv[2], dtype='<f4').reshape(-1, int(sys.argv[3])).astype(np.float64)
n, m, d = len(x), len(y), x.shape[1]
def vendi():
    from scipy.linalg import eigvalsh
    w = eigvalsh((x @ x.T) / n)
    w = w[w > 1e-15]
    return float(np.exp(-(w * np.log(w)).sum()))
def frechet():
    from scipy.linalg import sqrtm
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = np.real(sqrtm(a @ b))
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a + b - 2 * root))
def kid():
    k = lambda a, b: (a @ b.T / d + 1) ** 3
    a, b, c = k(x, x), k(y, y), k(x, y)
    return float((a.sum() - np.trace(a)) / (n * (n - 1)) + (b.sum() - np.trace(b)) / (m * (m - 1)) - 2 * c.mean())
def energy():
    from scipy.spatial.distance import cdist
    return float(2 * cdist(x, y).mean() - cdist(x, x).mean() - cdist(y, y).mean())
def coverage():
    from sklearn.metrics import pairwise_distances
    real = pairwise_distances(y, y, n_jobs=8)
    radii = np.partition(real, 5, axis=-1)[:, 5]
    fake = pairwise_distances(x, x, n_jobs=8)
    fradii = np.partition(fake, 5, axis=-1)[:, 5]
    cross = pairwise_distances(y, x, n_jobs=8)
    (cross < radii[:, None]).any(0).mean(); (cross < fradii[None, :]).any(1).mean(); (cross < radii[:, None]).sum(0).mean() / 5
    return float((cross.min(1) < radii).mean())
def mauve():
    import faiss
    from sklearn.decomposition import PCA
    both = np.vstack([y, x])
    pca = PCA(random_state=1).fit(both)
    kept = int(np.argmax(np.cumsum(pca.explained_variance_ratio_) >= 0.9)) + 1
    low = pca.transform(both)[:, :kept].astype(np.float32)
    k = max(2, round(min(n, m) / 10))
    means = faiss.Kmeans(kept, k, niter=500, nredo=5, seed=2, update_index=True)
    means.train(low)
    labels = means.index.search(low, 1)[1].reshape(-1)
    q, p = (np.bincount(part, minlength=k) / len(part) for part in (labels[:m], labels[m:]))
    kl = lambda a, b: float((a[a > 0] * np.log(a[a > 0] / b[a > 0])).sum())
    curve = [(1.0, 0.0)]
    for w in np.linspace(1e-6, 1 - 1e-6, 25):
        r = w * p + (1 - w) * q
        curve.append((np.exp(-5 * kl(q, r)), np.exp(-5 * kl(p, r))))
    curve.append((0.0, 1.0))
    c = np.array(curve)
    return float(((c[:-1, 0] - c[1:, 0]) * (c[:-1, 1] + c[1:, 1]) + (c[1:, 1] - c[:-1, 1]) * (c[:-1, 0] + c[1:, 0])).sum() / 4)
found = {}
for name, measure in [('vendi', vendi), ('frechet', frechet), ('kid', kid), ('energy-distance', energy), ('coverage', coverage), ('mauve', mauve)]:
    start = time.perf_counter()
    try:
        value = measure()
        found[name] = [time.perf_counter() - start, value]
    except Exception as error:
        found[name] = str(error)
print(json.dumps(found))
`;

/** Ids that are timed together, as one computation gives them. */
const MEASURES: Readonly<Record<string, readonly string[]>> = {
  vendi: ['vendi'],
  frechet: ['frechet'],
  kid: ['kid'],
  'energy-distance': ['energy-distance'],
  coverage: ['coverage', 'precision', 'recall', 'density'],
  mauve: ['mauve'],
};

/** A mixture of fifty clusters around the same centres; `shift` moves the whole of it. */
function mixture(n: number, dims: number, seed: number, shift: number): Vectors {
  const centres = random(1);
  const middle = Float64Array.from({ length: 50 * dims }, () => gaussian(centres));
  const uniform = random(seed);
  const data = new Float32Array(n * dims);
  for (let i = 0; i < n; i += 1) {
    const c = Math.floor(uniform() ** 2 * 50);
    for (let j = 0; j < dims; j += 1) {
      data[i * dims + j] = middle[c * dims + j]! + 1.5 * gaussian(uniform) + shift;
    }
  }
  return vectorsOf(data, dims);
}

async function read(path: string): Promise<Vectors> {
  const dataset = await openDataset([path]);
  const rows: Float32Array[] = [];
  for await (const { vector } of dataset.rows()) rows.push(vector!);
  await dataset.close();
  const dims = rows[0]!.length;
  const data = new Float32Array(rows.length * dims);
  for (const [i, row] of rows.entries()) data.set(row, i * dims);
  return vectorsOf(data, dims);
}

function asRows(vectors: Vectors): Rows {
  for (const block of vectors.blocks) normaliseRows(block, vectors.dims);
  const keys = Array.from({ length: vectors.n }, (_, i) => vectorKey(rowOf(vectors, i)));
  return makeRows(vectors, vectors, keys, 0);
}

async function ours(ids: readonly string[], rows: Rows, reference: Rows): Promise<number> {
  const chosen = ids.map((id) => ABOUT[id]!);
  const context = { seed: 0, settings: DEFAULT_SETTINGS };
  const source = artefactsOf(rows, reference, { seed: 0, index: 'exact' });
  const values = await runMeasures(chosen, source, context);
  return (await withIntervals(chosen, source, values, context))[ids[0]!]!.value!;
}

function peers(rows: Rows, reference: Rows): Readonly<Record<string, [number, number] | string>> {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-bench-'));
  try {
    const files = [rows, reference].map(({ unit }, i) => {
      const path = join(folder, `${i}.f32`);
      writeFileSync(path, Buffer.concat(unit.blocks.map((b) => new Uint8Array(b.slice().buffer))));
      return path;
    });
    const args = ['-c', PEERS, ...files, String(rows.unit.dims)];
    const { stdout, stderr } = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
    if (stdout.trim() === '') throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first = '3000', second = '384'] = process.argv.slice(2);
const fromFiles = first.endsWith('.npy');
const n = Number(first);
const dims = Number(second);
const rows = asRows(fromFiles ? await read(first) : mixture(n, dims, 2, 0));
const reference = asRows(fromFiles ? await read(second) : mixture(n, dims, 3, 0.05));

console.log(`${rows.n} rows against ${reference.n}, ${rows.unit.dims} dimensions\n`);
console.log('measure             ours s   peer s    ratio       ours        peer');
// Kernels are built when first used: once for nothing.
await ours(['frechet', 'kid', 'coverage'], asRows(mixture(64, rows.unit.dims, 4, 0)), reference);
const theirs = peers(rows, reference);
for (const [name, ids] of Object.entries(MEASURES)) {
  const start = performance.now();
  const value = await ours(ids, rows, reference);
  const seconds = (performance.now() - start) / 1000;
  const peer = theirs[name]!;
  const head = `${name.padEnd(18)} ${seconds.toFixed(2).padStart(7)}`;
  if (typeof peer === 'string') {
    console.log(`${head}   no peer here: ${peer}`);
    continue;
  }
  const [peerSeconds, peerValue] = peer;
  const ratio = (peerSeconds / seconds).toFixed(1);
  console.log(
    `${head} ${peerSeconds.toFixed(2).padStart(8)} ${`${ratio}×`.padStart(8)} ${value.toPrecision(5).padStart(10)}  ${peerValue.toPrecision(5).padStart(10)}`,
  );
}
