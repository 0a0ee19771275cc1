import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import { hubFromEnvironment, parseHubId } from '../../src/embed/hub/hub.ts';
import { openHubModel } from '../../src/embed/hub/hub-model.ts';
import { loadEmbedder } from '../../src/embed/models.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { tinyModel, writeJson, writeOnnxModel, writeStaticModel } from '../support/models.ts';

const ID = 'Xenova/all-MiniLM-L6-v2';
const MODEL = tinyModel(['red', 'green', 'blue', 'sky', 'grass', 'a'], 4);
const WEIGHTS = 'onnx/model.onnx';

let root: string;
let cache: string;
let hub: TestHub;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gamut-hub-'));
  cache = join(root, 'cache');
  await writeOnnxModel(join(root, 'served'), MODEL);
  hub = await startHub(ID, join(root, 'served'));
  for (const name of ['HF_HOME', 'HF_HUB_CACHE', 'HF_TOKEN', 'HF_ACCESS_TOKEN', 'HF_HUB_OFFLINE']) {
    vi.stubEnv(name, '');
  }
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_TOKEN_PATH', join(root, 'token'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(root, { recursive: true });
});

const open = (options: Parameters<typeof openHubModel>[2] = {}, id = ID): Promise<Embedder> =>
  openHubModel(parseHubId(id)!, undefined, { cache, waitMs: 1, ...options });

async function vectorOf(options = {}, id = ID): Promise<Float32Array> {
  const model = await open(options, id);
  try {
    return (await model.embed(['blue sky'])).vectors;
  } finally {
    await model.close();
  }
}

const kept = (...names: string[]): string =>
  join(cache, 'hub', 'models--Xenova--all-MiniLM-L6-v2', ...names);
const weightsKept = (): string => kept('snapshots', hub.commit, WEIGHTS);

describe('a model of the hub', () => {
  test('is fetched once; after that nobody is asked', async () => {
    const model = await open();
    expect(model.card).toMatchObject({
      ...{ name: ID, source: `${hub.url}/${ID}`, revision: hub.commit, licence: 'mit', dims: 4 },
    });
    const { vectors } = await model.embed(['blue sky']);
    await model.close();
    expect(hub.log[0]).toBe(`GET /api/models/${ID}/revision/main?blobs=true`);
    const asked = hub.log.length;
    expect(await vectorOf()).toEqual(vectors);
    expect(await vectorOf({ offline: true })).toEqual(vectors);
    expect(hub.log).toHaveLength(asked);
  });

  test('stays at the commit that its branch was at when it was fetched', async () => {
    const vector = await vectorOf();
    const before = hub.commit;
    hub.commit = 'c0ffee0000000000000000000000000000000002';
    const moved = { ...MODEL, table: MODEL.table.map((value, i) => value + i) };
    await writeOnnxModel(join(root, 'served'), moved);
    expect(await vectorOf()).toEqual(vector);
    const asked = await open({}, `${ID}@${hub.commit}`);
    expect(asked.card.revision).toBe(hub.commit);
    await asked.close();
    expect(await readFile(kept('refs', 'main'), 'utf8')).toBe(before);
  });

  test('is pooled and prompted as its card says, by either name', async () => {
    for (const name of [ID, 'all-MiniLM-L6-v2']) {
      const model = await loadEmbedder(name, { cache });
      expect(model.card).toMatchObject({ name: 'all-MiniLM-L6-v2', maxTokens: 254, dims: 4 });
      expect(model.warnings).toEqual([]);
      await model.close();
    }
  });

  test('is pooled, prompted and cut as its own files say, where they do', async () => {
    const served = join(root, 'served');
    await mkdir(join(served, '1_Pooling'));
    const files = {
      '1_Pooling/config.json': { pooling_mode: 'cls' },
      'sentence_bert_config.json': { max_seq_length: 5 },
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(served, name), JSON.stringify(content));
    }
    const model = await loadEmbedder('all-MiniLM-L6-v2', { cache });
    expect(model.card).toMatchObject({ name: 'all-MiniLM-L6-v2', pooling: 'cls', maxTokens: 3 });
    await model.close();
  });

  test('in another precision is fetched besides', async () => {
    await vectorOf();
    await writeFile(
      join(root, 'served', 'onnx', 'model_q4.onnx'),
      await readFile(join(root, 'served', WEIGHTS)),
    );
    await expect(vectorOf({ dtype: 'fp16' })).rejects.toThrow(/no onnx\/model_fp16\.onnx/);
    await vectorOf({ dtype: 'q4' });
    expect(hub.log.at(-1)).toMatch(/model_q4\.onnx$/);
  });

  test('may be a static one', async () => {
    await rm(join(root, 'served'), { recursive: true });
    await writeStaticModel(join(root, 'served'), MODEL);
    const model = await open();
    expect(model).toMatchObject({ cheap: true, card: { revision: hub.commit } });
    await model.close();
    await vectorOf({ offline: true });
  });

  test('without an ONNX file is refused with where to look', async () => {
    await rm(join(root, 'served', 'onnx'), { recursive: true });
    await expect(open()).rejects.toThrow(/has no ONNX file; look for an export/);
  });

  test('brings the dense layers that it names', async () => {
    await mkdir(join(root, 'served', '2_Dense'));
    await writeJson(join(root, 'served'), 'modules.json', [
      { path: '2_Dense', type: 'sentence_transformers.models.Dense' },
    ]);
    await expect(open()).rejects.toThrow(/2_Dense\/model\.safetensors/);
  });
});

describe('the environment', () => {
  test('says where models are kept: HF_HOME, HF_HUB_CACHE, before both --cache', () => {
    const env = { HF_HOME: '/home', HF_HUB_CACHE: '' };
    expect(hubFromEnvironment({}, env).folder).toBe(join('/home', 'hub'));
    expect(hubFromEnvironment({}, { ...env, HF_HUB_CACHE: '/hub' }).folder).toBe('/hub');
    expect(hubFromEnvironment({ cache: '/mine' }, env).folder).toBe(join('/mine', 'hub'));
    expect(hubFromEnvironment({}, {}).endpoint).toBe('https://huggingface.co');
    expect(hubFromEnvironment({}, { HF_ENDPOINT: 'http://mirror/' }).endpoint).toBe(
      'http://mirror',
    );
    expect(hubFromEnvironment({}, { HF_HUB_OFFLINE: '1' }).offline).toBe(true);
  });

  test('a model that huggingface_hub fetched is used as it is', async () => {
    await vectorOf();
    await rm(kept('gamut'), { recursive: true });
    hub.log.length = 0;
    await vectorOf();
    expect(hub.log).toEqual([]);
  });

  test('a token is sent, from HF_TOKEN or the file that a login left', async () => {
    hub.token = 'secret';
    await expect(open()).rejects.toMatchObject({ kind: 'input' });
    await expect(open()).rejects.toThrow(/set HF_TOKEN/);
    vi.stubEnv('HF_TOKEN', 'wrong');
    await expect(open()).rejects.toThrow(/may not read it/);
    vi.stubEnv('HF_TOKEN', '');
    await writeFile(join(root, 'token'), 'secret\n');
    await vectorOf();
  });

  test('offline, what is not here is an error without a request', async () => {
    await expect(open({ offline: true })).rejects.toThrow(/--offline forbids fetching it/);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(open()).rejects.toMatchObject({ kind: 'input' });
    expect(hub.log).toEqual([]);
  });

  test('a hub that is not there, or has no such model, is said', async () => {
    await expect(open({}, 'nobody/nothing')).rejects.toThrow(/has no model nobody\/nothing/);
    await hub.close();
    const refused = openHubModel(parseHubId(ID)!, undefined, { cache, waitMs: 1 });
    await expect(refused).rejects.toMatchObject({ kind: 'runtime' });
    await expect(refused).rejects.toThrow(/could not be fetched from http.*ECONNREFUSED/);
  });
});

describe('fetching', () => {
  test('goes on where it broke off, and waits where the hub is busy', async () => {
    const content = await readFile(join(root, 'served', WEIGHTS));
    const ranges: (string | undefined)[] = [];
    hub.intercept = (name, request, response) => {
      if (name !== WEIGHTS) return false;
      ranges.push(request.headers.range);
      if (ranges.length === 1) {
        response.writeHead(503, { 'retry-after': '0' }).end('busy');
        return true;
      }
      if (ranges.length > 2) return false;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100), () => response.destroy());
      return true;
    };
    await vectorOf();
    expect(ranges).toEqual([undefined, undefined, 'bytes=100-']);
    expect(await readFile(weightsKept())).toEqual(content);
  });

  test('a file that is not what the hub says it is, is not kept', async () => {
    hub.sha256 = () => '0'.repeat(64);
    await expect(open()).rejects.toThrow(/did not arrive as/);
    await expect(readFile(weightsKept())).rejects.toThrow();
    expect(await readdir(kept('snapshots', hub.commit, 'onnx'))).toEqual([]);
  });

  test('interrupted, leaves no file that could be taken for whole', async () => {
    const controller = new AbortController();
    hub.intercept = (name, _, response) => {
      if (name !== WEIGHTS) return false;
      response.writeHead(200, { 'content-length': 1e6 });
      response.write('half', () => controller.abort());
      return true;
    };
    await expect(open({ signal: controller.signal })).rejects.toMatchObject({
      kind: 'interrupted',
    });
    expect(await readdir(kept('snapshots', hub.commit, 'onnx'))).toEqual([]);
    hub.intercept = null;
    await vectorOf();
  });

  test('killed, leaves no file under its name, and the next run fetches it', async () => {
    await writeFile(join(root, 'rows.jsonl'), '{"text": "blue sky"}\n');
    const main = packagePath('dist', 'src', 'cli', 'main.js');
    const args = ['embed', join(root, 'rows.jsonl'), '-o', join(root, 'v.npy'), '--model', ID];
    const child = spawn(process.execPath, [main, ...args, '--cache', cache], { env: process.env });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    hub.intercept = (name, _, response) => {
      if (name !== WEIGHTS) return false;
      response.writeHead(200, { 'content-length': 1e6 });
      response.write('half', () => setTimeout(() => child.kill('SIGKILL'), 100));
      return true;
    };
    expect(await ended).toBe('SIGKILL');
    expect(await readdir(kept('snapshots', hub.commit, 'onnx'))).not.toContain('model.onnx');
    hub.intercept = null;
    await vectorOf();
  });

  test('a kept file that was damaged is fetched again, and that is told', async () => {
    const vector = await vectorOf();
    await writeFile(weightsKept(), 'damage');
    await expect(open({ offline: true })).rejects.toThrow(/is damaged, and --offline forbids/);
    const model = await open();
    expect(model.warnings![0]).toMatch(/model\.onnx was damaged, and was fetched again/);
    expect((await model.embed(['blue sky'])).vectors).toEqual(vector);
    await model.close();
  });

  test('names that lead out of the folder are left alone', async () => {
    await mkdir(join(root, 'served', '..hidden'), { recursive: true });
    hub.log.length = 0;
    expect(parseHubId('../x')).toBeNull();
    expect(parseHubId('a/..')).toBeNull();
    expect(parseHubId('a/b@../c')).toBeNull();
    expect(parseHubId('a/b@v1.0')).toEqual({ repository: 'a/b', revision: 'v1.0' });
  });
});
