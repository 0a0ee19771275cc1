import { basename } from 'node:path';
import type { DatasetReport, Report } from '../audit/report.ts';
import { formatCount, formatRows } from './format.ts';
import { oneLine } from './text.ts';

/** The names of a dataset's sources, without their folders. */
export function datasetName(dataset: DatasetReport): string {
  const names = dataset.sources.map(({ path }) =>
    path === '-' ? 'standard input' : oneLine(basename(path)),
  );
  const shown = names.slice(0, 3).join(' + ');
  return names.length > 3 ? `${shown} + ${names.length - 3} more` : shown;
}

/** What models other than the embedder gave: 'perplexity and ifd by gpt2 (fp32, cpu)', one a model. */
export const scorerWords = ({ scorers = [] }: Pick<Report, 'scorers'>): string[] =>
  scorers.map(({ measures, name, dtype, device, label, input, maxTokens }) => {
    const reads = input === 'pair' ? ' of prompt and response' : '';
    const what = label == null ? '' : `, the probability of ${oneLine(label)}${reads}`;
    const how = `${dtype}, ${device}, ${formatCount(maxTokens)} tokens at once`;
    return `${measures.join(' and ')} by ${oneLine(name)} (${how})${what === '' ? reads : what}`;
  });

/** '320 rows of text, read from instruction + output (found), 41 exact duplicates'. */
export function datasetWords(dataset: DatasetReport): string {
  const texts = [...new Set(dataset.sources.flatMap(({ text }) => (text ? [oneLine(text)] : [])))];
  const parts = [`${formatRows(dataset.rows)} of ${dataset.kind}`];
  if (texts.length > 0) parts.push(`read from ${texts.join(' and ')}`);
  if (dataset.exactDuplicates > 0) {
    parts.push(formatRows(dataset.exactDuplicates, 'exact duplicate'));
  }
  if (dataset.long && dataset.long.rows > 0) {
    const how = dataset.long.treatment === 'mean' ? 'averaged over windows' : 'cut';
    parts.push(
      `${formatCount(dataset.long.rows)} longer than ${dataset.long.maxTokens} tokens (${how})`,
    );
  }
  if (dataset.badRows.count > 0) parts.push(`${formatCount(dataset.badRows.count)} left out`);
  return parts.join(', ');
}
