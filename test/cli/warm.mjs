/**
 * gamut's built command line in one process that stays: `node warm.mjs dist/src/cli/run.js`, started with a
 * channel. Each message is one command line; the answer is its exit code and what it wrote. What a process
 * costs to start is paid once, and that a run leaves nothing behind which the next one trips over is tested
 * along the way.
 */
import { pathToFileURL } from 'node:url';

const { run } = await import(pathToFileURL(process.argv[2]).href);

const STREAMS = ['stdout', 'stderr'];
for (const emitter of [process, ...STREAMS.map((name) => process[name])]) {
  emitter.setMaxListeners(0);
}

/** Keeps what is written to a stream, and says that it was written. */
function kept(stream) {
  const chunks = [];
  stream.write = (chunk, encoding, done) => {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
    queueMicrotask(() => (typeof encoding === 'function' ? encoding : done)?.());
    return true;
  };
  return () => Buffer.concat(chunks).toString('utf8');
}

async function answer(args) {
  const [stdout, stderr] = STREAMS.map((name) => kept(process[name]));
  const code = await run(args);
  return { code, stdout: stdout(), stderr: stderr() };
}

let last = Promise.resolve();
process.on('message', (args) => {
  last = last.then(async () => process.send(await answer(args)));
});
process.on('disconnect', () => process.exit());
process.send('ready');
