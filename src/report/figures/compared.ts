import type { CompareReport, Ranking } from '../../compare/report.ts';
import type { About } from '../../measures/measure.ts';
import { shownIds } from '../compare.ts';
import { axisTitle } from '../format.ts';
import { forestFigure } from './forest.ts';
import type { Figure } from './marks.ts';
import { comparedQuality } from './quality.ts';
import { radarFigure } from './radar.ts';
import { sharesFigure } from './shares.ts';
import { spreadFigures } from './spreads.ts';

/** Measures of an axis that are drawn. */
const DRAWN = 10;

export interface ComparedFigures {
  readonly glance: readonly Figure[];
  /** How the rows of each are spread. */
  readonly spreads: readonly Figure[];
  /** Those of every axis, in the order of the rankings. */
  readonly axes: readonly {
    readonly id: string;
    readonly title: string;
    readonly figures: readonly Figure[];
  }[];
}

/** Every figure of a comparison. `names`: what the shared clusters are called, where that is known. */
export const comparedFigures = (
  report: CompareReport,
  names: readonly string[] | null,
  about: Readonly<Record<string, About>>,
): ComparedFigures => ({
  glance: [radarFigure(report, about), comparedQuality(report), sharesFigure(report, names)].filter(
    (figure) => figure !== null,
  ),
  spreads: spreadFigures(report),
  axes: report.rankings.map((ranking) => ({
    id: axisId(ranking),
    title: axisTitle(ranking.axis, ranking.section),
    figures: shownIds(ranking, report, DRAWN)
      .map((id) => forestFigure(id, report, about[id]))
      .filter((figure) => figure !== null),
  })),
});

/** The file and the part of the page that an axis has. */
export const axisId = ({ axis, section }: Pick<Ranking, 'axis' | 'section'>): string =>
  section === null ? `axis-${axis}` : `axis-${axis}-${section}`;
