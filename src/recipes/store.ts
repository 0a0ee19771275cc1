import { readFile } from 'node:fs/promises';
import { inputError, messageOf } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { Axis } from '../measures/measure.ts';
import { COMPONENTS, type Components, KNOWN, type Recipe } from './known.ts';

/** The file that runs are kept in: yours, to edit, share and put under version control. */
export interface RecipeFile {
  readonly schema: 'gamut.recipes/1';
  /** Recipes of your own, beside the known ones. */
  readonly recipes: readonly Recipe[];
  readonly runs: readonly Run[];
}

/** What one run of a recipe made, as an audit or a comparison measured it. */
export interface Run {
  /** The id of its recipe. */
  readonly recipe: string;
  /** What tells it from other runs of the recipe. */
  readonly name: string;
  /** The version of gamut that measured it, and rows that the values are of. */
  readonly gamut: string;
  readonly n: number;
  /** What must agree for values to compare, beside n. */
  readonly terms: Readonly<Record<string, string | number | null>>;
  readonly values: Readonly<Record<string, RunValue>>;
}

export interface RunValue {
  readonly axis: Axis;
  readonly more: 'more' | 'less';
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

export const STORE = 'gamut-recipes.json';

/** The runs that a file holds; none where there is no file yet, unless there `must` be one. */
export async function readStore(path: string, { must = false } = {}): Promise<RecipeFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      if (must) {
        throw inputError(
          `${path} does not exist; gamut recipes add NAME report.json --store ${path} makes it.`,
        );
      }
      return { schema: 'gamut.recipes/1', recipes: [], runs: [] };
    }
    throw inputError(`Could not read ${path}: ${messageOf(error)}.`, { cause: error });
  }
  const found = parsed(text, path) as Partial<RecipeFile> | null;
  if (found?.schema !== 'gamut.recipes/1') {
    throw inputError(`${path} is no file of recipes (its schema is not gamut.recipes/1).`);
  }
  const { recipes = [], runs = [] } = found;
  if (!Array.isArray(recipes) || !Array.isArray(runs)) {
    throw inputError(`${path}: recipes and runs must be lists.`);
  }
  for (const recipe of recipes) checkRecipe(recipe, path);
  for (const [i, run] of runs.entries()) checkRun(run, i, path);
  return { schema: 'gamut.recipes/1', recipes, runs };
}

export const writeStore = (path: string, file: RecipeFile): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(file, null, 2)}\n`);

export function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw inputError(`${path} is no JSON: ${messageOf(error)}.`, { cause: error });
  }
}

/** The known recipes, and after them those of the file; one of the same id takes the place of a known one. */
export function recipesOf({ recipes }: RecipeFile): Recipe[] {
  const own = new Set(recipes.map(({ id }) => id));
  return [...KNOWN.filter(({ id }) => !own.has(id)), ...recipes];
}

function checkRecipe(recipe: Partial<Recipe>, path: string): void {
  const components: Partial<Components> = recipe?.components ?? {};
  const missing = COMPONENTS.find((name) => typeof components[name] !== 'string');
  if (typeof recipe?.id !== 'string' || typeof recipe.title !== 'string') {
    throw inputError(`${path}: every recipe needs an id and a title.`);
  }
  if (missing !== undefined) {
    throw inputError(`${path}: recipe '${recipe.id}' needs components.${missing}, in words.`);
  }
}

function checkRun(run: Partial<Run>, i: number, path: string): void {
  const sound =
    typeof run?.recipe === 'string' &&
    typeof run.name === 'string' &&
    typeof run.n === 'number' &&
    isObject(run.terms) &&
    isObject(run.values) &&
    Object.values(run.values).every((value) => typeof value?.value === 'number');
  if (!sound) {
    throw inputError(
      `${path}: run ${i + 1} lacks its recipe, name, n, terms or values; take it out and add it again.`,
    );
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
