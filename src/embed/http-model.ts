import { inputError, runtimeError, throwIfAborted, usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import type { Embedder, ModelCard } from './embedder.ts';
import { HttpError, networkProblem, type Retry, request } from './http.ts';
import { paceOf } from './pace.ts';
import { normalise } from './windows.ts';

/**
 * Embedders behind an HTTP endpoint that speaks OpenAI's protocol, as Text Embeddings Inference, vLLM,
 * llama.cpp and Ollama do: `http://host:port#model`. Texts leave this process, so it is never used unless it is named.
 * What the endpoint does with long texts, and whether the same text always gives the same bits, is up to it.
 */
export interface HttpModelOptions extends RunOptions, Pick<Retry, 'waitMs' | 'attempts'> {
  readonly prefix?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly endpoint?: EndpointOptions | undefined;
}

/** How an endpoint is asked. What comes back is the same. */
export interface EndpointOptions {
  /** Requests at a time; default 4. */
  readonly concurrency?: number | undefined;
  /** Requests that begin in a minute, those that are made again among them; default as many as are answered. */
  readonly requestsPerMinute?: number | undefined;
  /** Texts in a request; default 32, which every known server takes. Halved where a server wants fewer. */
  readonly textsPerRequest?: number | undefined;
}

/** What the flags of these options are called, for messages. */
export const ENDPOINT_FLAGS: Readonly<Record<keyof EndpointOptions, string>> = {
  concurrency: '--concurrency',
  requestsPerMinute: '--requests-per-minute',
  textsPerRequest: '--texts-per-request',
};

/** Refuses them for models that run here. */
export function refuseEndpointOptions(model: string, options: EndpointOptions | undefined): void {
  for (const [name, flag] of Object.entries(ENDPOINT_FLAGS)) {
    if (options?.[name as keyof EndpointOptions] === undefined) continue;
    throw usageError(
      `${flag} is for models behind an endpoint, http://host:port#name, and ${model} runs here; leave it out.`,
    );
  }
}

interface Endpoint {
  readonly url: string;
  readonly model: string;
  readonly key: string | null;
}

/** Characters in a request, whatever the texts: servers limit bodies to a few megabytes. */
const MOST_CHARACTERS = 400_000;
const VERSION = 1;

/** Whether a name given to --model is an endpoint. */
export const isEndpoint = (name: string): boolean => /^https?:\/\//iu.test(name);

export async function openHttpModel(
  name: string,
  options: HttpModelOptions = {},
): Promise<Embedder> {
  const endpoint = parseEndpoint(name);
  if (options.offline && !isLocal(endpoint.url)) {
    throw usageError(`--offline forbids asking ${endpoint.url}; leave one of the two out.`);
  }
  const { prefix = '', waitMs, attempts } = options;
  const { concurrency = 4, requestsPerMinute, textsPerRequest = 32 } = checked(options.endpoint);
  const pace = requestsPerMinute === undefined ? undefined : paceOf(requestsPerMinute);
  const retry = { waitMs, attempts, pace };
  const probe = await ask(endpoint, [`${prefix}a`], { ...retry, signal: options.signal });
  const dims = probe[0]!.length;
  const card: ModelCard = {
    name: endpoint.model,
    title: `${endpoint.model} at ${endpoint.url}`,
    source: endpoint.url,
    revision: 'as served',
    licence: 'as the model’s own',
    citation: '',
    dims,
    pooling: 'none',
    maxTokens: 0,
    prefix,
    hash: '',
  };
  return {
    card,
    dims,
    device: 'http',
    long: 'mean',
    countsTokens: false,
    fingerprint: `http ${endpoint.url} ${endpoint.model} ${JSON.stringify(prefix)} v${VERSION}`,
    async embed(texts, { signal, onTexts } = {}) {
      const vectors = new Float32Array(texts.length * dims);
      const queue = batchesOf(texts, textsPerRequest);
      const work = async (): Promise<void> => {
        for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
          throwIfAborted(signal);
          const { first, count } = batch;
          const some = texts.slice(first, first + count).map((text) => prefix + text);
          const found = await askInParts(endpoint, some, { ...retry, signal });
          for (const [i, vector] of found.entries())
            place(vectors, vector, first + i, dims, endpoint);
          onTexts?.(count);
        }
      };
      const workers = Math.min(queue.length, concurrency);
      await settleAll(Array.from({ length: workers }, work), queue);
      return { vectors, tokens: new Int32Array(texts.length) };
    },
    async close() {},
  };
}

/** Numbers that are none would leave texts without an answer. */
function checked(options: EndpointOptions = {}): EndpointOptions {
  for (const [name, flag] of Object.entries(ENDPOINT_FLAGS)) {
    const value = options[name as keyof EndpointOptions];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw usageError(`${flag} takes whole numbers from 1, not ${value}.`);
  }
  return options;
}

/** Waits for all, so that no request is left behind; the first failure empties the queue and is thrown. */
async function settleAll(running: readonly Promise<void>[], queue: unknown[]): Promise<void> {
  for (const each of running) {
    each.catch(() => {
      queue.length = 0;
    });
  }
  for (const result of await Promise.allSettled(running)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function parseEndpoint(name: string): Endpoint {
  let url: URL;
  try {
    url = new URL(name);
  } catch {
    throw usageError(`--model ${name} is no URL; write http://host:port#model.`);
  }
  const model = decodeURIComponent(url.hash.slice(1));
  if (model === '') {
    throw usageError(
      `--model ${name} does not say which model; write ${name.replace(/#$/u, '')}#model.`,
    );
  }
  url.hash = '';
  const path = url.pathname.replace(/\/+$/u, '');
  if (!path.endsWith('/embeddings')) url.pathname = `${path === '' ? '/v1' : path}/embeddings`;
  const { GAMUT_API_KEY: own, OPENAI_API_KEY: openai } = process.env;
  // A key for one service is not shown to others.
  const key = own || (url.hostname === 'api.openai.com' && openai) || null;
  return { url: url.href, model, key };
}

const isLocal = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

/** Runs of texts of bounded number and size. */
function batchesOf(texts: readonly string[], most: number): { first: number; count: number }[] {
  const batches: { first: number; count: number }[] = [];
  let characters = 0;
  for (const [i, text] of texts.entries()) {
    const last = batches.at(-1);
    characters += text.length;
    if (last !== undefined && last.count < most && characters <= MOST_CHARACTERS) last.count += 1;
    else {
      batches.push({ first: i, count: 1 });
      characters = text.length;
    }
  }
  return batches;
}

/** Asks for half as many at a time where the server says that it was asked for too much. */
async function askInParts(
  endpoint: Endpoint,
  texts: readonly string[],
  options: Retry,
): Promise<number[][]> {
  try {
    return await ask(endpoint, texts, options);
  } catch (error) {
    const { status } =
      (error as Error).cause instanceof HttpError
        ? ((error as Error).cause as HttpError)
        : { status: 0 };
    if (texts.length === 1 || ![400, 413, 422].includes(status)) throw error;
    const half = texts.length >> 1;
    const first = await askInParts(endpoint, texts.slice(0, half), options);
    return [...first, ...(await askInParts(endpoint, texts.slice(half), options))];
  }
}

async function ask(
  { url, model, key }: Endpoint,
  texts: readonly string[],
  retry: Retry,
): Promise<number[][]> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (key !== null) headers.authorization = `Bearer ${key}`;
  const body = JSON.stringify({ model, input: texts, encoding_format: 'float' });
  let answer: unknown;
  try {
    answer = await request(
      url,
      () => ({ method: 'POST', headers, body }),
      (r) => r.json(),
      retry,
    );
  } catch (error) {
    throwIfAborted(retry.signal);
    throw failure(url, model, texts, error);
  }
  return vectorsIn(answer, texts.length, url);
}

/** What to do about an endpoint that does not answer as it should. */
function failure(url: string, model: string, texts: readonly string[], cause: unknown): Error {
  const what = networkProblem(cause);
  if (!(cause instanceof HttpError)) {
    return runtimeError(
      `${url} could not be asked: ${what}. See that the server runs, and run it again.`,
      { cause },
    );
  }
  if (cause.status === 401 || cause.status === 403) {
    return inputError(`${url} wants a key (${what}); set GAMUT_API_KEY.`, { cause });
  }
  if (cause.status === 404) {
    return inputError(
      `${url} knows no model ${model}, or is no endpoint for embeddings (${what}).`,
      { cause },
    );
  }
  const longest = Math.max(...texts.map(({ length }) => length));
  return inputError(
    `${url} refused ${texts.length === 1 ? `a text of ${longest} characters` : `${texts.length} texts`} (${what}); if that is too long for it, have the server cut texts, or take less of each with --text.`,
    { cause },
  );
}

/** The vectors of an answer in the order of the texts, which the answer need not keep. */
function vectorsIn(answer: unknown, count: number, url: string): number[][] {
  const wrong = (what: string): Error =>
    runtimeError(`${url} did not answer as an endpoint for embeddings does: ${what}.`);
  const { data } = (answer ?? {}) as { data?: { index?: number; embedding?: unknown }[] };
  if (!Array.isArray(data)) throw wrong('it gave no data');
  if (data.length !== count) throw wrong(`it gave ${data.length} vectors for ${count} texts`);
  const vectors: number[][] = new Array(count);
  for (const [i, { index = i, embedding }] of data.entries()) {
    if (!Array.isArray(embedding) || embedding.length === 0)
      throw wrong('a vector is no list of numbers');
    if (!(index >= 0 && index < count) || vectors[index])
      throw wrong(`its indices are not those of ${count} texts`);
    vectors[index] = embedding as number[];
  }
  return vectors;
}

function place(
  vectors: Float32Array,
  vector: readonly number[],
  row: number,
  dims: number,
  { url }: Endpoint,
): void {
  if (vector.length !== dims || !vector.every(Number.isFinite)) {
    throw runtimeError(
      `${url} gave a vector of ${vector.length} numbers, or with some that are none, where others have ${dims}.`,
    );
  }
  const into = vectors.subarray(row * dims, (row + 1) * dims);
  into.set(vector);
  normalise(into);
}
