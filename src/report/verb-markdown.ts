import type { AttributeReport } from '../attribute/report.ts';
import type { CompareMap, CompareReport } from '../compare/report.ts';
import type { About } from '../measures/measure.ts';
import type { TrackReport } from '../track/report.ts';
import { formatRows } from './format.ts';
import { buildAttributeView } from './html/build-attribute-view.ts';
import { buildCompareView } from './html/build-compare-view.ts';
import { buildTrackView } from './html/build-track-view.ts';
import type { CellView, FigureView, TableView, VerbView } from './html/view.ts';
import {
  escaped,
  findingLines,
  folded,
  footerOf,
  page,
  table,
  warningLines,
} from './markdown-parts.ts';

type Abouts = Readonly<Record<string, About>>;

/** Lines of a table; those beyond them are in the JSON and in the HTML. */
const LINES = 120;
/** A figure with more numbers than these is folded away. */
const SHORT = 16;

/** A comparison as Markdown. `map` is where the names of its clusters come from. */
export const renderComparisonMarkdown = (
  report: CompareReport,
  map: CompareMap | null,
  about: Abouts,
): string => markdownOf(buildCompareView(report, map, about, []), report);

export const renderTrackMarkdown = (report: TrackReport, about: Abouts): string =>
  markdownOf(buildTrackView(report, about), report);

export const renderAttributionMarkdown = (report: AttributeReport, about: Abouts): string =>
  markdownOf(buildAttributeView(report, about), report);

/** The page of a verb without its drawings: findings first, then the tables, the longest folded. */
const markdownOf = (view: VerbView, made: Parameters<typeof footerOf>[0]): string =>
  page([
    `# ${escaped(view.mark)}: ${escaped(view.title)}`,
    `${escaped(view.summary)}.`,
    findingLines(
      view.findings.map((one) => ({
        ...one,
        evidence: one.evidence.map(({ title }) => escaped(title)),
      })),
    ),
    warningLines(view.warnings),
    ...view.figures.map(numbersOf),
    ...view.axes.map(({ title, lead, table: of }) => part(title, lead, cellsOf(of))),
    ...view.tables.map(({ title, lead, table: of, folded: line }) =>
      line === undefined ? part(title, lead, cellsOf(of)) : folded(escaped(title), cellsOf(of)),
    ),
    footerOf(made),
  ]);

const part = (title: string, lead: string, content: string): string =>
  [`## ${escaped(title)}`, escaped(lead), content].filter(Boolean).join('\n\n');

/** What a figure draws. */
function numbersOf({ title, caption, table: { columns, rows } }: FigureView): string {
  if (rows.length === 0) return '';
  const content = lines(
    columns.map(escaped),
    rows.map((row) => row.map(escaped)),
  );
  return rows.length > SHORT ? folded(escaped(title), content) : part(title, caption, content);
}

const cellsOf = ({ columns, rows }: TableView): string =>
  lines(
    columns.map(words),
    rows.map((row) => row.map(words)),
  );

const words = ({ text, note = '' }: CellView): string =>
  note === '' ? escaped(text) : `${escaped(text)} (${escaped(note)})`;

function lines(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = table(heads, rows.slice(0, LINES));
  const left = rows.length - LINES;
  return left <= 0
    ? shown
    : `${shown}\n\n${formatRows(left, 'more line')} in the JSON and the HTML.`;
}
