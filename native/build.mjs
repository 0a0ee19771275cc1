/**
 * Compiles native/*.ts to dist/native/NAME.simd.wasm and NAME.wasm (without SIMD, for runtimes that
 * lack it), and what is worth running on several threads also to NAME.threads.simd.wasm and
 * NAME.threads.wasm, which take a shared memory. Does nothing when all are newer than every source.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Entry points; what they import is compiled into them. */
const MODULES = [
  'bags',
  'eigen',
  'forest',
  'nearest',
  'ngrams',
  'pairs',
  'seeding',
  'spectral',
  'umap',
  'waves',
];
/** Entry points whose tasks src/compute/pool.ts can spread over threads. */
const THREADED = ['bags', 'eigen', 'forest', 'seeding', 'spectral', 'umap'];
/** What the pool's threads run; the package ships dist/native and not this folder. */
const WORKER = 'worker.mjs';

const PLAIN = ['--disable', 'threads'];
// A shared memory cannot move when it grows, so its largest size is agreed on beforehand: all that
// 32-bit addresses reach. Pages count only once they are written to.
const SHARED = [
  ...['--enable', 'threads', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '2', '--maximumMemory', '65536'],
];
const SIMD = ['--enable', 'simd'];
const SCALAR = ['--disable', 'simd'];
const BUILDS = [
  { suffix: '.simd.wasm', flags: [...SIMD, ...PLAIN], names: MODULES },
  { suffix: '.wasm', flags: [...SCALAR, ...PLAIN], names: MODULES },
  { suffix: '.threads.simd.wasm', flags: [...SIMD, ...SHARED], names: THREADED },
  { suffix: '.threads.wasm', flags: [...SCALAR, ...SHARED], names: THREADED },
];

const sources = fileURLToPath(new URL('.', import.meta.url));
const root = join(sources, '..');
const output = join(root, 'dist', 'native');

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(
  modified(join(root, 'node_modules', 'assemblyscript', 'package.json')),
  ...readdirSync(sources).map((name) => modified(join(sources, name))),
);

const compiled = [];
for (const { suffix, flags, names } of BUILDS) {
  for (const name of names) {
    const target = join(output, name + suffix);
    if (modified(target) > newest) continue;
    await compile(`${name}.ts`, target, flags);
    compiled.push(name + suffix);
  }
}
if (!(modified(join(output, WORKER)) > newest)) {
  writeWhole(join(output, WORKER), readFileSync(join(sources, WORKER)));
}
if (compiled.length > 0) console.log(`native: ${compiled.join(', ')}`);

async function compile(source, target, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr } = await asc.main(
    [
      source,
      ...flags,
      ...['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
      ...['--baseDir', sources, '--outFile', target],
    ],
    { writeFile: (_name, content) => writeWhole(target, content) },
  );
  if (!error) return;
  process.stderr.write(stderr.toString());
  throw error;
}

/** Another process may be reading the file, or writing it: it appears whole or not at all. */
function writeWhole(file, content) {
  mkdirSync(output, { recursive: true });
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}
