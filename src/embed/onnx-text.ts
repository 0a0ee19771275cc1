import { messageOf, runtimeError } from '../base/errors.ts';
import type { DeviceName, Session } from '../compute/device.ts';
import type { Embedder, LongTexts, ModelCard } from './embedder.ts';
import { tokensOf } from './tokenise/thread-tokens.ts';
import type { TokenizerJson } from './tokenise/tokenizer-json.ts';
import type { Tokenise } from './tokenise/unigram.ts';
import { unknownTokens } from './unread.ts';
import { embedTexts, WORTH_A_THREAD } from './windows.ts';

export interface OnnxTextModel {
  readonly card: ModelCard;
  readonly warnings: readonly string[];
  /** Takes `tokens`, int32 [batch, length], −1 where padded; gives `vectors`, unit rows. */
  readonly session: Session;
  readonly device: DeviceName;
  readonly tokenise: Tokenise;
  /** The id of what the vocabulary cannot spell. */
  readonly unknown: number;
  readonly long: LongTexts;
  /** The tokeniser as tokenizer.json has it, and how often each token occurs in text. */
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly shares: Float64Array;
  /** Goes up whenever tokenising, windowing or padding changes a vector. */
  readonly version: number;
}

/** The embedder of a model that is an ONNX graph from token ids to unit vectors, in float32. */
export function createOnnxTextEmbedder(model: OnnxTextModel): Embedder {
  const { card, session, device, tokenise, unknown, long, version } = model;
  const { dims, maxTokens, prefix } = card;
  const json = model.tokenizer as unknown as TokenizerJson;
  const tokens = tokensOf(tokenise, { prefix, source: { json }, worth: WORTH_A_THREAD });
  const asked = prefix === '' ? '' : ` ${JSON.stringify(prefix)}`;
  const windows = {
    ...{ dims, maxTokens, long, tokens },
    run: (batch: readonly Int32Array[], length: number) => run(session, batch, length),
    expect: (runs: number) => session.expect(runs),
  };
  return {
    card,
    dims,
    device,
    long,
    get warnings() {
      return [...model.warnings, ...tokens.warnings, ...session.warnings];
    },
    fingerprint: `${card.name} ${card.hash} ${device} float32 ${long} v${version}${asked}`,
    embed: (texts, options = {}) => embedTexts(windows, texts, options),
    ahead: (texts) => tokens.ahead(texts),
    unknownTokens: (texts) => unknownTokens({ tokenise, unknown }, texts),
    vocabulary: {
      tokenizer: model.tokenizer,
      size: model.shares.length,
      shares: model.shares,
      vectors: (ids) =>
        run(
          session,
          Array.from(ids, (id) => Int32Array.of(id)),
          1,
        ),
    },
    async close() {
      await tokens.close();
      await session.release();
    },
  };
}

async function run(
  session: Session,
  batch: readonly Int32Array[],
  length: number,
): Promise<Float32Array> {
  const padded = new Int32Array(batch.length * length).fill(-1);
  for (const [row, window] of batch.entries()) padded.set(window, row * length);
  try {
    const results = await session.run({ tokens: [padded, [batch.length, length]] });
    return results.vectors!.data as Float32Array;
  } catch (error) {
    throw runtimeError(
      `ONNX Runtime failed on ${batch.length} texts of ${length} tokens: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
