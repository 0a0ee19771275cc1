import { usageError } from '../base/errors.ts';
import type { InputOptions } from '../engine/inputs.ts';
import { checkPartition } from '../engine/labels.ts';
import { checkIndex, type GraphOptions } from '../neighbours/graph.ts';
import type { Components } from './engines/wasm.ts';
import { METRICS, type Metric } from './metric.ts';
import { METHODS, type Method } from './saved-map.ts';
import { TARGET_KINDS, type TargetKind } from './target.ts';
import { ENGINES, type Engine, INITS, type Init } from './umap.ts';

export interface ProjectOptions extends InputOptions {
  /** Default 'auto', which is exact up to 15,000 rows on the processor. */
  readonly index?: GraphOptions['index'];
  /** The share of true neighbours that the index must find where it is not exact. Default 0.98. */
  readonly recall?: GraphOptions['recall'];
  /** A column, or a .npy, whose values take the place of found clusters. */
  readonly labels?: string | undefined;
  readonly clusters?: number | undefined;
  /** Default 'umap'. */
  readonly method?: Method | undefined;
  /** Default 'cosine', or 'euclidean' where `space` is. */
  readonly metric?: Metric | undefined;
  /** Dimensions of the map. Default 2. */
  readonly components?: Components | undefined;
  /** What lays the map out: 'wasm' (default) or 'umap-js'. */
  readonly engine?: Engine | undefined;
  /** Rows that make a neighbourhood, the row itself counted in. Default 15. */
  readonly neighbours?: number | undefined;
  /** How close points may lie. Default 0.1. */
  readonly minDist?: number | undefined;
  /** The scale of the map. Default 1. */
  readonly spread?: number | undefined;
  /** Default 500, or 200 above 10,000 rows. */
  readonly epochs?: number | undefined;
  /** Where the layout starts. Default 'pca'. */
  readonly init?: Init | undefined;
  /** A column whose values rows that lie together should share. */
  readonly target?: string | undefined;
  /** Default 'categories'. */
  readonly targetKind?: TargetKind | undefined;
  /** How much the target counts beside the rows themselves, 0 to 1. Default 0.5. */
  readonly targetWeight?: number | undefined;
  /** A folder to keep the map in, so that other rows can be placed on it. */
  readonly saveMap?: string | undefined;
  /** A folder with a map: rows are placed on it, and it stays as it is. */
  readonly onto?: string | undefined;
}

/** What only a UMAP takes. */
const OF_UMAP = [
  ...['engine', 'neighbours', 'minDist', 'spread', 'epochs', 'init'],
  ...['target', 'targetKind', 'targetWeight'],
] as const;
/** What a map was made with. */
const OF_MAKING = [...OF_UMAP, 'method', 'metric', 'components', 'recall', 'saveMap'] as const;

const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Refuses what cannot be, or cannot be together, before anything is read. */
export function checkOptions(options: ProjectOptions): void {
  checkChoices(options);
  checkPartition(options);
  checkIndex(options);
  checkNumbers(options);
  const given = (names: readonly (keyof ProjectOptions)[]): string | undefined =>
    names.find((name) => options[name] !== undefined);
  if (options.onto !== undefined) {
    const own = given(OF_MAKING);
    if (own !== undefined) {
      throw usageError(`${flagOf(own)} is for making a map; leave it out with --onto.`);
    }
    if (options.index !== undefined && options.index !== 'auto' && options.index !== 'exact') {
      throw usageError(`--index ${options.index} is for making a map; leave it out with --onto.`);
    }
  }
  if (options.method === 'pca') {
    const own = given(OF_UMAP);
    if (own !== undefined) {
      throw usageError(`${flagOf(own)} is for UMAP; leave it out with --method pca.`);
    }
  }
  if (options.target === undefined) {
    const own = given(['targetKind', 'targetWeight']);
    if (own !== undefined) throw usageError(`${flagOf(own)} needs a --target.`);
  } else if (options.engine === 'umap-js') {
    throw usageError('--engine umap-js takes no --target; leave one of them out.');
  }
}

function checkChoices({ engine, method, metric, init, targetKind, components }: ProjectOptions) {
  const choices = [
    ['--engine', engine, ENGINES],
    ['--method', method, METHODS],
    ['--metric', metric, METRICS],
    ['--init', init, INITS],
    ['--target-kind', targetKind, TARGET_KINDS],
    ['--components', components, [2, 3]],
  ] as const;
  for (const [flag, value, allowed] of choices) {
    if (value !== undefined && !(allowed as readonly unknown[]).includes(value)) {
      throw usageError(`${flag} must be ${allowed.join(' or ')}, not ${value}.`);
    }
  }
}

function checkNumbers(options: ProjectOptions): void {
  const { neighbours, minDist, spread, epochs, targetWeight } = options;
  if (neighbours !== undefined && !(Number.isInteger(neighbours) && neighbours >= 2)) {
    throw usageError(`--neighbours must be a whole number from 2, not ${neighbours}.`);
  }
  if (minDist !== undefined && !(minDist >= 0 && minDist <= 10)) {
    throw usageError(`--min-dist must be a number from 0 to 10, not ${minDist}.`);
  }
  if (spread !== undefined && !(spread > 0 && spread <= 100)) {
    throw usageError(`--spread must be a number above 0 and up to 100, not ${spread}.`);
  }
  if (epochs !== undefined && !(Number.isInteger(epochs) && epochs >= 1)) {
    throw usageError(`--epochs must be a whole number from 1, not ${epochs}.`);
  }
  if (targetWeight !== undefined && !(targetWeight >= 0 && targetWeight <= 1)) {
    throw usageError(`--target-weight must be a number from 0 to 1, not ${targetWeight}.`);
  }
}
