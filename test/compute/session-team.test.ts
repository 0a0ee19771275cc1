import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { cpu, type Session } from '../../src/compute/device.ts';
import { Graph } from '../../src/compute/graph.ts';
import { openSessionTeam, type SessionTeam, teamSize } from '../../src/compute/session-team.ts';
import { fixtures } from '../data/helpers.ts';
import { normal } from '../support/models.ts';

const { path } = fixtures();
const [K, N] = [300, 70];
const weights = normal(K * N, 1);

/** x W, whose width only fits K. */
function product(): Uint8Array {
  const g = new Graph('product');
  const x = g.input('x', 'float32', ['n', 'k']);
  g.output('y', g.op('MatMul', [x, g.constant(weights, [K, N])]), 'float32', ['n', N]);
  return g.build();
}

describe('a model in several threads', () => {
  let open: (SessionTeam | { close(): Promise<void> })[] = [];
  afterEach(async () => {
    for (const each of open) await each.close();
    open = [];
  });
  const rows = (n: number, seed: number) => [normal(n * K, seed), [n, K]] as const;
  const keep = (session: Session): Session => {
    open.push({ close: () => session.release() });
    return session;
  };

  test('gives the results of one session, to the bit, whoever asks first', async () => {
    const whole = keep(await cpu.open(product()));
    const many = keep(await cpu.open(product(), { threads: 3 }));
    expect(await Promise.all([many.expect(20), many.expect(20)])).toEqual([6, 6]);
    const asked = Array.from({ length: 20 }, (_, i) => rows(1 + 7 * i, i));
    const found = await Promise.all(asked.map((x) => many.run({ x })));
    for (const [i, x] of asked.entries()) {
      const { y } = await whole.run({ x });
      expect(found[i]!.y!.dims).toEqual([1 + 7 * i, N]);
      expect(found[i]!.y!.data).toEqual(y!.data);
    }
  });

  test('starts no threads for a few runs, nor for copies that would fill the memory', async () => {
    const model = product();
    const few = keep(await cpu.open(model));
    expect(await few.expect(3)).toBe(1);
    expect(await teamSize(model, 100, { threads: 4 })).toBe(4);
    // Four copies would fill it, and the session with all threads is open beside.
    expect(await teamSize(new Uint8Array(2 ** 28), 100, { threads: 4 })).toBe(1);
    expect(await teamSize(new Uint8Array(2 ** 28), 100, { threads: 3 })).toBe(3);
    const beside = [{ path: 'weights', data: new Uint8Array(2 ** 28) }];
    expect(await teamSize(model, 100, { threads: 4, beside })).toBe(1);
  });

  test('one session goes on where the copies cannot be opened, and that is said', async () => {
    const file = path('product.onnx', Buffer.from(product()));
    const model = keep(await cpu.open(file, { threads: 2 }));
    writeFileSync(file, 'no model any more');
    expect(await Promise.all([model.expect(20), model.expect(20)])).toEqual([1, 1]);
    expect(await model.expect(20)).toBe(1);
    expect(model.warnings).toEqual([expect.stringMatching(/each of 2 threads.*could not load/u)]);
    const { y } = await model.run({ x: rows(3, 1) });
    expect(y!.dims).toEqual([3, N]);
  });

  test('takes arrays whose type they do not tell themselves', async () => {
    const g = new Graph('halves');
    g.output('y', g.op('Neg', [g.input('x', 'float16', ['n'])]), 'float16', ['n']);
    const team = await openSessionTeam(g.build(), 2);
    open.push(team);
    const { y } = await team.run({ x: [Uint16Array.of(0x3c00, 0xc000), [2], 'float16'] });
    expect(y!.type).toBe('float16');
    expect(new Uint16Array((y!.data as Uint16Array).slice().buffer)).toEqual(
      Uint16Array.of(0xbc00, 0x4000),
    );
  });

  test('a run that fails says why, and the others are not harmed', async () => {
    const team = await openSessionTeam(product(), 2);
    open.push(team);
    const wrong = [normal(2 * 5, 1), [2, 5]] as const;
    const runs = [rows(3, 1), wrong, rows(4, 2), wrong, rows(5, 3)].map((x) => team.run({ x }));
    const ended = await Promise.allSettled(runs);
    expect(ended.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
    await expect(runs[1]).rejects.toThrow(/MatMul/u);
  });

  test('a model that cannot be loaded is an error, and no thread stays', async () => {
    await expect(openSessionTeam(Uint8Array.of(1, 2, 3), 2)).rejects.toThrow(/could not load/u);
    await expect(openSessionTeam('/nowhere/model.onnx', 2)).rejects.toThrow(/could not load/u);
  });
});
