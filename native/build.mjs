/**
 * Compiles native/*.ts to dist/native/NAME.simd.wasm and NAME.wasm (without SIMD, for runtimes that
 * lack it). Does nothing when both are newer than every source.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Entry points; what they import is compiled into them. */
const MODULES = ['eigen'];
const BUILDS = [
  { suffix: '.simd.wasm', flags: ['--enable', 'simd'] },
  { suffix: '.wasm', flags: ['--disable', 'simd'] },
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
for (const name of MODULES) {
  for (const { suffix, flags } of BUILDS) {
    const target = join(output, name + suffix);
    if (modified(target) > newest) continue;
    await compile(`${name}.ts`, target, flags);
    compiled.push(name + suffix);
  }
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
