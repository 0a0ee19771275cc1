import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError, messageOf, runtimeError, throwIfAborted } from '../base/errors.ts';
import { hashOfFile, makeFolder, writeFileAtomic } from '../base/files.ts';
import { version } from '../base/package.ts';
import type { RunOptions } from '../base/progress.ts';
import { cpu } from '../compute/device.ts';
import { type EmbeddedAs, embeddedAs } from '../engine/embedded-as.ts';
import type { Inputs, Loaded } from '../engine/inputs.ts';
import { reread, snippet } from '../engine/reread.ts';
import { buildHnsw, type HnswIndex, loadHnsw } from '../neighbours/hnsw.ts';
import { drawTruth, recallOn } from '../neighbours/recall.ts';

/**
 * An index on disk, one folder: `index.json` says what it is, `graph.hnsw` holds the graph with its
 * vectors, `rows.jsonl` the id and the beginning of each row's text. `index.json` is written last and
 * holds the hashes of the other two, so a folder that was half written or damaged is refused, never
 * half used.
 */
export interface IndexCard {
  readonly schema: 'gamut.index/1';
  readonly gamut: string;
  readonly rows: number;
  readonly dims: number;
  /** How its texts were embedded, which new texts must be too; null for vectors. */
  readonly embedder: EmbeddedAs | null;
  /** Cosine distance to the nearest other row that 95 % of the indexed rows stay within. */
  readonly ownDistance95: number;
  /** Of how many of `rows` drawn rows the graph finds the true nearest other row. Indexes of before lack it. */
  readonly recall?: { readonly share: number; readonly rows: number };
  readonly seed: number;
  /** 'sha256:…' of the files beside it. */
  readonly files: { readonly graph: string; readonly rows: string };
}

export interface SavedIndex {
  readonly card: IndexCard;
  readonly graph: HnswIndex;
  readonly rows: readonly { readonly id: string; readonly text: string | null }[];
}

const CARD = 'index.json';
const GRAPH = 'graph.hnsw';
const ROWS = 'rows.jsonl';
/** Rows that the graph is checked on. */
const RECALL_QUERIES = 500;
/** All that an index's folder holds; the card, which vouches for the others, first. */
export const INDEX_FILES: readonly string[] = [CARD, GRAPH, ROWS];

/** Builds an HNSW graph over the unit rows of a dataset and saves it in a folder. */
export async function saveIndex(
  folder: string,
  loaded: Loaded,
  inputs: Inputs,
  options: RunOptions & { readonly seed: number },
): Promise<IndexCard> {
  const graph = await buildHnsw(loaded.collected.rows.unit, options);
  const how = embeddedAs(inputs, loaded.dataset);
  return writeIndex(folder, graph, await linesOf(loaded, options.signal), how, options);
}

/** Adds the unit rows of a dataset to an index that was loaded, and saves both in its place. */
export async function addToIndex(
  folder: string,
  { card, graph, rows }: SavedIndex,
  loaded: Loaded,
  options: RunOptions,
): Promise<IndexCard> {
  const fresh = await linesOf(loaded, options.signal);
  const larger = await graph.add(loaded.collected.rows.unit, options);
  const lines = [...rows.map((row) => JSON.stringify(row)), ...fresh];
  return writeIndex(folder, larger, lines, card.embedder, { ...options, seed: card.seed });
}

/** Each row's id and the beginning of its text, as a line. */
async function linesOf(loaded: Loaded, signal: AbortSignal | undefined): Promise<string[]> {
  const { dataset, collected } = loaded;
  const rows: string[] = collected.ids.map((id) => JSON.stringify({ id, text: null }));
  if (dataset.kind === 'text') {
    for await (const [{ id, text }, i] of reread(loaded, signal)) {
      rows[i] = JSON.stringify({ id, text: snippet(text) });
    }
  }
  return rows;
}

async function writeIndex(
  folder: string,
  graph: HnswIndex,
  rows: readonly string[],
  embedder: IndexCard['embedder'],
  { signal, seed }: RunOptions & { readonly seed: number },
): Promise<IndexCard> {
  const { n, dims } = graph;
  const unit = graph.rows();
  const nearest = await graph.search(unit, 2, { signal });
  const distances = Float64Array.from({ length: n }, (_, i) => {
    const at = i * nearest.k;
    return nearest.distances[nearest.ids[at] === i ? at + nearest.k - 1 : at]!;
  });
  const own = distances.toSorted();
  const drawn = { device: cpu, signal, seed: seed + 1 };
  const truth = await drawTruth(unit, Math.min(1, n - 1), RECALL_QUERIES, drawn);
  const recall = { share: recallOn(truth, (row) => distances[row]!), rows: truth.rows.length };
  const card: Omit<IndexCard, 'files'> = {
    schema: 'gamut.index/1',
    gamut: version(),
    rows: n,
    dims,
    embedder,
    ownDistance95: own[Math.ceil(0.95 * n) - 1] ?? 0,
    recall,
    seed,
  };
  await makeFolder(folder).catch((error: unknown) => {
    throw runtimeError(`Could not make the folder ${folder}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  // All three beside those that are there, and only then in their place: until the last moment the old index is whole.
  const beside = (name: string): string => join(folder, `.${name}.tmp`);
  try {
    await graph.save(beside(GRAPH));
    await writeFileAtomic(beside(ROWS), lines(rows));
    const files = {
      graph: await hashOfFile(beside(GRAPH)),
      rows: await hashOfFile(beside(ROWS)),
    };
    const whole: IndexCard = { ...card, files };
    await writeFileAtomic(beside(CARD), `${JSON.stringify(whole, null, 2)}\n`);
    throwIfAborted(signal);
    await rm(join(folder, CARD), { force: true });
    for (const name of INDEX_FILES.toReversed()) await rename(beside(name), join(folder, name));
    return whole;
  } catch (error) {
    for (const name of INDEX_FILES) await rm(beside(name), { force: true });
    throw error;
  }
}

function* lines(rows: readonly string[]): Iterable<string> {
  for (const row of rows) yield `${row}\n`;
}

/** Reads a folder that `saveIndex` wrote. */
export async function loadIndex(folder: string): Promise<SavedIndex> {
  const card = await readCard(folder);
  await checkFile(folder, GRAPH, card.files.graph);
  await checkFile(folder, ROWS, card.files.rows);
  const graph = await loadHnsw(join(folder, GRAPH), card.dims);
  const file = await open(join(folder, ROWS));
  const rows: { id: string; text: string | null }[] = [];
  for await (const line of file.readLines()) rows.push(JSON.parse(line) as (typeof rows)[number]);
  return { card, graph, rows };
}

/** Reading a damaged graph would give wrong answers, or bring the process down. */
async function checkFile(folder: string, name: string, expected: string): Promise<void> {
  const found = await hashOfFile(join(folder, name)).catch((error: unknown) => {
    throw inputError(
      `The index in ${folder} is not whole (${name}: ${messageOf(error)}); write it again with gamut index.`,
      { cause: error },
    );
  });
  if (found === expected) return;
  throw inputError(
    `The index in ${folder} is not whole (${name} is not the file that ${CARD} was written for); write it again with gamut index.`,
  );
}

async function readCard(folder: string): Promise<IndexCard> {
  const path = join(folder, CARD);
  let card: IndexCard;
  try {
    card = JSON.parse(await readFile(path, 'utf8')) as IndexCard;
  } catch (error) {
    throw inputError(
      `${folder} holds no saved index (${CARD} is missing or broken); make one with gamut index INPUT -o ${folder}.`,
      {
        cause: error,
      },
    );
  }
  if (card?.schema !== 'gamut.index/1' || !card.files) {
    throw inputError(
      `${path} is of an unknown kind (${String(card?.schema)}); write it again with gamut index.`,
    );
  }
  return card;
}
