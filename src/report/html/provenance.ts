import type { DatasetReport, EmbedderReport, Report } from '../../audit/report.ts';
import type { ComparedDataset } from '../../compare/report.ts';
import { scorerWords } from '../dataset-words.ts';
import { formatCount, formatRows } from '../format.ts';
import { oneLine } from '../text.ts';
import type { Fact, View } from './view.ts';

/** What the reports of verbs beside audit say of how they were made. */
interface Made {
  readonly gamut: string;
  readonly schema: string;
  readonly embedder: EmbedderReport | null;
  readonly scorers?: NonNullable<Report['scorers']>;
  readonly settings: {
    readonly space: string;
    readonly measures: string;
    readonly clusters: number;
    readonly seed: number;
  };
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}

/** `shared`: among what the clusters are shared. */
export function provenanceOf(made: Made, sources: readonly Fact[], shared: string): Fact[] {
  const { gamut, schema, embedder, scorers, settings } = made;
  const rows: Fact[] = [
    ['gamut', `${gamut} (${schema})`],
    ...sources,
    ...modelFacts(embedder),
    ...scorerFacts(scorers),
    ['Space', settings.space],
    ['Measures asked for', settings.measures],
    ['Clusters', `${formatCount(settings.clusters)}, ${shared}`],
    ['Seed', String(settings.seed)],
  ];
  return rows.map(([name, value]) => [oneLine(name), oneLine(value)]);
}

/** The model that embedded the rows, and where it is from. */
export const modelFacts = (embedder: EmbedderReport | null): Fact[] =>
  embedder === null
    ? []
    : [
        [
          'Model',
          `${embedder.title} (${embedder.model}), ${formatCount(embedder.dims)} dimensions`,
        ],
        ['Model source', `${embedder.source}, revision ${embedder.revision}, ${embedder.licence}`],
      ];

/** Models beside the embedder that gave rows numbers, each with where it is from. */
export const scorerFacts = (scorers: Report['scorers'] = []): Fact[] =>
  scorers.map((scorer) => [
    `${scorer.role[0]!.toUpperCase()}${scorer.role.slice(1)}`,
    `${scorerWords({ scorers: [scorer] }).join('')}; revision ${scorer.revision}, hash ${scorer.hash}`,
  ]);

export const sourceFacts = (datasets: readonly ComparedDataset[]): Fact[] =>
  datasets.map(({ name, rows, read }) => [name, sourceWords(rows, read)]);

export const sourceWords = (rows: number, { sources }: Pick<DatasetReport, 'sources'>): string =>
  `${formatRows(rows)}, from ${sources.map(({ path }) => path).join(', ')}`;

export const skippedOf = ({ skipped }: Made): View['skipped'] =>
  skipped.map(({ id, why }) => ({ id: oneLine(id), why: oneLine(why) }));
