import { findMeasure } from '../measures/registry.ts';
import type { RecipesReport } from '../recipes/board.ts';
import { COMPONENTS, type Recipe } from '../recipes/known.ts';
import type { Run } from '../recipes/store.ts';
import { formatInterval, formatRows, formatValue } from './format.ts';
import { code, escaped, table } from './markdown-parts.ts';
import { cut, oneLine, pad, wrap } from './text.ts';

const NONE = 'No run is recorded yet: gamut recipes add NAME report.json keeps one.';

/** Recipes and the leaderboard of their runs as Markdown. */
export function recipesMarkdown(report: RecipesReport): string {
  const { recipes, board, apart } = report;
  const about = recipes.map(({ title, components, cite }) => [
    `**${escaped(title)}**`,
    ...COMPONENTS.map((name) => escaped(components[name])),
    escaped(cite),
  ]);
  const blocks = [
    '# Recipes',
    board === null ? NONE : `${boardWords(board)}\n\n${boardTable(report, board)}`,
    ...(apart.length === 0
      ? []
      : [
          `Apart, as they do not compare:\n\n${apart.map((one) => `- ${apartWords(report, one, escaped)}`).join('\n')}`,
        ]),
    `## What they are made of\n\n${table(['Recipe', ...COMPONENTS, 'Paper'], about)}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

type Board = NonNullable<RecipesReport['board']>;

const boardWords = ({ n, terms, by }: Board): string =>
  `${formatRows(n)} each, embedded by ${escaped(String(terms.model))}, ${escaped(String(terms.space))} space${by === null ? '' : `; ordered by ${by}`}. 95 % intervals in brackets.`;

const titleOf = ({ recipes }: RecipesReport, id: string): string =>
  recipes.find((recipe) => recipe.id === id)?.title ?? id;

const valueWords = ({ values }: Run, id: string): string => {
  const found = values[id];
  return found === undefined ? '–' : formatValue(found.value, findMeasure(id));
};

function boardTable(report: RecipesReport, { columns, runs }: Board): string {
  const rows = runs.map((run) => [
    escaped(titleOf(report, run.recipe)),
    code(run.name),
    ...columns.map((id) => {
      const interval = run.values[id]?.interval;
      return `${valueWords(run, id)}${interval == null ? '' : ` (${formatInterval(interval, findMeasure(id))})`}`;
    }),
  ]);
  return table(['Recipe', 'Run', ...columns.map((id) => code(id))], rows);
}

const apartWords = (
  report: RecipesReport,
  { run, why }: RecipesReport['apart'][number],
  safe: (text: string) => string,
): string => `${safe(titleOf(report, run.recipe))}, ${safe(run.name)}: ${safe(why)}`;

/** The same for a terminal: the board first, then each recipe by its parts. */
export function renderRecipes(report: RecipesReport, columns: number): string {
  const width = Math.min(100, Math.max(60, columns));
  const { recipes, board, apart } = report;
  const blocks = [
    board === null ? wrap(NONE, width) : boardLines(report, board, width),
    apart.length === 0
      ? []
      : [
          'Apart, as they do not compare',
          ...apart.map((one) => cut(`  ${apartWords(report, one, oneLine)}`, width)),
        ],
    ...recipes.map((recipe) => recipeLines(recipe, width)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const NUMBER = 15;

/** As many columns as fit: the first of each axis, then the second of each. */
function shownColumns({ columns, runs }: Board, most: number): string[] {
  const axisOf = (id: string): string | undefined =>
    runs.map(({ values }) => values[id]?.axis).find((axis) => axis !== undefined);
  const turn = (id: string): number =>
    columns.filter((other) => axisOf(other) === axisOf(id)).indexOf(id);
  const first = columns.toSorted((a, b) => turn(a) - turn(b)).slice(0, most);
  return columns.filter((id) => first.includes(id));
}

function boardLines(report: RecipesReport, board: Board, width: number): string[] {
  const shown = shownColumns(board, Math.floor((width - 34) / NUMBER));
  const room = width - shown.length * NUMBER;
  const name = (run: Run): string => `${titleOf(report, run.recipe)}: ${run.name}`;
  return [
    `Runs at ${formatRows(board.n)} (model ${oneLine(String(board.terms.model))})`,
    pad('', room) + shown.map((id) => ` ${pad(id, NUMBER - 1, 'left')}`).join(''),
    ...board.runs.map(
      (run) =>
        pad(oneLine(name(run)), room) +
        shown.map((id) => pad(valueWords(run, id), NUMBER, 'left')).join(''),
    ),
  ];
}

function recipeLines({ id, title, components, cite }: Recipe, width: number): string[] {
  const part = (name: string, words: string): string[] =>
    wrap(oneLine(words), width - 16).map((line, i) => `  ${pad(i === 0 ? name : '', 14)}${line}`);
  return [
    cut(`${oneLine(title)} (${oneLine(id)})`, width),
    ...COMPONENTS.flatMap((name) => part(name, components[name])),
    ...part('paper', cite ?? '–'),
  ];
}
