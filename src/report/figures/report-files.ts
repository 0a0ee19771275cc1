import type { AttributeReport } from '../../attribute/report.ts';
import type { MapReport, Report } from '../../audit/report.ts';
import type { CompareMap, CompareReport } from '../../compare/report.ts';
import type { About } from '../../measures/measure.ts';
import type { TrackReport } from '../../track/report.ts';
import { datasetName } from '../dataset-words.ts';
import { buildAttributeView } from '../html/build-attribute-view.ts';
import { buildCompareView } from '../html/build-compare-view.ts';
import { buildTrackView } from '../html/build-track-view.ts';
import type { VerbView } from '../html/view.ts';
import type { ThemeName } from '../plot/theme.ts';
import { figuresOf } from './figures.ts';
import { writeFigures } from './files.ts';
import { comparedDrawable, drawableOf } from './map-picture.ts';
import type { Figure } from './marks.ts';
import { sheetOf } from './sheet.ts';

type Abouts = Readonly<Record<string, About>>;

/** The report's figures and its map as files; the curves over n together on one sheet. */
export async function writeReportFigures(
  folder: string,
  report: Report,
  map: MapReport | null,
  about: Abouts,
  theme: ThemeName,
): Promise<number> {
  const all = figuresOf(report, about);
  const curves = all.filter(({ id }) => id.startsWith('curve-'));
  const sheet = sheetOf('curves', 'As rows are added', curves);
  const figures = all.filter((figure) => !curves.includes(figure));
  if (sheet !== null) figures.push(sheet);
  return writeFigures(folder, figures, map && (await sceneOfMap(map, report, theme)), theme);
}

/** The comparison's figures and its map as files. */
export const writeComparisonFigures = async (
  folder: string,
  report: CompareReport,
  map: CompareMap | null,
  about: Abouts,
  theme: ThemeName,
): Promise<number> =>
  writeFigures(
    folder,
    sheetsOf(buildCompareView(report, map, about, [])),
    map && (await sceneOfCompared(map, report, theme)),
    theme,
  );

/** What happened round by round, as figures in files. */
export const writeTrackFigures = (
  folder: string,
  report: TrackReport,
  about: Abouts,
  theme: ThemeName,
): Promise<number> => writeFigures(folder, sheetsOf(buildTrackView(report, about)), null, theme);

/** What moved which number, as figures in files. */
export const writeAttributionFigures = (
  folder: string,
  report: AttributeReport,
  about: Abouts,
  theme: ThemeName,
): Promise<number> =>
  writeFigures(folder, sheetsOf(buildAttributeView(report, about)), null, theme);

/** The figures of a page; the measures of an axis together on one sheet. */
const sheetsOf = ({ figures, spreads, axes }: VerbView): Figure[] => {
  const sheets = axes.map(({ id, title, figures: all }) => sheetOf(id, title, all, 2));
  return [...figures, ...spreads, ...sheets.filter((sheet) => sheet !== null)];
};

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
