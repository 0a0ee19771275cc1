import { inputError, usageError } from '../base/errors.ts';
import type { Dataset } from '../data/row.ts';
import type { Dtype } from '../embed/embedder.ts';
import { type ModelOptions, modelKey } from '../embed/models.ts';
import { nameOf } from './collect.ts';
import type { InputOptions, Inputs } from './inputs.ts';

/** How the rows of what was saved were embedded, which rows that are held against them must be too. */
export interface EmbeddedAs {
  readonly model: string;
  readonly dtype?: Dtype | undefined;
  readonly dims?: number | undefined;
  readonly prefix?: string | undefined;
  readonly long: 'mean' | 'truncate';
  /** Its rows are pictures, not texts. */
  readonly pictures?: boolean | undefined;
  readonly fingerprint: string;
}

/** Something that was saved: an index, a map. */
export interface Saved {
  /** 'The index in FOLDER'. */
  readonly what: string;
  /** null for vectors. */
  readonly how: EmbeddedAs | null;
  /** The width of its rows. */
  readonly dims: number;
  /** What makes it anew: 'write it again with gamut index'. */
  readonly remedy: string;
}

/** What to say of rows that were read when something that is made of them is saved. */
export function embeddedAs({ embedder }: Inputs, { kind }: Dataset): EmbeddedAs | null {
  if (embedder === null) return null;
  const { asked, long, fingerprint } = embedder;
  return { ...asked, ...(kind === 'vectors' ? { pictures: true } : {}), long, fingerprint };
}

/** The options that embed in the same way. Refuses what is asked for and is another. */
export function embeddingLike(
  { what, how, dims }: Saved,
  options: InputOptions,
): Partial<InputOptions> {
  if (how === null) return {};
  const refuse = (flag: keyof ModelOptions | 'model', made: string): never => {
    throw usageError(
      `${what} was made ${made}; --${flag} ${quoted(options[flag])} would not compare. Leave it out.`,
    );
  };
  const { model } = options;
  if (model !== undefined && modelKey(model) !== how.model) refuse('model', `with ${how.model}`);
  const own = { ...how, dims: how.dims ?? dims };
  for (const flag of ['dtype', 'dims', 'prefix', 'long'] as const) {
    if (options[flag] === undefined || options[flag] === own[flag]) continue;
    const made =
      own[flag] === undefined ? `without --${flag}` : `with --${flag} ${quoted(own[flag])}`;
    refuse(flag, made);
  }
  const { dtype, prefix, long } = how;
  return { model: how.model, dtype, dims: how.dims, prefix, long };
}

/** As it is written on a command line: a prefix has spaces. */
const quoted = (value: unknown): string =>
  typeof value === 'string' && !/^[\w./-]+$/u.test(value) ? `'${value}'` : String(value);

/** Refuses rows of another kind or width, before any is read. */
export function checkKind({ what, how, dims }: Saved, dataset: Dataset): void {
  const wanted = how === null || how.pictures ? 'vectors' : 'text';
  if (dataset.kind === wanted && (dataset.dims ?? dims) === dims) return;
  const holds = dataset.kind === 'text' ? 'texts' : `vectors of ${dataset.dims} dimensions`;
  const saved = how === null ? `vectors of ${dims} dimensions` : 'texts';
  throw inputError(
    `${nameOf(dataset)} holds ${holds} and ${lower(what)} ${saved}; both must be of one kind and width.`,
  );
}

/** Refuses rows that another version of the model embedded. */
export function checkVersion({ what, how, remedy }: Saved, { embedder }: Inputs): void {
  if (how === null || embedder?.fingerprint === how.fingerprint) return;
  throw usageError(
    `${what} was made with another version of ${how.model} or on another device; ${remedy}.`,
  );
}

const lower = (sentence: string): string => sentence[0]!.toLowerCase() + sentence.slice(1);
