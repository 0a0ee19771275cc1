import type { MapReport, Report } from '../../audit/report.ts';
import type { CompareMap, CompareReport } from '../../compare/report.ts';
import type { About } from '../../measures/measure.ts';
import { datasetName } from '../dataset-words.ts';
import type { ThemeName } from '../plot/theme.ts';
import { comparedFigures } from './compared.ts';
import { figuresOf } from './figures.ts';
import { writeFigures } from './files.ts';
import { comparedDrawable, drawableOf } from './map-picture.ts';
import { sheetOf } from './sheet.ts';

/** The report's figures and its map as files; the curves over n together on one sheet. */
export async function writeReportFigures(
  folder: string,
  report: Report,
  map: MapReport | null,
  about: Readonly<Record<string, About>>,
  theme: ThemeName,
): Promise<number> {
  const all = figuresOf(report, about);
  const curves = all.filter(({ id }) => id.startsWith('curve-'));
  const sheet = sheetOf('curves', 'As rows are added', curves);
  const figures = all.filter((figure) => !curves.includes(figure));
  if (sheet !== null) figures.push(sheet);
  return writeFigures(folder, figures, map && (await sceneOfMap(map, report, theme)), theme);
}

/** The comparison's figures and its map as files; the measures of an axis together on one sheet. */
export async function writeComparisonFigures(
  folder: string,
  report: CompareReport,
  map: CompareMap | null,
  about: Readonly<Record<string, About>>,
  theme: ThemeName,
): Promise<number> {
  const { glance, spreads, axes } = comparedFigures(report, map?.names ?? null, about);
  const sheets = axes.map(({ id, title, figures }) => sheetOf(id, title, figures, 2));
  const figures = [...glance, ...spreads, ...sheets.filter((sheet) => sheet !== null)];
  return writeFigures(folder, figures, map && (await sceneOfCompared(map, report, theme)), theme);
}

async function sceneOfCompared(map: CompareMap, report: CompareReport, theme: ThemeName) {
  const { sceneOf } = await import('../plot/scene.ts');
  const { drawable, words } = comparedDrawable(map, report);
  const title = report.datasets.map(({ name }) => name).join(', ');
  return sceneOf(drawable, { ...words, title, theme });
}

async function sceneOfMap(map: MapReport, report: Report, theme: ThemeName) {
  const { sceneOf } = await import('../plot/scene.ts');
  const { drawable, words } = drawableOf(map, report.clusters);
  return sceneOf(drawable, { ...words, title: datasetName(report.dataset), theme });
}
