import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as transformers from '@xenova/transformers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseHubId } from '../../src/embed/hub/hub.ts';
import { openHubModel } from '../../src/embed/hub/hub-model.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { tinyModel, writeOnnxModel } from '../support/models.ts';

/**
 * Why gamut fetches models itself and not through transformers.js (ARCHITECTURE, "Fetching is ours"): what the library
 * does with a hub on this machine, beside what gamut does with the same one. When one of these fails, the
 * library has learned it, and the reason is to be thought over.
 */
const { AutoTokenizer, AutoConfig, env } = transformers;
const ID = 'Xenova/all-MiniLM-L6-v2';
const MODEL = tinyModel(['red', 'green', 'blue'], 4);

let root: string;
let served: string;
let hub: TestHub;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gamut-hub-'));
  served = join(root, 'served');
  await writeOnnxModel(served, MODEL);
  await writeFile(join(served, 'config.json'), '{"model_type":"bert"}');
  await writeFile(join(served, 'tokenizer_config.json'), '{"tokenizer_class":"BertTokenizer"}');
  hub = await startHub(ID, served);
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_HOME', join(root, 'home'));
  vi.stubEnv('HF_HUB_CACHE', '');
  vi.stubEnv('HF_TOKEN', 'secret');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  Object.assign(env, BEFORE);
  await hub.close();
  await rm(root, { recursive: true });
});
const { remoteHost, cacheDir } = env;
const BEFORE = { remoteHost, cacheDir };

/** The library as far as its settings go: at the hub, with a folder, at a commit. */
const here = () => {
  Object.assign(env, { remoteHost: `${hub.url}/`, cacheDir: join(root, 'theirs') });
  return { revision: hub.commit };
};
const ours = async (): Promise<string> => {
  const model = await openHubModel(parseHubId(ID)!, undefined, { waitMs: 1 });
  await model.close();
  return model.card.revision;
};

describe('transformers.js, where gamut fetches itself', () => {
  test('has no function that fetches a file by its name: pools, prompts and tables stay away', () => {
    const names = Object.keys(transformers);
    expect(names).toContain('ModelRegistry');
    expect(names.filter((name) => /file|fetch|download|hub(?!ert)/iu.test(name))).toEqual([
      'ModelFileNotFoundError',
    ]);
  });

  test('asks neither HF_ENDPOINT nor HF_HOME', async () => {
    expect([env.remoteHost, env.cacheDir]).toEqual([
      'https://huggingface.co/',
      expect.stringContaining('node_modules'),
    ]);
    await ours();
    expect(await readdir(join(root, 'home', 'hub'))).toEqual(['models--Xenova--all-MiniLM-L6-v2']);
  });

  test('shows a token to huggingface.co alone, and to no mirror', async () => {
    hub.token = 'secret';
    await expect(AutoConfig.from_pretrained(ID, here())).rejects.toThrow(/[Uu]nauthorized/);
    expect(await ours()).toBe(hub.commit);
  });

  test('does not ask a busy hub again', async () => {
    let asked = 0;
    hub.intercept = (_, __, response) => {
      asked += 1;
      if (asked > 1) return false;
      response.writeHead(503, { 'retry-after': '0' }).end('busy');
      return true;
    };
    await expect(AutoConfig.from_pretrained(ID, here())).rejects.toThrow();
    asked = 0;
    expect(await ours()).toBe(hub.commit);
  });

  test('mixes what a branch was and what it is', async () => {
    hub.commit = 'main';
    await AutoConfig.from_pretrained(ID, here());
    const before = await readFile(join(served, 'tokenizer.json'), 'utf8');
    await writeOnnxModel(served, tinyModel(['other', 'words', 'now'], 4));
    await writeFile(join(served, 'tokenizer_config.json'), '{"tokenizer_class":"BertTokenizer"}');
    await AutoTokenizer.from_pretrained(ID, here());
    const kept = await readFile(join(root, 'theirs', ID, 'tokenizer.json'), 'utf8');
    expect(kept).not.toBe(before);
  });

  test('takes whatever lies in its cache', async () => {
    await AutoConfig.from_pretrained(ID, here());
    await writeFile(join(root, 'theirs', ID, hub.commit, 'config.json'), '{"model_type":"gpt2"}');
    const config = await AutoConfig.from_pretrained(ID, here());
    expect(config.model_type).toBe('gpt2');
  });
});
