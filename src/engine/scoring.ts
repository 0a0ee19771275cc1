import { cacheFolder } from '../base/cache.ts';
import { usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import type { Device } from '../compute/device.ts';
import { type ExchangeColumns, exchangeOf } from '../data/exchange.ts';
import type { Dtype, LongTexts } from '../embed/embedder.ts';
import { openVectorStore } from '../embed/store.ts';
import type { Losses } from '../measures/artefacts.ts';
import type { Listed } from '../measures/registry.ts';
import type { RowContent, Rows, ScoreColumn } from '../measures/rows.ts';
import { LANGUAGE_MODEL, openLanguageModel } from '../scores/language-model.ts';
import { checkModelName } from '../scores/model-source.ts';
import {
  type AskedModel,
  askedModel,
  openQualityModel,
  QUALITY_MODEL,
} from '../scores/quality-model.ts';
import { type ScoredRows, scoreRows } from '../scores/score-rows.ts';
import type { Item, Scorer, ScorerCard } from '../scores/scorer.ts';
import { required } from './text-sample.ts';

/** Models that read the rows beside the one that embeds them. */
export interface ScoringOptions {
  /** A causal language model, a folder or a hub id: what `perplexity` and `ifd` are read from. */
  readonly languageModel?: string | undefined;
  /** The precision of its weights. Default: the first of fp32, fp16, q8 … that it comes in. */
  readonly languageDtype?: Dtype | undefined;
  /** Whether `ifd` reads prompt and response in the model's own chat template. Default: as plain text. */
  readonly languageChat?: boolean | undefined;
  /** Classifiers or reward models, each MODEL or MODEL#LABEL: what `quality.model:NAME` are read from. */
  readonly qualityModel?: string | readonly string[] | undefined;
  /** What quality models read: the text of a row (default), or its prompt and response as a pair. */
  readonly qualityInput?: QualityInput | undefined;
}

export const QUALITY_INPUTS = ['text', 'pair'] as const;
export type QualityInput = (typeof QUALITY_INPUTS)[number];

/** What of it the measures of a verb need. */
export interface Scoring {
  readonly language: {
    readonly model: string;
    readonly dtype: Dtype | undefined;
    readonly chat: boolean;
    readonly perplexity: boolean;
    readonly ifd: boolean;
  } | null;
  readonly quality: readonly AskedModel[];
  readonly input: QualityInput;
  /** Columns of prompts and responses that were named. */
  readonly exchange: ExchangeColumns;
}

/** A model that gave rows numbers, for the report. */
export interface ScorerReport extends ScorerCard {
  readonly role: 'language model' | 'quality model';
  /** The measures that rest on it. */
  readonly measures: readonly string[];
  /** Of language models that read prompts in their chat template. */
  readonly chat?: true;
  /** Of quality models: what they read, and how their number follows from what they give. */
  readonly input?: QualityInput;
  readonly head?: 'regression' | 'softmax' | 'sigmoid';
  /** The label whose probability is counted, and all that there are. */
  readonly label?: string | null;
  readonly labels?: readonly string[];
}

/** The names by which measures know the quality models that were asked for. */
export const qualityModels = ({ qualityModel }: Pick<ScoringOptions, 'qualityModel'>): string[] =>
  askedModels(qualityModel).map(({ name }) => name);

const askedModels = (asked: ScoringOptions['qualityModel']): AskedModel[] =>
  (typeof asked === 'string' ? [asked] : (asked ?? [])).map(askedModel);

/**
 * What the chosen measures want read; null where they want nothing. A mistyped model, and one that no measure
 * reads, is said before anything is opened.
 */
export function scoringOf(
  chosen: readonly Pick<Listed, 'id'>[],
  options: ScoringOptions,
  exchange: ExchangeColumns = {},
): Scoring | null {
  const { languageModel, languageDtype, languageChat, qualityModel, qualityInput } = options;
  const has = (id: string): boolean => chosen.some((measure) => measure.id === id);
  const asked = askedModels(qualityModel);
  if (languageModel === undefined && languageDtype !== undefined) {
    throw usageError('--language-dtype is for --language-model; name that model too.');
  }
  if (languageChat === true && !(languageModel !== undefined && has('ifd'))) {
    throw usageError(
      '--language-chat says how ifd reads prompts; ask for ifd and name a --language-model too.',
    );
  }
  if (qualityInput !== undefined && !QUALITY_INPUTS.includes(qualityInput)) {
    throw usageError(`--quality-input is text or pair, not ${qualityInput}.`);
  }
  if (asked.length === 0 && qualityInput === 'pair') {
    throw usageError('--quality-input is for --quality-model; name that model too.');
  }
  const twice = asked.find(({ name }, i) => asked.slice(i + 1).some((one) => one.name === name));
  if (twice !== undefined) {
    throw usageError(`Two quality models are called ${twice.name}; rename the folder of one.`);
  }
  const quality = asked.filter(({ name }) => has(`quality.model:${name}`));
  const unread = asked.find((one) => !quality.includes(one));
  if (unread !== undefined) {
    throw usageError(
      `No measure asked for reads --quality-model ${unread.model}; add quality.model:${unread.name} to --measures, or leave it out.`,
    );
  }
  for (const { model } of asked) checkModelName(model, QUALITY_MODEL);
  const exchanged = { exchange, input: qualityInput ?? 'text' } as const;
  if (languageModel === undefined) {
    return quality.length === 0 ? null : { language: null, quality, ...exchanged };
  }
  checkModelName(languageModel, LANGUAGE_MODEL);
  const [perplexity, ifd] = [has('perplexity'), has('ifd')];
  if (!perplexity && !ifd) {
    throw usageError(
      `No measure asked for reads --language-model ${languageModel}; add perplexity or ifd to --measures, or leave it out.`,
    );
  }
  const chat = languageChat === true;
  const language = { model: languageModel, dtype: languageDtype, chat, perplexity, ifd };
  return { language, quality, ...exchanged };
}

export interface OpenScorers {
  readonly reports: readonly ScorerReport[];
  /** Complete once everything was read. */
  readonly warnings: readonly string[];
  /** The rows with what the models say of them. */
  read(rows: Rows): Promise<Rows>;
  close(): Promise<void>;
}

interface OpenOptions extends RunOptions {
  readonly device: Device;
  readonly long?: LongTexts | undefined;
  readonly cache?: string | undefined;
  readonly offline?: boolean | undefined;
}

type Columns = Map<string, ScoreColumn>;

/** One model that reads rows into columns. */
interface Reader {
  readonly report: ScorerReport;
  readonly warnings: readonly string[];
  read(rows: Rows, into: Columns): Promise<void>;
  close(): Promise<void>;
}

/** Opens the models that are to read rows. */
export async function openScorers(scoring: Scoring, options: OpenOptions): Promise<OpenScorers> {
  const readers: Reader[] = [];
  const warnings = new Set<string>();
  const close = async (): Promise<void> => {
    for (const reader of readers) await reader.close();
  };
  const score: Score = async (rows, scorer, stage, itemOf) => {
    const folder = cacheFolder(options.cache);
    const store = await openVectorStore(folder, scorer.fingerprint, scorer.width);
    const { signal, onProgress } = options;
    async function* items(): AsyncGenerator<Item | null, void, undefined> {
      for await (const block of required(rows)(signal)) for (const row of block) yield itemOf(row);
    }
    try {
      return await scoreRows(items(), scorer, store, { stage, rows: rows.n, signal, onProgress });
    } finally {
      if (store.failure !== null) {
        warnings.add(
          `What ${scorer.card.name} said could not be kept in ${folder} for the next run: ${store.failure}. Name another folder with --cache.`,
        );
      }
      await store.close();
    }
  };
  try {
    const { language, quality } = scoring;
    if (language !== null) readers.push(await languageReader(language, scoring, score, options));
    for (const asked of quality) {
      readers.push(await qualityReader(asked, scoring, score, options));
    }
  } catch (error) {
    await close();
    throw error;
  }
  for (const reader of readers) for (const warning of reader.warnings) warnings.add(warning);
  return {
    reports: readers.map(({ report }) => report),
    get warnings() {
      return [...warnings];
    },
    async read(rows) {
      const scores: Columns = new Map();
      for (const reader of readers) await reader.read(rows, scores);
      return { ...rows, scores };
    },
    close,
  };
}

type Score = (
  rows: Rows,
  scorer: Scorer,
  stage: string,
  itemOf: (row: RowContent) => Item | null,
) => Promise<ScoredRows>;

const textOf = ({ text }: RowContent): Item | null => (text === null ? null : [text]);

const pairOf =
  (exchange: ExchangeColumns) =>
  ({ columns }: RowContent): Item | null => {
    const found = exchangeOf(columns, exchange);
    return found === null ? null : [found.prompt, found.response];
  };

const POSITIVE = [0, Number.POSITIVE_INFINITY] as const;

async function languageReader(
  { model: name, dtype, chat, perplexity, ifd }: NonNullable<Scoring['language']>,
  { exchange }: Scoring,
  score: Score,
  options: OpenOptions,
): Promise<Reader> {
  const model = await openLanguageModel(name, { ...options, dtype, chat });
  const measures = [...(perplexity ? ['perplexity'] : []), ...(ifd ? ['ifd'] : [])];
  return {
    report: { role: 'language model', ...model.card, measures, ...(chat ? { chat } : {}) },
    warnings: model.warnings,
    async read(rows, into) {
      if (perplexity) {
        const { columns, tokens } = await score(rows, model.texts, 'perplexity', textOf);
        into.set('loss', { values: columns[0]!, range: POSITIVE });
        into.set('loss tokens', { values: tokens, range: POSITIVE });
      }
      if (ifd) {
        const { columns } = await score(rows, model.responses, 'ifd', pairOf(exchange));
        const [after, alone] = columns;
        // Where nothing is lost without the prompt there is nothing that it could save.
        const values = after!.map((loss, i) => (alone![i]! > 0 ? loss / alone![i]! : Number.NaN));
        into.set('ifd', { values, range: POSITIVE });
      }
    },
    close: () => model.close(),
  };
}

async function qualityReader(
  asked: AskedModel,
  { input, exchange }: Scoring,
  score: Score,
  options: OpenOptions,
): Promise<Reader> {
  const model = await openQualityModel(asked, options);
  const { kind: head, label, labels, range } = model.head;
  const id = `quality.model:${asked.name}`;
  const itemOf = input === 'pair' ? pairOf(exchange) : textOf;
  return {
    report: {
      ...{ role: 'quality model', ...model.card, measures: [id] },
      ...{ input, head, label, labels },
    },
    warnings: model.warnings,
    async read(rows, into) {
      const { columns } = await score(rows, model, asked.name, itemOf);
      into.set(id, { values: columns[0]!, range });
    },
    close: () => model.close(),
  };
}

/** What a language model lost on each row, as measures read it. */
export function lossesOf({ scores }: Rows): Losses {
  const column = (name: string): Float64Array | null => scores?.get(name)?.values ?? null;
  const [means, tokens] = [column('loss'), column('loss tokens')];
  return {
    texts: means === null || tokens === null ? null : { means, tokens },
    ratios: column('ifd'),
  };
}
