/**
 * Claim: what is linear in the rows takes time in proportion to them, no more than reading the vectors ten times
 * from a file, and memory that does not grow.
 *
 * Streams random unit rows through the linear pass of an audit (second moments, then both spectra with
 * their leave-one-group-out twins: that part costs the same at every n) and prints time and peak memory
 * at each n. Rows are made block by block and never held; making them is not counted. Each n runs in a process of its own, so that a
 * peak is that of one n. Reading is what an audit does of a .npy of them: every row through the reader, ten times the
 * time of one pass. The file is written before and is in the system's cache.
 *
 *     npm run build && node dist/bench/growth.js [--rows 10000,100000,1000000] [--dims 384] [--device cpu]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { random } from '../src/base/random.ts';
import { type DeviceChoice, openDevice } from '../src/compute/device.ts';
import { BLOCK_ROWS, normaliseRows } from '../src/compute/vectors.ts';
import { openDataset } from '../src/data/open.ts';
import { moments } from '../src/measures/folds/moments.ts';
import { spectraOf } from '../src/measures/spectrum.ts';
import { GROUPS } from '../src/stats/groups.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000,1000000' },
    dims: { type: 'string', default: '384' },
    device: { type: 'string', default: 'cpu' },
    /** One n in this process, for the process that prints the table. */
    single: { type: 'boolean', default: false },
  },
});
const dims = Number(values.dims);

interface Cost {
  readonly moments: number;
  readonly spectrum: number;
  readonly peak: number;
  /** Seconds to read the rows from a file once. */
  readonly reading: number;
}

/** Reads n random rows through the reader of datasets. */
async function readOnce(n: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-growth-'));
  try {
    const path = join(folder, 'rows.npy');
    const file = openSync(path, 'w');
    const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${n}, ${dims}), }`;
    const padded = `${head.padEnd(117)}\n`;
    const magic = [0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8];
    writeSync(file, Buffer.from([...magic, ...Buffer.from(padded)]));
    const uniform = random(2);
    const block = Float32Array.from({ length: BLOCK_ROWS * dims }, () => 2 * uniform() - 1);
    for (let first = 0; first < n; first += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, n - first);
      writeSync(file, new Uint8Array(block.buffer, 0, 4 * count * dims));
    }
    closeSync(file);
    const dataset = await openDataset([path]);
    const start = performance.now();
    let seen = 0;
    for await (const { vector } of dataset.rows()) seen += vector!.length === dims ? 1 : 0;
    const seconds = (performance.now() - start) / 1000;
    await dataset.close();
    if (seen !== n) throw new Error(`read ${seen} of ${n} rows`);
    return seconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function pass(n: number): Promise<Cost> {
  const device = await openDevice(values.device as DeviceChoice);
  const state = moments.init(dims);
  const uniform = random(1);
  const block = new Float32Array(BLOCK_ROWS * dims);
  let observing = 0;
  for (let first = 0; first < n; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, n - first);
    const unit = block.subarray(0, count * dims);
    for (let i = 0; i < unit.length; i += 1) unit[i] = 2 * uniform() - 1;
    normaliseRows(unit, dims);
    const groups = Uint8Array.from({ length: count }, (_, i) => (first + i) % GROUPS);
    const start = performance.now();
    await moments.observe(state, { dims, vectors: unit, unit, groups }, { device });
    observing += performance.now() - start;
  }
  const start = performance.now();
  await spectraOf(state, { device });
  const spectrum = performance.now() - start;
  await device.close();
  const peak = process.resourceUsage().maxRSS * 1024;
  return { moments: observing / 1000, spectrum: spectrum / 1000, peak, reading: await readOnce(n) };
}

const sizes = values.rows.split(',').map(Number);
if (values.single) {
  console.log(JSON.stringify(await pass(sizes[0]!)));
} else {
  console.log(`Linear pass over random unit rows of ${dims} dimensions on ${values.device}\n`);
  console.log(
    '     rows   moments s   spectrum s   both s   ten readings s   µs a row   peak memory MB',
  );
  for (const n of sizes) {
    const script = fileURLToPath(import.meta.url);
    const args = ['--rows', String(n), '--dims', values.dims, '--device', values.device];
    const child = spawnSync(process.execPath, [script, ...args, '--single'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.status !== 0) throw new Error(`the run of n = ${n} failed`);
    const cost = JSON.parse(child.stdout) as Cost;
    const cells = [
      n.toLocaleString('en-US').padStart(9),
      cost.moments.toFixed(2).padStart(11),
      cost.spectrum.toFixed(2).padStart(12),
      (cost.moments + cost.spectrum).toFixed(2).padStart(8),
      (10 * cost.reading).toFixed(2).padStart(16),
      (((cost.moments + cost.spectrum) / n) * 1e6).toFixed(1).padStart(10),
      (cost.peak / 1e6).toFixed(0).padStart(16),
    ];
    console.log(cells.join(' '));
  }
}
