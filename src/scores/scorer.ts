/** What a model that gives rows numbers is, for people and for reports. */
export interface ScorerCard {
  /** A folder's own name, or the id of a model of the hub. */
  readonly name: string;
  readonly source: string;
  readonly revision: string;
  readonly licence: string;
  /** 'sha256:…' of the model's file. */
  readonly hash: string;
  readonly dtype: string;
  readonly device: string;
  /** The most tokens it is given at once. */
  readonly maxTokens: number;
}

/** What is scored: a text, or a prompt and the response to it. */
export type Item = readonly [text: string] | readonly [prompt: string, response: string];

export interface Scores {
  /** As many numbers an item as the scorer is wide, item after item. NaN where an item has none. */
  readonly values: Float32Array;
  /** Tokens that the numbers of each item are about. */
  readonly tokens: Int32Array;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many items have been finished since the call before. */
  readonly onItems?: ((finished: number) => void) | undefined;
}

/** A model that gives each item a few numbers, which depend on the item alone. */
export interface Scorer {
  readonly card: ScorerCard;
  /** Changes whenever a number could. */
  readonly fingerprint: string;
  /** Numbers an item. */
  readonly width: number;
  score(items: readonly Item[], options?: ScoreOptions): Promise<Scores>;
}
