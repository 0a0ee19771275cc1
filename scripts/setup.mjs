/**
 * Makes a fresh clone ready: installs what is missing, builds what is older than its sources. Runs
 * before `npm start` and `npm test` and takes a fraction of a second when there is nothing to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

const SOURCES = ['src', 'models', 'native', 'bench', 'examples'];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const INSTALLED = at('node_modules', '.package-lock.json');
const BUILT = at('dist', '.built');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`gamut needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

const lock = at('package-lock.json');
if (!existsSync(INSTALLED) || modified(INSTALLED) < modified(lock)) {
  say('installing dependencies (about a minute) …');
  // onnxruntime-node brings its cpu and WebGPU libraries; CUDA's are a separate, documented step.
  npm(['ci', '--no-audit', '--no-fund'], { ONNXRUNTIME_NODE_INSTALL: 'skip' });
}
if (!existsSync(BUILT) || modified(BUILT) < newest()) {
  say('building …');
  npm(['run', '--silent', 'build'], {});
  writeFileSync(BUILT, '');
}

function npm(args, env) {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    // The result of `npm start` may go into a pipe: what setting up says goes to stderr.
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) fail(`npm ${args[0] === 'ci' ? 'ci' : 'run build'} failed; see above.`);
}

function newest() {
  let latest = 0;
  for (const name of SETTINGS) latest = Math.max(latest, modified(at(name)));
  for (const folder of SOURCES) {
    for (const entry of readdirSync(at(folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) latest = Math.max(latest, modified(join(entry.parentPath, entry.name)));
    }
  }
  return latest;
}

function modified(path) {
  return statSync(path).mtimeMs;
}

function say(text) {
  process.stderr.write(`gamut: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
