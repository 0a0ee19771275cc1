import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../base/cache.ts';
import { inputError, runtimeError, throwIfAborted } from '../../base/errors.ts';
import { HttpError, networkProblem, type Retry, request } from '../http.ts';

/** A model on a Hugging Face hub: 'Xenova/all-MiniLM-L6-v2', or with '@' and a branch, tag or commit. */
export interface HubId {
  readonly repository: string;
  readonly revision: string;
}

const ID = /^(?<repository>[A-Za-z0-9_][\w.-]*\/[A-Za-z0-9_][\w.-]*)(?:@(?<revision>[\w./-]+))?$/u;

/** Reads a hub id; null for anything that is none. */
export function parseHubId(text: string): HubId | null {
  const { repository, revision = 'main' } = ID.exec(text)?.groups ?? {};
  return repository === undefined || revision.includes('..') ? null : { repository, revision };
}

/** Where the hub is and what it is told; from the environment, by the names that its own tools use. */
export interface Hub {
  readonly endpoint: string;
  readonly token: string | null;
  /** Folder of models, in the layout of huggingface_hub, so that Python's tools share it. */
  readonly folder: string;
  readonly offline: boolean;
}

export function hubFromEnvironment(
  options: { readonly cache?: string | undefined; readonly offline?: boolean | undefined } = {},
  env: NodeJS.ProcessEnv = process.env,
): Hub {
  const set = (name: string): boolean => /^(1|true|yes|on)$/iu.test(env[name] ?? '');
  const home = env.HF_HOME || null;
  const asked = env.HF_HUB_CACHE || (home && join(home, 'hub'));
  return {
    endpoint: (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/u, ''),
    token: env.HF_TOKEN || env.HF_ACCESS_TOKEN || tokenFile(env, home),
    // Whoever names a folder of gamut's own means it, whatever the environment says.
    folder: options.cache || !asked ? join(cacheFolder(options.cache), 'hub') : asked,
    offline: options.offline === true || set('HF_HUB_OFFLINE') || set('TRANSFORMERS_OFFLINE'),
  };
}

/** What `huggingface-cli login` left. */
function tokenFile(env: NodeJS.ProcessEnv, home: string | null): string | null {
  const file = env.HF_TOKEN_PATH || join(home ?? join(homedir(), '.cache', 'huggingface'), 'token');
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** A file of a repository as the hub lists it. */
export interface Listed {
  readonly path: string;
  readonly size: number | null;
  /** SHA-256 of its content, for large files. */
  readonly sha256: string | null;
}

/** A repository at one commit. */
export interface Listing {
  readonly commit: string;
  readonly licence: string | null;
  readonly files: readonly Listed[];
}

/** Asks the hub which commit a revision is and what it holds. */
export async function listRepository(hub: Hub, id: HubId, retry: Retry): Promise<Listing> {
  const revision = encodeURIComponent(id.revision);
  const url = `${hub.endpoint}/api/models/${id.repository}/revision/${revision}?blobs=true`;
  const found = await ask(hub, id, retry, () =>
    request(
      url,
      () => ({ headers: headersFor(hub) }),
      (response) => response.json(),
      retry,
    ),
  );
  const { sha, siblings, cardData, tags } = found as {
    sha?: string;
    siblings?: { rfilename: string; size?: number; lfs?: { sha256?: string } }[];
    cardData?: { license?: string };
    tags?: string[];
  };
  if (typeof sha !== 'string' || !/^[\w-]+$/u.test(sha) || !Array.isArray(siblings)) {
    throw runtimeError(
      `${hub.endpoint} did not answer as a Hugging Face hub does; check HF_ENDPOINT.`,
    );
  }
  const tagged = tags?.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
  return {
    commit: sha,
    licence: cardData?.license ?? tagged ?? null,
    files: siblings
      .map(({ rfilename: path, size, lfs }) => ({
        ...{ path, size: size ?? null, sha256: lfs?.sha256 ?? null },
      }))
      .filter(({ path }) => isInside(path)),
  };
}

/** What is fetched is written under its own name, which must not lead elsewhere. */
const isInside = (path: string): boolean =>
  path !== '' && !/^[/~]|[\\:\0]/u.test(path) && !path.split('/').includes('..');

export function headersFor({ token }: Hub): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** Where a file of a commit is. */
export const fileUrl = (hub: Hub, { repository }: HubId, commit: string, path: string): string =>
  `${hub.endpoint}/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;

/** Does what asks the hub, and says in plain words why it could not. */
export async function ask<T>(
  { endpoint, token }: Hub,
  { repository, revision }: HubId,
  { signal }: Retry,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throwIfAborted(signal);
    const status = error instanceof HttpError ? error.status : null;
    if (status === 401 || status === 403) {
      const remedy = token === null ? 'set HF_TOKEN' : 'the HF_TOKEN that is set may not read it';
      throw inputError(
        `The model ${repository} is not there for everybody on ${endpoint}, or not there at all; ${remedy}.`,
        { cause: error },
      );
    }
    if (status === 404) {
      throw inputError(`${endpoint} has no model ${repository} at revision ${revision}.`, {
        cause: error,
      });
    }
    throw runtimeError(
      `The model ${repository} could not be fetched from ${endpoint}: ${networkProblem(error)}.`,
      { cause: error },
    );
  }
}
