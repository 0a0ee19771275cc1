import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError, messageOf, runtimeError } from '../base/errors.ts';
import { hashOfFile, makeFolder, writeFileAtomic } from '../base/files.ts';
import { version } from '../base/package.ts';
import { BLOCK_ROWS, type Vectors, vectorsOf } from '../compute/vectors.ts';
import { openDataset } from '../data/open.ts';
import { writeNpy } from '../data/write.ts';
import type { EmbeddedAs } from '../engine/embedded-as.ts';
import type { Components } from './engines/wasm.ts';
import type { Metric } from './metric.ts';
import type { PrincipalAxes } from './pca.ts';

/**
 * A map on disk, one folder, for placing other rows on it: `map.json` says what it is; a UMAP has
 * `vectors.npy`, the rows as its metric compares them, and `places.npy`, where they lie; a PCA has
 * `axes.npy`, the mean and then the axes. `map.json` is written last and holds the hashes of the others,
 * so a folder that was half written or damaged is refused, never half used.
 */
export interface MapCard {
  readonly schema: 'gamut.map/1';
  readonly gamut: string;
  readonly method: Method;
  readonly rows: number;
  readonly dims: number;
  readonly components: Components;
  readonly metric: Metric;
  /** How its texts were embedded, which new texts must be too; null for vectors. */
  readonly embedder: EmbeddedAs | null;
  /** What places new rows on a UMAP; null for a PCA. */
  readonly umap: {
    readonly neighbours: number;
    readonly a: number;
    readonly b: number;
    readonly seed: number;
  } | null;
  /** Share of the variance along each axis of a PCA. */
  readonly explained: readonly number[] | null;
  /** 'sha256:…' of the files beside it. */
  readonly files: Readonly<Record<string, string>>;
}

export const METHODS = ['umap', 'pca'] as const;
export type Method = (typeof METHODS)[number];

export interface SavedMap {
  readonly card: MapCard;
  /** The rows of a UMAP and their places, row-major. */
  readonly umap: { readonly vectors: Vectors; readonly places: Float32Array } | null;
  readonly axes: PrincipalAxes | null;
}

const CARD = 'map.json';
const VECTORS = 'vectors.npy';
const PLACES = 'places.npy';
const AXES = 'axes.npy';
/** All that a map's folder holds. */
export const MAP_FILES: readonly string[] = [CARD, VECTORS, PLACES, AXES];

/** Saves a map in a folder: its card, and the parts that its method has. */
export async function saveMap(
  folder: string,
  card: Omit<MapCard, 'schema' | 'gamut' | 'files'>,
  parts: Pick<SavedMap, 'umap' | 'axes'>,
): Promise<void> {
  await makeFolder(folder).catch((error: unknown) => {
    throw runtimeError(`Could not make the folder ${folder}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  for (const name of MAP_FILES) await rm(join(folder, name), { force: true });
  const { umap, axes } = parts;
  const matrices: [string, Vectors][] = [];
  if (umap !== null) {
    matrices.push([VECTORS, umap.vectors], [PLACES, vectorsOf(umap.places, card.components)]);
  }
  if (axes !== null) {
    matrices.push([AXES, vectorsOf(Float32Array.of(...axes.mean, ...axes.axes), axes.dims)]);
  }
  const files: Record<string, string> = {};
  for (const [name, matrix] of matrices) {
    await writeNpy(join(folder, name), matrix);
    files[name] = await hashOfFile(join(folder, name));
  }
  const whole: MapCard = { schema: 'gamut.map/1', gamut: version(), ...card, files };
  await writeFileAtomic(join(folder, CARD), `${JSON.stringify(whole, null, 2)}\n`);
}

/** What a folder's map is; its parts are not read yet. */
export async function readMapCard(folder: string): Promise<MapCard> {
  const path = join(folder, CARD);
  let card: MapCard;
  try {
    card = JSON.parse(await readFile(path, 'utf8')) as MapCard;
  } catch (error) {
    throw inputError(
      `${folder} holds no saved map (${CARD} is missing or broken); make one with gamut project INPUT -o FILE --save-map ${folder}.`,
      { cause: error },
    );
  }
  if (card?.schema !== 'gamut.map/1' || !card.files) {
    throw inputError(
      `${path} is of an unknown kind (${String(card?.schema)}); save the map again with --save-map.`,
    );
  }
  return card;
}

/** Reads the parts of a map. */
export async function loadMap(folder: string): Promise<SavedMap> {
  const card = await readMapCard(folder);
  for (const [name, expected] of Object.entries(card.files)) {
    await checkFile(folder, name, expected);
  }
  if (card.method === 'pca') {
    const { dims, components } = card;
    const whole = (await readMatrix(join(folder, AXES))).blocks[0]!;
    const [mean, axes] = [whole.slice(0, dims), whole.slice(dims)];
    const explained = Float64Array.from(card.explained ?? []);
    return { card, umap: null, axes: { dims, components, mean, axes, explained } };
  }
  const vectors = await readMatrix(join(folder, VECTORS));
  const { blocks } = await readMatrix(join(folder, PLACES));
  const places = new Float32Array(card.rows * card.components);
  for (const [b, block] of blocks.entries()) places.set(block, b * BLOCK_ROWS * card.components);
  return { card, umap: { vectors, places }, axes: null };
}

async function checkFile(folder: string, name: string, expected: string): Promise<void> {
  const found = await hashOfFile(join(folder, name)).catch(() => 'missing');
  if (found === expected) return;
  throw inputError(
    `The map in ${folder} is not whole (${name} is ${found === 'missing' ? found : `not the file that ${CARD} was written for`}); save it again with --save-map.`,
  );
}

async function readMatrix(path: string): Promise<Vectors> {
  const dataset = await openDataset([path]);
  const dims = dataset.dims ?? 0;
  const blocks: Float32Array[] = [];
  let rows: Float32Array[] = [];
  let n = 0;
  const flush = (): void => {
    const block = new Float32Array(rows.length * dims);
    for (const [i, row] of rows.entries()) block.set(row, i * dims);
    blocks.push(block);
    rows = [];
  };
  try {
    for await (const { vector } of dataset.rows()) {
      rows.push(vector!);
      n += 1;
      if (rows.length === BLOCK_ROWS) flush();
    }
    if (rows.length > 0) flush();
  } finally {
    await dataset.close();
  }
  return { n, dims, blocks };
}
