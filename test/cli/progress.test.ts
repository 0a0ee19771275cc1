import { describe, expect, test } from 'vitest';
import type { ProgressEvent } from '../../src/base/progress.ts';
import { createProgress, type Progress } from '../../src/cli/progress.ts';

interface Screen {
  readonly progress: Progress;
  /** Everything that was written, one entry a call. */
  readonly writes: string[];
  /** Moves the clock by some milliseconds and reports an event. */
  later(ms: number, event: Partial<ProgressEvent>): void;
}

interface Setting {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly quiet?: boolean;
  readonly env?: Record<string, string>;
}

function screen({ isTTY = false, columns, quiet = false, env = {} }: Setting): Screen {
  const writes: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => writes.push(text) };
  let time = 0;
  const progress = createProgress({ stream, quiet, env, now: () => time });
  return {
    progress,
    writes,
    later(ms, event) {
      time += ms;
      progress.onProgress({ stage: 'embedding', done: 0, total: 9229, unit: 'rows', ...event });
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
const CONTROLS = /\r|\u001b\[\d*[a-zA-Z]/g;
const visible = (text: string | undefined): string => (text ?? '').replace(CONTROLS, '');

describe('on a terminal', () => {
  test('shows stage, bar, share, count, rate and time left on one line', () => {
    const { later, writes } = screen({ isTTY: true, columns: 100, env: { NO_COLOR: '1' } });
    later(0, { done: 0 });
    later(8000, { done: 4096 });
    expect(visible(writes.at(-1))).toBe(
      'embedding  ███████████░░░░░░░░░░░░░  44%  4,096/9,229 rows  512 rows/s  10 s left',
    );
  });

  test('rewrites the line in place and never ends it', () => {
    const { later, writes } = screen({ isTTY: true });
    for (let i = 0; i < 10; i++) later(200, { done: i });
    expect(writes).toHaveLength(10);
    for (const write of writes) {
      expect(write.startsWith('\r')).toBe(true);
      expect(write.endsWith('\u001b[K')).toBe(true);
      expect(write).not.toContain('\n');
    }
  });

  test('draws at most ten times a second', () => {
    const { later, writes } = screen({ isTTY: true });
    for (let i = 0; i < 3000; i++) later(1, { done: i });
    expect(writes.length).toBeLessThanOrEqual(31);
    expect(writes.length).toBeGreaterThan(25);
  });

  test('always draws the first and the last state of a stage', () => {
    const { later, writes } = screen({ isTTY: true });
    later(0, { done: 0 });
    later(1, { done: 9228 });
    later(1, { done: 9229 });
    later(1, { stage: 'neighbours', done: 0 });
    expect(writes.map((write) => visible(write).match(/^\w+|\d+%/g))).toEqual([
      ['embedding', '0%'],
      ['embedding', '100%'],
      ['neighbours', '0%'],
    ]);
  });

  test.each([200, 80, 60, 50, 40, 30, 20, 12, 5, 1])('fits into %i columns', (columns) => {
    const { later, writes } = screen({ isTTY: true, columns });
    later(0, { done: 0 });
    later(8000, { done: 4096 });
    for (const write of writes) {
      expect(visible(write).length).toBeLessThan(Math.max(columns, 1));
    }
  });

  test('gives up the bar first, then rate, time left and count', () => {
    const at = (columns: number): string => {
      const { later, writes } = screen({ isTTY: true, columns });
      later(0, { done: 0 });
      later(8000, { done: 4096 });
      return visible(writes.at(-1)).replace(/[█░]+/, 'BAR');
    };
    expect(at(80)).toBe('embedding  BAR  44%  4,096/9,229 rows  512 rows/s  10 s left');
    expect(at(60)).toBe('embedding  44%  4,096/9,229 rows  512 rows/s  10 s left');
    expect(at(50)).toBe('embedding  44%  4,096/9,229 rows  10 s left');
    expect(at(35)).toBe('embedding  44%  4,096/9,229 rows');
    expect(at(20)).toBe('embedding  44%');
    expect(at(10)).toBe('embedding');
  });

  test('takes 80 columns where the width is not known', () => {
    const { later, writes } = screen({ isTTY: true });
    later(0, { done: 0 });
    expect(visible(writes[0]).length).toBeLessThan(80);
    expect(visible(writes[0])).toContain('░');
  });

  test('shows neither share nor bar nor time left when the total is not known', () => {
    const { later, writes } = screen({ isTTY: true });
    later(0, { total: null });
    later(2000, { total: null, done: 1024 });
    expect(visible(writes.at(-1))).toBe('embedding  1,024 rows  512 rows/s');
  });

  test('colours the bar unless NO_COLOR is set', () => {
    const [plain, coloured] = [{ NO_COLOR: '1' }, {}].map((env) => {
      const { later, writes } = screen({ isTTY: true, env });
      later(0, { done: 5000 });
      return writes[0]!;
    });
    expect(coloured).toContain('\u001b[36m');
    expect(plain).not.toContain('\u001b[36m');
    expect(visible(coloured)).toBe(visible(plain));
  });

  test('wipes the line for other output, and draws it again later', () => {
    const { later, writes, progress } = screen({ isTTY: true });
    progress.clear();
    expect(writes).toEqual([]);
    later(0, { done: 1 });
    progress.clear();
    expect(writes.at(-1)).toBe('\r\u001b[K');
    later(200, { done: 2 });
    expect(visible(writes.at(-1))).toContain('embedding');
    progress.done();
    expect(writes.at(-1)).toBe('\r\u001b[K');
    const before = writes.length;
    progress.done();
    expect(writes).toHaveLength(before);
  });
});

describe('rate and time left', () => {
  const line = (events: readonly [ms: number, done: number, cached?: number][]): string => {
    const { later, writes } = screen({ isTTY: true, columns: 200 });
    for (const [ms, done, cached] of events) {
      later(ms, cached === undefined ? { done } : { done, cached });
    }
    return visible(writes.at(-1));
  };

  test('leave out rows that were cached', () => {
    expect(
      line([
        [0, 0, 0],
        [10, 4000, 4000],
        [4000, 4401, 4000],
      ]),
    ).toContain('100 rows/s  48 s left');
  });

  test('are not shown while everything was cached', () => {
    expect(
      line([
        [0, 0, 0],
        [4000, 4000, 4000],
      ]),
    ).toMatch(/rows$/);
  });

  test('are not shown before there is something to measure', () => {
    expect(
      line([
        [0, 0],
        [150, 100],
      ]),
    ).toMatch(/rows$/);
  });

  test('follow the recent seconds, not the whole run', () => {
    const slow = Array.from({ length: 60 }, (_, i): [number, number] => [1000, i]);
    const fast = Array.from({ length: 20 }, (_, i): [number, number] => [1000, 60 + 100 * (i + 1)]);
    expect(line([...slow, ...fast])).toContain('100 rows/s');
  });

  test('are in minutes and hours, and in tenths, where that reads better', () => {
    expect(
      line([
        [0, 0],
        [10_000, 1000],
      ]),
    ).toContain('1 min 22 s left');
    expect(
      line([
        [0, 0],
        [10_000, 15],
      ]),
    ).toContain('1.5 rows/s  1 h 42 min left');
  });
});

describe.each([
  ['into a file or a pipe', { isTTY: false }],
  ['on a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }],
])('%s', (_, setting) => {
  test('a line says how far it is, without control characters', () => {
    const { later, writes } = screen(setting);
    later(0, { done: 0 });
    later(8000, { done: 4096 });
    expect(writes).toEqual(['embedding: 4,096 of 9,229 rows, 512 rows/s, 10 s left\n']);
  });

  test('there is at most one line every five seconds', () => {
    const { later, writes } = screen(setting);
    for (let second = 0; second <= 60; second++) later(1000, { done: second });
    expect(writes).toHaveLength(12);
  });

  test('a stage of more than a second ends with a line, a shorter one with none', () => {
    const { later, writes, progress } = screen(setting);
    later(0, { stage: 'reading', done: 0 });
    later(900, { stage: 'reading', done: 9229 });
    later(0, { done: 0, cached: 0 });
    later(2000, { done: 9229, cached: 4096 });
    later(6000, { done: 9229, cached: 4096 });
    later(0, { stage: 'map', done: 0, total: 200, unit: 'epochs' });
    later(3000, { stage: 'map', done: 120, total: 200, unit: 'epochs' });
    progress.done();
    expect(writes).toEqual([
      'embedding: 9,229 of 9,229 rows in 2 s (4,096 cached)\n',
      'map: 120 of 200 epochs in 3 s\n',
    ]);
  });

  test('a stage without a known total ends when the next one starts', () => {
    const { later, writes } = screen(setting);
    later(0, { total: null });
    later(65_000, { total: null, done: 500 });
    later(0, { stage: 'neighbours' });
    expect(writes.at(-1)).toBe('embedding: 500 rows in 1 min 5 s\n');
  });

  test('a stage that comes again is counted anew', () => {
    const { later, writes } = screen(setting);
    later(0, { done: 0 });
    later(2000, { done: 9229 });
    later(1000, { done: 0, total: 100 });
    later(3000, { done: 100, total: 100 });
    expect(writes).toEqual([
      'embedding: 9,229 of 9,229 rows in 2 s\n',
      'embedding: 100 of 100 rows in 3 s\n',
    ]);
  });
});

test('with quiet nothing is written', () => {
  for (const isTTY of [true, false]) {
    const { later, writes, progress } = screen({ isTTY, quiet: true });
    later(0, { done: 0 });
    later(10_000, { done: 5000 });
    later(10_000, { done: 9229 });
    progress.clear();
    progress.done();
    expect(writes).toEqual([]);
  }
});
