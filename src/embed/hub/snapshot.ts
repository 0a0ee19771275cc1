import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inputError, messageOf, runtimeError } from '../../base/errors.ts';
import { makeFolder, writeFileAtomic } from '../../base/files.ts';
import type { RunOptions } from '../../base/progress.ts';
import { type Retry, request } from '../http.ts';
import { fileHash } from '../model-files.ts';
import {
  ask,
  fileUrl,
  type Hub,
  type HubId,
  headersFor,
  type Listed,
  type Listing,
  listRepository,
} from './hub.ts';

/** A model of the hub on this machine, at one commit for good. */
export interface Snapshot {
  readonly folder: string;
  readonly commit: string;
  readonly licence: string | null;
  readonly warnings: readonly string[];
}

/** What of a repository is wanted, first what is asked of its listing, then of what was fetched so far. */
export interface Wanted {
  /** Small files that say how to use the model. */
  readonly settings: (path: string) => boolean;
  /** The weights; `folder` has the settings. */
  readonly weights: (folder: string, paths: readonly string[]) => readonly string[];
}

export type SnapshotOptions = RunOptions & Pick<Retry, 'waitMs'>;

/** What was fetched of a commit, with the hashes that its files had. */
interface Receipt {
  readonly commit: string;
  readonly licence: string | null;
  /** Every path of the repository, for what is wanted later. */
  readonly paths: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/**
 * A model's files, from the cache if they are there and from the hub if they are not. The commit that a
 * branch was at when it was first fetched stays the one that is used; with everything there, nobody is
 * asked. Each file appears whole or not at all. A file that has changed since is fetched again, and told.
 */
export async function openSnapshot(
  hub: Hub,
  id: HubId,
  wanted: Wanted,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const root = join(hub.folder, `models--${id.repository.replace('/', '--')}`);
  const commit = await knownCommit(root, id.revision);
  const receipt = commit === null ? null : await readReceipt(root, commit);
  const warnings: string[] = [];
  if (commit !== null) {
    const folder = join(root, 'snapshots', commit);
    const damaged = receipt === null ? [] : await damagedFiles(folder, receipt);
    for (const path of damaged) {
      warnings.push(`The kept file ${join(folder, path)} was damaged, and was fetched again.`);
    }
    if (damaged.length === 0 && isComplete(folder, wanted, receipt?.paths ?? null)) {
      return { folder, commit, licence: receipt?.licence ?? null, warnings };
    }
    if (hub.offline && damaged.length > 0) {
      throw inputError(
        `The kept file ${join(folder, damaged[0]!)} is damaged, and --offline forbids fetching it again.`,
      );
    }
    for (const path of damaged) await rm(join(folder, path), { force: true });
  }
  if (hub.offline) {
    throw inputError(
      `The model ${id.repository} is not in ${hub.folder}, or not all of it, and --offline forbids fetching it.`,
    );
  }
  const pinned = commit === null ? id : { ...id, revision: commit };
  const listing = await listRepository(hub, pinned, options);
  const folder = await fetchFiles(hub, id, listing, wanted, root, receipt, options);
  if (commit === null) await writeFileAtomic(join(root, 'refs', id.revision), listing.commit);
  return { folder, commit: listing.commit, licence: listing.licence, warnings };
}

/** The commit that a revision is pinned to here; a commit is itself, if it is here. */
async function knownCommit(root: string, revision: string): Promise<string | null> {
  const pinned = await readFile(join(root, 'refs', revision), 'utf8').catch(() => null);
  const commit = pinned?.trim() ?? revision;
  return existsSync(join(root, 'snapshots', commit)) ? commit : null;
}

const receiptPath = (root: string, commit: string): string => join(root, 'gamut', `${commit}.json`);

/** null where another program fetched the model, or the receipt is damaged: then nothing can be checked. */
async function readReceipt(root: string, commit: string): Promise<Receipt | null> {
  try {
    return JSON.parse(await readFile(receiptPath(root, commit), 'utf8')) as Receipt;
  } catch {
    return null;
  }
}

async function damagedFiles(folder: string, { files }: Receipt): Promise<string[]> {
  const damaged: string[] = [];
  for (const [path, hash] of Object.entries(files)) {
    const found = await fileHash(join(folder, path)).catch(() => null);
    if (found !== null && found !== hash) damaged.push(path);
  }
  return damaged;
}

/** Whether all that is wanted is there; `paths` is null where the repository's listing is not known. */
function isComplete(folder: string, wanted: Wanted, paths: readonly string[] | null): boolean {
  const here = (path: string): boolean => existsSync(join(folder, path));
  if (paths?.some((path) => wanted.settings(path) && !here(path))) return false;
  try {
    return wanted.weights(folder, paths ?? []).every(here);
  } catch {
    return false;
  }
}

async function fetchFiles(
  hub: Hub,
  id: HubId,
  listing: Listing,
  wanted: Wanted,
  root: string,
  before: Receipt | null,
  options: SnapshotOptions,
): Promise<string> {
  const folder = join(root, 'snapshots', listing.commit);
  const files: Record<string, string> = { ...before?.files };
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  const paths = [...byPath.keys()];
  const fetchAll = async (some: readonly string[]): Promise<void> => {
    for (const path of some) {
      if (existsSync(join(folder, path))) continue;
      const file = byPath.get(path);
      if (file === undefined) throw inputError(`The model ${id.repository} has no ${path}.`);
      files[path] = await fetchFile(hub, id, listing.commit, file, join(folder, path), options);
    }
  };
  await fetchAll(paths.filter(wanted.settings));
  await fetchAll(wanted.weights(folder, paths));
  const { commit, licence } = listing;
  const receipt: Receipt = { commit, licence, paths, files };
  await writeFileAtomic(receiptPath(root, commit), `${JSON.stringify(receipt, null, 2)}\n`);
  return folder;
}

/** Fetches one file and gives its hash. What broke off is gone on with, while this process lives. */
async function fetchFile(
  hub: Hub,
  id: HubId,
  commit: string,
  { path, size, sha256 }: Listed,
  target: string,
  options: SnapshotOptions,
): Promise<string> {
  const { onProgress } = options;
  const url = fileUrl(hub, id, commit, path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  await makeFolder(dirname(target)).catch((error: unknown) => {
    throw runtimeError(`Could not make ${dirname(target)}: ${messageOf(error)}`, { cause: error });
  });
  const file = await open(temporary, 'wx');
  try {
    let done = 0;
    await ask(hub, id, options, () =>
      request(
        url,
        () => ({
          headers: { ...headersFor(hub), ...(done > 0 ? { range: `bytes=${done}-` } : {}) },
        }),
        async (response) => {
          if (response.status !== 206) done = 0;
          for await (const chunk of response.body!) {
            await file.write(chunk, 0, chunk.length, done);
            done += chunk.length;
            onProgress?.({ stage: `fetching ${path}`, done, total: size, unit: 'bytes' });
          }
          if (size !== null && done < size) throw new Error('the answer broke off');
        },
        { ...options, timeoutMs: LONGEST_FETCH_MS },
      ),
    );
    await file.truncate(done);
    await file.sync();
    await file.close();
    const hash = await fileHash(temporary);
    if ((sha256 !== null && hash !== `sha256:${sha256}`) || (size !== null && done !== size)) {
      throw runtimeError(
        `${path} of ${id.repository} did not arrive as ${hub.endpoint} says it is; run it again.`,
      );
    }
    await rename(temporary, target);
    return hash;
  } finally {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
  }
}

/** A large file over a slow line; a stalled one is noticed by the runtime after five minutes. */
const LONGEST_FETCH_MS = 6 * 60 * 60 * 1000;
