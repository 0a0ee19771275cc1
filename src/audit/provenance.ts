import type { Inputs, Loaded } from '../engine/inputs.ts';
import type { AuditOptions } from './options.ts';
import type { DatasetReport, Report, SettingsReport } from './report.ts';

/** What the report of any verb says of a dataset that was read. */
export function datasetReport({ dataset, collected }: Loaded, { embedder }: Inputs): DatasetReport {
  const { tokens, rows } = collected;
  return {
    sources: dataset.sources,
    kind: dataset.kind,
    rows: rows.n,
    exactDuplicates: collected.exactDuplicates,
    badRows: { count: dataset.badRowCount, first: dataset.badRows },
    long:
      tokens === null || embedder === null
        ? null
        : {
            rows: tokens.reduce((sum, t) => sum + (t > embedder.card.maxTokens ? 1 : 0), 0),
            maxTokens: embedder.card.maxTokens,
            treatment: embedder.long,
          },
    tokens: tokens === null ? null : tokenSummary(tokens),
  };
}

function tokenSummary(tokens: Int32Array): NonNullable<DatasetReport['tokens']> {
  const sorted = tokens.toSorted();
  return {
    mean: tokens.reduce((a, b) => a + b, 0) / tokens.length,
    median: sorted[Math.floor((sorted.length - 1) / 2)]!,
    max: sorted.at(-1)!,
  };
}

export function embedderReport({ embedder }: Inputs): Report['embedder'] {
  if (embedder === null) return null;
  const { card, device } = embedder;
  const { name, title, source, revision, licence, dims, hash, pooling, prefix, dtype } = card;
  const used = { dims, device, dtype: dtype ?? null, pooling, prefix };
  return { model: name, title, source, revision, licence, ...used, hash };
}

/** Models that gave rows numbers, where there were any. */
export const scorersReport = ({ scorers }: Inputs): Pick<Report, 'scorers'> =>
  scorers === undefined ? {} : { scorers };

export const answersReport = ({
  answer,
  truth,
  prompt,
  match,
}: Pick<AuditOptions, 'answer' | 'truth' | 'prompt' | 'match'>): NonNullable<
  SettingsReport['answers']
> => ({
  answer: answer!,
  truth: truth ?? null,
  prompt: prompt ?? null,
  match: match ?? 'auto',
});
