import { formatCount } from '../base/numbers.ts';
import type { Recipe } from './known.ts';
import { type RecipeFile, type Run, recipesOf } from './store.ts';

/** The result of `gamut recipes`, and the whole of its `--json`. */
export interface RecipesReport {
  readonly schema: 'gamut.recipes-board/1';
  readonly recipes: readonly Recipe[];
  /** Runs that compare: same n, model and settings. null where no run was recorded. */
  readonly board: {
    readonly n: number;
    readonly terms: Run['terms'];
    /** Measures of the columns: of quality, diversity and complexity. */
    readonly columns: readonly string[];
    /** That rows are ordered by. */
    readonly by: string | null;
    readonly runs: readonly Run[];
  } | null;
  /** Runs that do not compare with those, and why. */
  readonly apart: readonly { readonly run: Run; readonly why: string }[];
}

/** Columns of each axis, most telling first. */
const LEADING: readonly (readonly [ids: readonly string[], most: number])[] = [
  [['correct', 'quality.rules'], 2],
  [['vendi', 'mean-distance', 'effective-clusters', 'distinct-2'], 3],
  [['length.words', 'readability', 'compressibility', 'constraints'], 2],
];

export function recipesReport(file: RecipeFile, n?: number): RecipesReport {
  const recipes = recipesOf(file);
  const runs = n === undefined ? file.runs : file.runs.filter((run) => run.n === n);
  const groups = new Map<string, Run[]>();
  for (const run of runs) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  // Those that most runs can be compared on; among equals those with more rows.
  const [main] = [...groups.values()].sort((a, b) => b.length - a.length || b[0]!.n - a[0]!.n);
  const schema = 'gamut.recipes-board/1';
  const first = main?.[0];
  if (main === undefined || first === undefined) {
    const apart = file.runs.map((run) => ({ run, why: `${formatCount(run.n)} rows` }));
    return { schema, recipes, board: null, apart };
  }
  const columns = columnsOf(main);
  const by = ['vendi', ...columns].find((id) => main.some((run) => id in run.values)) ?? null;
  const apart = file.runs
    .filter((run) => !main.includes(run))
    .map((run) => ({ run, why: differenceOf(run, first) }));
  return {
    ...{ schema, recipes, apart },
    board: { n: first.n, terms: first.terms, columns, by, runs: ordered(main, by) },
  };
}

const keyOf = ({ n, terms }: Run): string => JSON.stringify([n, Object.entries(terms).sort()]);

function columnsOf(runs: readonly Run[]): string[] {
  const has = (id: string): boolean => runs.some(({ values }) => Object.hasOwn(values, id));
  const judged = [...new Set(runs.flatMap(({ values }) => Object.keys(values)))].filter(
    (id) => /^quality[:.]/.test(id) && !id.startsWith('quality.rules'),
  );
  return LEADING.flatMap(([ids, most], axis) =>
    [...(axis === 0 ? judged : []), ...ids].filter(has).slice(0, most),
  );
}

function ordered(runs: readonly Run[], by: string | null): Run[] {
  if (by === null) return [...runs];
  const score = ({ values }: Run): number => {
    const found = values[by];
    if (found === undefined) return Number.NEGATIVE_INFINITY;
    return found.more === 'more' ? found.value : -found.value;
  };
  return runs.toSorted((a, b) => score(b) - score(a));
}

/** The first thing that keeps a run from being compared. */
function differenceOf(run: Run, other: Run): string {
  if (run.n !== other.n) return `${formatCount(run.n)} rows, not ${formatCount(other.n)}`;
  const names = new Set([...Object.keys(run.terms), ...Object.keys(other.terms)]);
  for (const name of names) {
    const [own, there] = [run.terms[name] ?? 'none', other.terms[name] ?? 'none'];
    if (own !== there) return `${name} ${own}, not ${there}`;
  }
  return 'other settings';
}
