import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Place, writeTexts } from './gamut.ts';

const PYTHON = '/usr/bin/python3';
const hasPython = works(PYTHON, ['-c', 'import pty, fcntl, termios']);

/** Runs a command on a terminal of some columns; everything it shows comes out of stdout. */
const ON_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp("sh", ["sh", "-c", 'while [ ! -e "$0" ]; do sleep 0.01; done; exec "$@"', os.environ["READY"], *command])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
open(os.environ["READY"], "w").close()
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeTexts(place.at('rows.jsonl'), 700);
  await writeTexts(place.at('few.jsonl'), 30);
});
afterAll(() => place.remove());

let runs = 0;
async function onTerminal(
  args: readonly string[],
  { columns = 80, env = {} }: { columns?: number; env?: Record<string, string> } = {},
): Promise<{ code: number | null; shown: string }> {
  runs += 1;
  const { code, stdout } = await place.gamut(args, {
    wrapper: [PYTHON, '-c', ON_TERMINAL, String(columns)],
    env: { TERM: 'xterm-256color', READY: place.at(`.ready-${runs}`), ...env },
  });
  return { code, shown: stdout };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
const CODES = /\u001b\[\d*[a-zA-Z]/g;
const lines = (shown: string): string[] => shown.replace(CODES, '').split(/[\r\n]+/);

describe.skipIf(!hasPython)('on a terminal', () => {
  test('a bar with share, count and time left, then the summary in colour, within the width', async () => {
    const { code, shown } = await onTerminal(['audit', 'rows.jsonl', '--html', 'report.html']);
    expect(code).toBe(0);
    const drawn = lines(shown);
    expect(drawn.find((line) => line.startsWith('embedding'))).toMatch(
      /^embedding {2}[█░]+ {2}\d+% {2}[\d,]+\/700 rows/,
    );
    expect(drawn.some((line) => /^embedding .* \d+ rows\/s {2}\d+ s left$/.test(line))).toBe(true);
    expect(shown).toContain('\u001b[1mDiversity');
    expect(drawn.some((line) => /^wrote report\.html \(.+, map of 700 rows\)$/.test(line))).toBe(
      true,
    );
    for (const line of drawn) expect([...line].length).toBeLessThanOrEqual(80);
    // The last line of progress is wiped before anything else is printed.
    const summary = shown.indexOf('\u001b[1mrows.jsonl');
    expect(shown.slice(0, summary).endsWith('\r\u001b[K')).toBe(true);
  });

  test.each([60, 80, 100, 160])('%i columns are kept to', async (columns) => {
    const { shown } = await onTerminal(['audit', 'few.jsonl'], { columns });
    const widths = lines(shown).map((line) => [...line].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  });

  test('NO_COLOR leaves the bar and takes the colours', async () => {
    const { shown } = await onTerminal(['audit', 'few.jsonl'], { env: { NO_COLOR: '1' } });
    expect(shown).toContain('█');
    expect(shown.replaceAll('\u001b[K', '')).not.toContain('\u001b');
  });

  test('a dumb terminal gets plain lines', async () => {
    const { shown } = await onTerminal(['audit', 'few.jsonl'], { env: { TERM: 'dumb' } });
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('Vendi score');
  });

  test('an error stands on a line of its own', async () => {
    const { code, shown } = await onTerminal(['audit', 'none.jsonl']);
    expect(code).toBe(2);
    expect(shown).toBe('gamut: none.jsonl does not exist; check the path.\r\n');
  });
});
