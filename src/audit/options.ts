import { usageError } from '../base/errors.ts';
import type { Dataset } from '../data/row.ts';
import type { AnswerColumns } from '../engine/answers.ts';
import type { InputOptions } from '../engine/inputs.ts';
import { checkPartition } from '../engine/labels.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { MATCHES, type Match } from '../measures/answers.ts';
import { OF_REFERENCE, OF_TEXTS } from '../measures/artefacts.ts';
import type { GraphOptions } from '../neighbours/graph.ts';
import { type JudgingOptions, unjudged } from './judging.ts';
import type { Unavailable } from './plan.ts';

export interface AuditOptions extends InputOptions, JudgingOptions, ScoringOptions {
  /** What the dataset is held against: paths of a dataset that is as it should be. */
  readonly reference?: string | readonly string[] | undefined;
  /** 'all' (default), 'fast', or ids separated by commas. */
  readonly measures?: string | undefined;
  /** Default 'auto'. */
  readonly index?: GraphOptions['index'];
  /** The share of true neighbours that the index must find where it is not exact. Default 0.98. */
  readonly recall?: GraphOptions['recall'];
  /** A column, or a .npy of one number a row, whose values take the place of found clusters. */
  readonly labels?: string | undefined;
  /** How many clusters to find. Default √n within 8…256. */
  readonly clusters?: number | undefined;
  /** Cosine similarity from which two rows are near-duplicates. Default 0.95. */
  readonly duplicateAt?: number | undefined;
  /** σ of Gaussian kernels. Default 1. */
  readonly bandwidth?: number | undefined;
  /** Buckets that MAUVE counts rows in. Default: a tenth of the rows of the smaller side. */
  readonly buckets?: number | undefined;
  /** Columns with answers, true answers, and the prompts that answers share. */
  readonly answer?: string | undefined;
  readonly truth?: string | undefined;
  readonly prompt?: string | undefined;
  /** When answers are the same. Default 'auto': by what the truths look like. */
  readonly match?: Match | undefined;
  /** A column: what groups of rows, by its values, make up of the Vendi score, and add to each other. */
  readonly by?: string | undefined;
  /** 'length': what becomes of differences, and of numbers, once rows are equally long. */
  readonly control?: 'length' | undefined;
  /** A number of rows to give every measure at too, for comparing datasets of different sizes. */
  readonly at?: number | undefined;
  /** Whether to measure every number on fewer rows too, as a curve. Default true. */
  readonly curves?: boolean | undefined;
  /** Whether to draw the map, which only the HTML report shows. Default true. */
  readonly map?: boolean | undefined;
  /** A folder to save an HNSW index of the dataset in, for `novelty`. */
  readonly saveIndex?: string | undefined;
}

/**
 * What cannot be measured because of how it was asked for. `shared`: whether clusters are found in more than
 * these rows, so that some may be empty.
 */
export function unavailableOf(
  options: Pick<AuditOptions, 'reference' | 'answer' | 'truth' | 'prompt' | 'labels'> &
    Pick<AuditOptions, 'languageModel' | 'qualityModel'> &
    JudgingOptions,
  kind: Dataset['kind'] = 'text',
  shared = options.reference !== undefined && options.labels === undefined,
): Unavailable {
  const { reference, answer, truth, prompt, languageModel, qualityModel = [] } = options;
  const alone = reference === undefined ? OF_REFERENCE : [];
  const silent = kind === 'vectors' ? OF_TEXTS : [];
  return Object.fromEntries([
    ...(languageModel === undefined ? [['losses', 'needs a --language-model']] : []),
    ...(qualityModel.length === 0 ? [['judgements', 'needs a --quality-model']] : []),
    ...silent.map((need) => [need, 'needs texts, and the rows are vectors']),
    ...alone.map((need) => [need, 'needs a --reference']),
    ...(answer === undefined || truth === undefined
      ? [['marks', 'needs --answer and --truth']]
      : []),
    ...(answer === undefined || prompt === undefined
      ? [['attempts', 'needs --answer and --prompt']]
      : []),
    ...Object.entries(unjudged(options, kind, shared)).filter(([, why]) => why !== undefined),
  ]);
}

export function answerColumns({
  answer,
  truth,
  prompt,
  match,
}: AuditOptions): AnswerColumns | undefined {
  return answer === undefined ? undefined : { answer, truth, prompt, match };
}

export function checkOptions(options: AuditOptions): void {
  const { duplicateAt, bandwidth, buckets, at } = options;
  checkPartition(options);
  const { answer, truth, prompt, match } = options;
  if (answer === undefined && (truth ?? prompt ?? match) !== undefined) {
    throw usageError('--truth, --prompt and --match say more of --answer; name that column too.');
  }
  if (match !== undefined && !MATCHES.includes(match)) {
    throw usageError(`--match is one of ${MATCHES.join(', ')}, not ${match}.`);
  }
  if (at !== undefined && !(Number.isInteger(at) && at >= 2)) {
    throw usageError(`--at is a whole number of rows from 2 up, not ${at}.`);
  }
  if (bandwidth !== undefined && !(bandwidth > 0 && bandwidth < Number.POSITIVE_INFINITY)) {
    throw usageError(`--bandwidth is a number above 0, not ${bandwidth}.`);
  }
  if (buckets !== undefined && !(Number.isInteger(buckets) && buckets >= 2)) {
    throw usageError(`--buckets is a whole number from 2 up, not ${buckets}.`);
  }
  if (duplicateAt !== undefined && !(duplicateAt > 0 && duplicateAt <= 1)) {
    throw usageError(`--duplicate-at is a cosine above 0 and up to 1, not ${duplicateAt}.`);
  }
}
