import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openHttpModel } from '../../src/embed/http-model.ts';
import { loadEmbedder } from '../../src/embed/models.ts';

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
}
type Answer = (asked: Asked, request: IncomingMessage, response: ServerResponse) => void;

/** A vector that says which text it is of. */
const vectorFor = (text: string): number[] => [text.length, text.charCodeAt(0) || 1, 3];
const unit = (values: readonly number[]): number[] => {
  const norm = Math.hypot(...values);
  return values.map((value) => Math.fround(value / norm));
};

/** Answers from last to first, as servers may. */
const answerBackwards: Answer = ({ input }, _, response) => {
  const data = input.map((text, index) => ({ index, embedding: vectorFor(text) })).reverse();
  response.end(JSON.stringify({ data }));
};

let url: string;
let stop: () => Promise<void>;
let answer: Answer;
let log: Asked[];
beforeEach(async () => {
  answer = answerBackwards;
  log = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked;
    if (request.url !== '/v1/embeddings') return void response.writeHead(404).end('no such page');
    log.push(asked);
    answer(asked, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await stop();
});

const open = (options: Parameters<typeof openHttpModel>[1] = {}) =>
  openHttpModel(`${url}#tiny`, { waitMs: 1, ...options });

const TEXTS = Array.from(
  { length: 150 },
  (_, i) => `${String.fromCharCode(65 + (i % 26))}${'x'.repeat(i)}`,
);

describe('an endpoint', () => {
  test('gives unit vectors in the order of the texts, in batches, a few at a time', async () => {
    let most = 0;
    // Nobody is answered before as many ask as may at a time, or as are left.
    let left = 1 + Math.ceil(TEXTS.length / 20);
    const held: (() => void)[] = [];
    answer = (...asked) => {
      held.push(() => answerBackwards(...asked));
      most = Math.max(most, held.length);
      // The first request is one of one text, to know the model.
      if (held.length < Math.min(3, left) && log.length > 1) return;
      // One more than may would show meanwhile.
      setTimeout(() => {
        for (const each of held.splice(0)) {
          left -= 1;
          each();
        }
      }, 20);
    };
    const model = await open({ endpoint: { textsPerRequest: 20, concurrency: 3 } });
    expect(model).toMatchObject({ dims: 3, device: 'http', countsTokens: false });
    let finished = 0;
    const { vectors } = await model.embed(TEXTS, {
      onTexts: (count) => {
        finished += count;
      },
    });
    expect(finished).toBe(TEXTS.length);
    for (const [i, text] of TEXTS.entries()) {
      expect([...vectors.subarray(3 * i, 3 * i + 3)]).toEqual(unit(vectorFor(text)));
    }
    expect(Math.max(...log.map(({ input }) => input.length))).toBe(20);
    expect(most).toBe(3);
    expect(log[0]!.model).toBe('tiny');
  });

  test('is asked no more often in a minute than it may be', async () => {
    const start = performance.now();
    const began: number[] = [];
    answer = (...asked) => {
      began.push(performance.now() - start);
      // One that has to be asked again has to wait as well.
      if (began.length === 2) asked[2].writeHead(503).end();
      else answerBackwards(...asked);
    };
    const endpoint = { requestsPerMinute: 3000, textsPerRequest: 30, concurrency: 8 };
    const model = await open({ endpoint });
    await model.embed(TEXTS);
    expect(began).toHaveLength(1 + 5 + 1);
    for (const [i, at] of began.entries()) expect(at).toBeGreaterThan(i * 20 - 1);
  });

  test('is asked again when it is busy or breaks off, as long as it says', async () => {
    let calls = 0;
    const model = await open();
    answer = (asked, request, response) => {
      calls += 1;
      if (calls === 1) response.writeHead(429, { 'retry-after': '0' }).end('slow down');
      else if (calls === 2) response.writeHead(503).end();
      else if (calls === 3) request.socket.destroy();
      else answerBackwards(asked, request, response);
    };
    const { vectors } = await model.embed(['b']);
    expect([...vectors]).toEqual(unit(vectorFor('b')));
    expect(calls).toBe(4);
  });

  test('that takes fewer texts at a time is given fewer', async () => {
    const model = await open();
    answer = (asked, request, response) => {
      if (asked.input.length > 5) response.writeHead(413).end('batch size > maximum');
      else answerBackwards(asked, request, response);
    };
    const { vectors } = await model.embed(TEXTS.slice(0, 40));
    expect([...vectors.subarray(3 * 39)]).toEqual(unit(vectorFor(TEXTS[39]!)));
  });

  test('gets the prefix before every text, and the key that is set for it', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'not for you');
    vi.stubEnv('GAMUT_API_KEY', '');
    const keys: unknown[] = [];
    answer = (asked, request, response) => {
      keys.push(request.headers.authorization);
      answerBackwards(asked, request, response);
    };
    const model = await open({ prefix: 'query: ' });
    await model.embed(['x']);
    expect(log.at(-1)!.input).toEqual(['query: x']);
    vi.stubEnv('GAMUT_API_KEY', 'mine');
    await open();
    expect(keys).toEqual([undefined, undefined, 'Bearer mine']);
  });

  test('and its model name the fingerprint', async () => {
    const model = await loadEmbedder(`${url}/v1/#tiny`);
    const other = await loadEmbedder(`${url}#other`);
    const cut = await loadEmbedder(`${url}#tiny`, { dims: 2 });
    const prints = [model, other, cut].map(({ fingerprint }) => fingerprint);
    expect(prints[0]).toContain(`${url}/v1/embeddings tiny`);
    expect(new Set(prints).size).toBe(3);
    expect((await cut.embed(['ab'])).vectors).toHaveLength(2);
  });

  test('is left at once when the caller has had enough', async () => {
    const controller = new AbortController();
    const model = await open();
    answer = () => controller.abort();
    const embedding = model.embed(TEXTS, { signal: controller.signal });
    await expect(embedding).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

describe('what is wrong is said with what to do', () => {
  const status =
    (code: number): Answer =>
    (_, __, response) =>
      void response.writeHead(code).end('{"error": "because"}');
  const data =
    (made: (asked: Asked) => unknown): Answer =>
    (asked, _, response) =>
      void response.end(JSON.stringify(made(asked)));

  test.each([
    ['a key that is missing', status(401), 'input', /wants a key \(401.*because.*GAMUT_API_KEY/],
    ['an unknown model', status(404), 'input', /knows no model tiny/],
    ['a text that is refused', status(422), 'input', /refused a text of 1 characters.*--text/],
    ['a server that stays busy', status(500), 'runtime', /could not be asked: 500/],
    ['another protocol', data(() => ({ vectors: [] })), 'runtime', /gave no data/],
    ['too few vectors', data(() => ({ data: [] })), 'runtime', /0 vectors for 1 texts/],
    ['no numbers', data(() => ({ data: [{ index: 0, embedding: 'AAAA' }] })), 'runtime', /no list/],
    ['other indices', data(() => ({ data: [{ index: 7, embedding: [1] }] })), 'runtime', /indices/],
  ] as const)('%s', async (_, wrong, kind, message) => {
    answer = wrong;
    const refused = open({ attempts: 2 });
    await expect(refused).rejects.toMatchObject({ kind });
    await expect(refused).rejects.toThrow(message);
  });

  test('vectors of other lengths, or with gaps', async () => {
    const model = await open();
    answer = data(({ input }) => ({ data: input.map(() => ({ embedding: [1, 2] })) }));
    await expect(model.embed(['a', 'b'])).rejects.toThrow(/2 numbers.* others have 3/);
    answer = data(({ input }) => ({ data: input.map(() => ({ embedding: [1, null, 2] })) }));
    await expect(model.embed(['a'])).rejects.toMatchObject({ kind: 'runtime' });
  });

  test('nobody there, no model named, no network wanted', async () => {
    await expect(openHttpModel(url)).rejects.toThrow(/does not say which model; write .*#model/);
    await expect(openHttpModel('http://[#x')).rejects.toMatchObject({ kind: 'usage' });
    const far = openHttpModel('https://api.example.com/v1#x', { offline: true });
    await expect(far).rejects.toThrow(/--offline forbids/);
    await expect(loadEmbedder(`${url}#tiny`, { dtype: 'fp16' })).rejects.toThrow(/one precision/);
    const here = loadEmbedder('use-lite', { endpoint: { concurrency: 2 } });
    await expect(here).rejects.toThrow(/--concurrency is for models behind an endpoint.*leave it/);
    const none = open({ endpoint: { textsPerRequest: 0 } });
    await expect(none).rejects.toThrow(/--texts-per-request takes whole numbers from 1, not 0/);
    await stop();
    await expect(open({ attempts: 1 })).rejects.toThrow(/ECONNREFUSED.*See that the server runs/);
  });
});
