/**
 * `npm start` audits the bundled example; `npm start -- audit FILE` audits yours. Either writes
 * gamut-report/ in the project's folder. Any other command line goes to gamut as it is.
 */
import './setup.mjs';
import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// npm runs scripts in the project's folder; paths mean what they mean where the user stands.
const cwd = process.env.INIT_CWD ?? process.cwd();
const here = (...parts) => relative(cwd, join(root, ...parts)) || '.';

const asked = process.argv.slice(2);
const example = [
  'audit',
  here('examples', 'collapsed.jsonl'),
  '--reference',
  here('examples', 'varied.jsonl'),
];
const args = asked.length === 0 ? example : asked;
if (args[0] === 'audit' && !asksForOutput(args)) {
  args.push('--json', here('gamut-report', 'report.json'));
  args.push('--html', here('gamut-report', 'report.html'));
  args.push('--save-index', here('gamut-report', 'index'));
}

const gamut = spawn(process.execPath, [join(root, 'dist', 'src', 'cli', 'main.js'), ...args], {
  cwd,
  stdio: 'inherit',
});
// Ctrl-C reaches gamut itself, which stops between batches; this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
gamut.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});

function asksForOutput(flags) {
  return flags.some((flag) => /^(--(json|html|save-index)(=|$)|--help$|-h$)/.test(flag));
}
