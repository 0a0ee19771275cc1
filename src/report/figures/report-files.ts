import type { MapReport, Report } from '../../audit/report.ts';
import type { About } from '../../measures/measure.ts';
import { datasetName } from '../dataset-words.ts';
import type { ThemeName } from '../plot/theme.ts';
import { figuresOf } from './figures.ts';
import { writeFigures } from './files.ts';
import { drawableOf } from './map-picture.ts';
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

async function sceneOfMap(map: MapReport, report: Report, theme: ThemeName) {
  const { sceneOf } = await import('../plot/scene.ts');
  const { drawable, words } = drawableOf(map, report.clusters);
  return sceneOf(drawable, { ...words, title: datasetName(report.dataset), theme });
}
