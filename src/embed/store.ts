import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { messageOf } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import {
  type BlockIndex,
  encodeBlock,
  readIndex,
  readRows,
  type Space,
  vectorSpace,
} from './block-file.ts';
import type { Key } from './text-key.ts';

export { type Key, textKey } from './text-key.ts';

export interface StoredVector {
  /** A view or a copy of one row: read it, never write to it. */
  readonly vector: Float32Array;
  /** How many tokens the text has, before windowing or cutting. */
  readonly tokens: number;
}

/**
 * A cache of vectors on disk, one folder a model fingerprint: `CACHE/vectors/HASH/`. Every commit
 * becomes one immutable file named by its content, so any number of processes may read and write at
 * once without locks, and a process killed at any byte leaves nothing worse than a temporary file.
 * The store never fails a run: what cannot be read is a miss, what cannot be written is not stored.
 */
export interface VectorStore {
  readonly folder: string;
  readonly dims: number;
  /** How many texts it has a vector for. Commits by other processes show when it is opened again. */
  readonly size: number;
  get(key: Key): StoredVector | undefined;
  /** Stores one block, whole or not at all; on return it is on disk, or `failure` says why not. */
  commit(keys: readonly Key[], vectors: Float32Array, tokens: Int32Array): Promise<void>;
  /**
   * Files found torn or damaged so far, when opening or at the first read of a block's vectors.
   * A damaged block is removed and its texts become misses.
   */
  readonly damagedBlocks: number;
  /** Why nothing is stored any more, such as 'disk full'; null while all is well. */
  readonly failure: string | null;
  /** Frees the memory. Whatever was committed is on disk already. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Told once, when the store stops storing: the text of `failure`. */
  readonly onFailure?: ((why: string) => void) | undefined;
}

interface Block {
  readonly path: string;
  /** The number of its first row, counted over all blocks of the store. */
  readonly first: number;
  readonly index: BlockIndex;
  /** How many of its keys no earlier block has. */
  readonly own: number;
  /** Its vectors have passed their checksum. */
  checked: boolean;
  gone: boolean;
}

const BLOCK_SUFFIX = '.block';
/** A temporary file this old belongs to a dead process: writing one takes seconds at most. */
const STALE_MS = 60 * 60 * 1000;
/** How many bytes of vectors stay in memory: enough for the blocks that a pass is just going through. */
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Opens the store of one model in a cache folder, and makes it if there is none. */
export async function openVectorStore(
  cacheFolder: string,
  fingerprint: string,
  dims: number,
  options: StoreOptions = {},
): Promise<VectorStore> {
  const space = vectorSpace(fingerprint, dims);
  const folder = join(cacheFolder, 'vectors', space.hash.toString('hex'));
  const store = new FolderStore(folder, space, options);
  await store.open(fingerprint);
  return store;
}

class FolderStore implements VectorStore {
  readonly folder: string;
  readonly dims: number;
  damagedBlocks = 0;
  failure: string | null = null;
  size = 0;
  private readonly space: Space;
  private readonly options: StoreOptions;
  private readonly blocks: Block[] = [];
  private readonly rowOf = new Map<Key, number>();
  /** Vectors of blocks in memory, the one used longest ago first. */
  private readonly memory = new Map<Block, Float32Array>();
  private memoryBytes = 0;

  constructor(folder: string, space: Space, options: StoreOptions) {
    this.folder = folder;
    this.dims = space.dims;
    this.space = space;
    this.options = options;
  }

  async open(fingerprint: string): Promise<void> {
    const names = await readdir(this.folder).catch((): string[] => []);
    await this.describe(fingerprint);
    // In the order of their names, so that of two vectors for one text every process takes the same.
    for (const name of names.sort()) {
      const path = join(this.folder, name);
      if (name.endsWith('.tmp')) await removeStale(path);
      if (!name.endsWith(BLOCK_SUFFIX)) continue;
      try {
        const index = readIndex(path, this.space);
        if (index) this.adopt(path, index);
        else this.damaged(path);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') this.damagedBlocks += 1;
      }
    }
  }

  get(key: Key): StoredVector | undefined {
    const row = this.rowOf.get(key);
    if (row === undefined) return undefined;
    const block = this.blockOf(row);
    if (block.gone) return undefined;
    const at = row - block.first;
    try {
      const vector = this.vectorAt(block, at);
      if (vector) return { vector, tokens: block.index.tokens[at]! };
      this.drop(block);
      this.damaged(block.path);
    } catch (error) {
      // A file that somebody removed is a smaller cache, not a damaged one.
      this.drop(block);
      if (codeOf(error) !== 'ENOENT') this.damagedBlocks += 1;
    }
    return undefined;
  }

  async commit(keys: readonly Key[], vectors: Float32Array, tokens: Int32Array): Promise<void> {
    if (vectors.length !== keys.length * this.dims || tokens.length !== keys.length) {
      throw new RangeError(
        `a block of ${keys.length} keys was given ${vectors.length} values and ${tokens.length} token counts`,
      );
    }
    if (keys.length === 0 || this.failure !== null) return;
    const encoded = encodeBlock(this.space, keys, vectors, tokens);
    const name = createHash('sha256').update(encoded.bytes).digest('hex').slice(0, 32);
    const path = join(this.folder, name + BLOCK_SUFFIX);
    if (!(await this.write(path, encoded.bytes))) return;
    const block = this.adopt(path, encoded.index);
    block.checked = true;
    this.remember(block, encoded.vectors);
  }

  async close(): Promise<void> {
    this.rowOf.clear();
    this.memory.clear();
    this.blocks.length = 0;
    this.memoryBytes = 0;
    this.size = 0;
  }

  /** Says beside the blocks, for people, which model they are of; each block knows it by itself. */
  private async describe(fingerprint: string): Promise<void> {
    const path = join(this.folder, 'meta.json');
    const meta = `${JSON.stringify({ schema: 'gamut.vectors/1', fingerprint, dims: this.dims }, null, 2)}\n`;
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found === meta) return;
    if (found !== null) this.damagedBlocks += 1;
    await this.write(path, meta);
  }

  private async write(path: string, content: string | Uint8Array): Promise<boolean> {
    try {
      await writeFileAtomic(path, content);
      return true;
    } catch (error) {
      if (this.failure === null) {
        this.failure = failureOf(error);
        this.options.onFailure?.(this.failure);
      }
      return false;
    }
  }

  private adopt(path: string, index: BlockIndex): Block {
    const last = this.blocks.at(-1);
    const first = last ? last.first + last.index.keys.length : 0;
    let own = 0;
    index.keys.forEach((key, row) => {
      const known = this.rowOf.get(key);
      if (known !== undefined && !this.blockOf(known).gone) return;
      this.rowOf.set(key, first + row);
      own += 1;
    });
    const block: Block = { path, first, index, own, checked: false, gone: false };
    this.blocks.push(block);
    this.size += own;
    return block;
  }

  /** The block of a row of the store: the last one that starts at or before it. */
  private blockOf(row: number): Block {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.blocks[middle]!.first <= row) low = middle;
      else high = middle - 1;
    }
    return this.blocks[low]!;
  }

  /**
   * A block is first read whole, to check it, and then answers from memory while it is there. After
   * that rows are read one by one: rows asked for in another order than they were stored in would
   * otherwise read a whole block each. Null when the block is damaged.
   */
  private vectorAt(block: Block, row: number): Float32Array | null {
    const count = block.index.keys.length;
    let vectors = this.memory.get(block);
    if (!vectors && block.checked) return readRows(block.path, count, this.dims, row, 1);
    if (!vectors) {
      const read = readRows(block.path, count, this.dims);
      if (!read || crc32(new Uint8Array(read.buffer)) !== block.index.vectorsCrc) return null;
      block.checked = true;
      vectors = read;
    }
    this.remember(block, vectors);
    return vectors.subarray(row * this.dims, (row + 1) * this.dims);
  }

  private remember(block: Block, vectors: Float32Array): void {
    this.forget(block);
    this.memory.set(block, vectors);
    this.memoryBytes += vectors.byteLength;
    for (const oldest of this.memory.keys()) {
      if (this.memoryBytes <= MEMORY_BYTES) break;
      this.forget(oldest);
    }
  }

  private forget(block: Block): void {
    this.memoryBytes -= this.memory.get(block)?.byteLength ?? 0;
    this.memory.delete(block);
  }

  private drop(block: Block): void {
    block.gone = true;
    this.size -= block.own;
    this.forget(block);
  }

  private damaged(path: string): void {
    this.damagedBlocks += 1;
    try {
      unlinkSync(path);
    } catch {
      // In a folder that cannot be written it stays, and is found damaged again next time.
    }
  }
}

async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found && Date.now() - found.mtimeMs > STALE_MS) {
    await rm(path, { force: true }).catch(() => {});
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

const FAILURES: Readonly<Record<string, string>> = {
  ENOSPC: 'disk full',
  EDQUOT: 'disk quota reached',
  EFBIG: 'file size limit reached',
  EACCES: 'permission denied',
  EROFS: 'read-only file system',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
};

function failureOf(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return FAILURES[String(codeOf(cause))] ?? messageOf(cause);
}
