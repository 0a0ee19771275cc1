import type { SharedForm } from '../../why/templates.ts';
import type { Part } from './part.ts';
import type { TemplateReport } from './report.ts';

export const formsPart = (forms: readonly SharedForm[]): Part<readonly TemplateReport[]> => ({
  shown: forms.flatMap(({ examples }) => examples),
  report: (show) =>
    forms.map(({ examples, ...form }) => ({ ...form, samples: examples.map(show) })),
});
