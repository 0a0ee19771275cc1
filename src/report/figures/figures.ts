import type { Report } from '../../audit/report.ts';
import type { About } from '../../measures/measure.ts';
import { curveFigures } from './curves.ts';
import { gainFigure, groupsFigure } from './groups.ts';
import { histogramFigure, LENGTHS, PAIRS } from './histogram.ts';
import type { Figure } from './marks.ts';
import { qualityFigure } from './quality.ts';
import { ranksFigure } from './ranks.ts';
import { spectrumFigure } from './spectrum.ts';

/** Every figure that a report has the numbers for; a new one is a file and a line here. */
export function figuresOf(report: Report, about: Readonly<Record<string, About>>): Figure[] {
  const { spectrum, pairs, nearest, lengths } = report.distributions;
  const large = [
    spectrumFigure(spectrum),
    ranksFigure(report.clusters),
    histogramFigure(pairs, PAIRS),
    histogramFigure(nearest, {
      id: 'nearest-similarities',
      title: 'Similarity to the nearest row',
      x: 'cosine similarity to the nearest row',
      y: 'share of the rows',
      reads:
        'What piles up at the right end says nearly the same as another row; with more rows, nearest ones are nearer.',
    }),
    histogramFigure(lengths, LENGTHS),
    qualityFigure(report.tradeoff),
    groupsFigure(report.groups),
    gainFigure(report.groups),
  ].filter((figure) => figure !== null);
  return [...large, ...curveFigures(report, about)];
}
