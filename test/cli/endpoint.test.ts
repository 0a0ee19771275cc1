import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type Place, writeTexts } from './gamut.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeTexts(place.at('rows.jsonl'), 24);
});
afterAll(() => place.remove());

test('an endpoint is asked as the flags say, and models that run here refuse them', async () => {
  const sizes: number[] = [];
  let [running, most] = [0, 0];
  const server = createServer(async (request, response) => {
    running += 1;
    most = Math.max(most, running);
    let body = '';
    for await (const chunk of request) body += chunk;
    const { input } = JSON.parse(body) as { input: string[] };
    sizes.push(input.length);
    // Whoever may ask meanwhile does.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const data = input.map((text, index) => ({ index, embedding: [text.length, index + 1] }));
    running -= 1;
    response.end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}#tiny`;
    const flags = ['--concurrency', '2', '--texts-per-request', '5', '--requests-per-minute'];
    const asked = ['embed', 'rows.jsonl', '-o', 'rows.npy', '--model', url, ...flags, '6000'];
    const { code, stderr } = await place.gamut(asked);
    expect([code, stderr]).toEqual([0, expect.stringContaining('wrote rows.npy')]);
    expect(sizes.sort((a, b) => b - a)).toEqual([5, 5, 5, 5, 4, 1]);
    expect(most).toBe(2);
  } finally {
    server.close();
  }
  const here = await place.gamut(['embed', 'rows.jsonl', '-o', 'rows.npy', '--concurrency', '2']);
  expect([here.code, here.stderr]).toEqual([
    2,
    expect.stringMatching(/--concurrency is for models behind an endpoint.*use-lite runs here/s),
  ]);
  const none = await place.gamut(['bench', 'rows.jsonl', '--quick', '--requests-per-minute', '9']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('leave it out')]);
});
