import type { AttributeReport } from '../attribute/report.ts';
import type { CompareMap, CompareReport } from '../compare/report.ts';
import type { About } from '../measures/measure.ts';
import type { TrackReport } from '../track/report.ts';
import { effectsFigure } from './figures/effects.ts';
import { forestFigure } from './figures/forest.ts';
import { roundFigure } from './figures/rounds.ts';
import { buildAttributeView } from './html/build-attribute-view.ts';
import { buildCompareView } from './html/build-compare-view.ts';
import { buildTrackView } from './html/build-track-view.ts';
import type { FigureView, VerbView } from './html/view.ts';
import { junitOf, type MeasureCase } from './junit.ts';

type Abouts = Readonly<Record<string, About>>;

/** A comparison as JUnit XML: every measure of all datasets is a case. Nothing in it fails by itself. */
export const renderComparisonJunit = (
  report: CompareReport,
  map: CompareMap | null,
  about: Abouts,
): string =>
  junit(
    buildCompareView(report, map, about, []),
    casesOf(report.measures, (id) => forestFigure(id, report, about[id])),
  );

/** The rounds of a run as JUnit XML: a collapse is a test that failed. */
export const renderTrackJunit = (report: TrackReport, about: Abouts): string =>
  junit(
    buildTrackView(report, about),
    casesOf(report.measures, (id) => roundFigure(id, report, about[id])),
  );

/** What moved which number as JUnit XML: every measure with its effects is a case. */
export const renderAttributionJunit = (report: AttributeReport, about: Abouts): string =>
  junit(
    buildAttributeView(report, about),
    casesOf(report.measures, (id) => effectsFigure(id, report, about[id])),
  );

const junit = ({ mark, title, findings }: VerbView, measures: readonly MeasureCase[]): string =>
  junitOf(
    `${mark}: ${title}`,
    findings.map(({ level, label, text, evidence }) => ({
      level: label ?? level,
      failed: level === 'problem',
      text,
      evidence: evidence.map(({ title: of }) => of),
    })),
    measures,
  );

interface Measured {
  readonly axis: MeasureCase['axis'];
  readonly why?: string;
  readonly values: readonly (number | null | { readonly why?: string })[];
}

/** What the figure of each measure says to those who cannot see it. */
const casesOf = (
  measures: Readonly<Record<string, Measured>>,
  figureOf: (id: string) => FigureView | null,
): MeasureCase[] =>
  Object.entries(measures).map(([id, { axis, why, values }]) => ({
    id,
    axis,
    words: figureOf(id)?.label ?? null,
    why: why ?? values.flatMap((value) => (typeof value === 'object' && value?.why) || [])[0],
  }));
