import { buildUseLite } from '../../models/use-lite/recipe.ts';
import { RESERVED, readVocabulary, UNKNOWN } from '../../models/use-lite/weights.ts';
import { type Device, type DeviceChoice, openDevice } from '../compute/device.ts';
import { builtModel } from './build.ts';
import { readCard } from './card.ts';
import type { Embedder, LongTexts } from './embedder.ts';
import { createOnnxTextEmbedder } from './onnx-text.ts';
import { createUnigram } from './tokenise/unigram.ts';
import { unigramJson } from './tokenise/unigram-json.ts';

export interface UseLiteOptions {
  /** A name, or a device that is open already. Default 'cpu'. */
  readonly device?: DeviceChoice | Device | undefined;
  /** The cache folder; default see `cacheFolder`. */
  readonly cache?: string | undefined;
  /** Default 'mean'. The model never saw more than 128 tokens: one longer pass gives poor vectors. */
  readonly long?: LongTexts | undefined;
  /** Threads of the runtime; 0, the default, is one a core. Vectors do not depend on it. */
  readonly threads?: number | undefined;
  /** Text before every row; default none. */
  readonly prefix?: string | undefined;
}

/** The default model, embedded in gamut: works offline, 512 dimensions, English. */
export async function createUseLite(options: UseLiteOptions = {}): Promise<Embedder> {
  const card = readCard('use-lite');
  const vocabulary = await readVocabulary();
  const { bytes, damage } = await builtModel(card, buildUseLite, options.cache);
  const device = await openDevice(options.device);
  const session = await device.open(bytes, { threads: options.threads ?? 0 });
  const tokenise = createUnigram(vocabulary, { reserved: RESERVED, unknown: UNKNOWN });
  return createOnnxTextEmbedder({
    card: { ...card, prefix: options.prefix ?? card.prefix },
    warnings: damage === null ? [] : [damage],
    session,
    device: device.name,
    tokenise,
    unknown: UNKNOWN,
    tokenizer: unigramJson(vocabulary, { reserved: RESERVED, unknown: UNKNOWN }),
    shares: Float64Array.from(vocabulary, ([, score], id) => (id < RESERVED ? 0 : Math.exp(score))),
    long: options.long ?? 'mean',
    version: 1,
  });
}
