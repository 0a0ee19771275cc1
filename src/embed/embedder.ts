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
  readonly pooling: 'mean' | 'cls' | 'last' | 'none';
  /** Longest input in tokens; longer texts are windowed or cut (see LongTexts). */
  readonly maxTokens: number;
  /** Text put before every row, e.g. 'query: '. */
  readonly prefix: string;
  /** 'sha256:…' of the model file gamut runs. */
  readonly hash: string;
}

/** What happens to texts of more than `maxTokens` tokens. */
export type LongTexts = 'mean' | 'truncate';

export interface EmbeddedTexts {
  /** One unit vector a text, row-major, in the order of the texts. */
  readonly vectors: Float32Array;
  /** How many tokens each text has, before windowing or cutting. */
  readonly tokens: Int32Array;
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
  /** What whoever reads the result must know of how the model was opened. */
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
  /** How many tokens some texts have, and how many of them the vocabulary cannot spell; absent where unknown. */
  unknownTokens?(texts: readonly string[]): { readonly tokens: number; readonly unknown: number };
  close(): Promise<void>;
}
