import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Graph, type Tensor } from '../../src/compute/graph.ts';
import { bertTokenizer, MARKERS, normal, writeJson } from './models.ts';

/** Tiny real models that give rows numbers, whose numbers can be worked out by hand. */
export interface TinyLanguageModel {
  /** The vocabulary, MARKERS first. */
  readonly words: readonly string[];
  /** The logits of the next word, a row for each word. */
  readonly table: Float32Array;
}

export const tinyLanguageModel = (words: readonly string[], seed = 1): TinyLanguageModel => {
  const all = [...MARKERS, ...words];
  return { words: all, table: normal(all.length ** 2, seed) };
};

export interface LanguageModelShape {
  /** Whether it takes keys and values of tokens before, as exporters write decoders. */
  readonly past?: 'float32' | 'float16';
  /** Adds the word's place times this to the logit of the first word, so that places count. */
  readonly places?: number;
  readonly logits?: 'float32' | 'float16';
  /** Whether its tokeniser puts markers around a text. Default true. */
  readonly markers?: boolean;
  readonly file?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A language model that knows pairs of words: its logits are rows of a table. */
export async function writeLanguageModel(
  folder: string,
  { words, table }: TinyLanguageModel,
  shape: LanguageModelShape = {},
): Promise<void> {
  const size = words.length;
  const graph = new Graph('tiny-decoder');
  const ids = graph.input('input_ids', 'int64', ['batch', 'length']);
  graph.input('attention_mask', 'int64', ['batch', 'total']);
  let logits = graph.op('Gather', [graph.constant(table, [size, size]), ids], { axis: 0 });
  if (shape.places !== undefined) {
    const places = graph.input('position_ids', 'int64', ['batch', 'length']);
    const first = Float32Array.from({ length: size }, (_, i) => (i === 0 ? shape.places! : 0));
    const column = graph.op('Unsqueeze', [graph.op('Cast', [places], { to: 1 }), graph.ints(2)]);
    logits = graph.op('Add', [logits, graph.op('Mul', [column, graph.constant(first, [size])])]);
  }
  const type = shape.logits ?? 'float32';
  if (type === 'float16') logits = graph.op('Cast', [logits], { to: 10 });
  graph.output('logits', logits, type, ['batch', 'length', size]);
  if (shape.past !== undefined) {
    for (const part of ['key', 'value']) {
      const before = graph.input(`past_key_values.0.${part}`, shape.past, ['batch', 2, 'past', 3]);
      graph.output(`present.0.${part}`, before, shape.past, ['batch', 2, 'past', 3]);
    }
    graph.input('use_cache_branch', 'bool', [1]);
    graph.input('num_logits_to_keep', 'int64', []);
  }
  await writeParts(folder, shape.file ?? 'onnx/model.onnx', graph, words, shape.markers ?? true);
  await writeJson(folder, 'config.json', {
    ...{ model_type: 'gpt2', max_position_embeddings: 64, ...shape.config },
  });
}

async function writeParts(
  folder: string,
  file: string,
  graph: Graph,
  words: readonly string[],
  markers: boolean,
): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, file), graph.build());
  const tokenizer = bertTokenizer(words);
  const pair = [
    { SpecialToken: { id: '[CLS]', type_id: 0 } },
    { Sequence: { id: 'A', type_id: 0 } },
    { SpecialToken: { id: '[SEP]', type_id: 0 } },
    { Sequence: { id: 'B', type_id: 1 } },
    { SpecialToken: { id: '[SEP]', type_id: 1 } },
  ];
  const processor = tokenizer.post_processor as Readonly<Record<string, unknown>>;
  await writeJson(folder, 'tokenizer.json', {
    ...tokenizer,
    post_processor: markers ? { ...processor, pair } : null,
  });
}

/** −ln p of each next word of some ids under a table of logits, the first one left out. */
export function plainLosses({ words, table }: TinyLanguageModel, ids: readonly number[]): number[] {
  return ids.slice(1).map((target, i) => {
    const row = table.subarray(ids[i]! * words.length, (ids[i]! + 1) * words.length);
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return Math.log(total) - row[target]!;
  });
}

export interface TinyClassifier {
  /** The vocabulary, MARKERS first. */
  readonly words: readonly string[];
  /** What each word adds to each output: a row a word. */
  readonly table: Float32Array;
  readonly outputs: number;
}

/** A classifier whose logits are the sums of its words' rows, of second texts times ten. */
export async function writeClassifier(
  folder: string,
  { words, table, outputs }: TinyClassifier,
  config: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const graph = new Graph('tiny-classifier');
  const ids = graph.input('input_ids', 'int64', ['batch', 'length']);
  const float = (tensor: Tensor): Tensor =>
    graph.op('Unsqueeze', [graph.op('Cast', [tensor], { to: 1 }), graph.ints(2)]);
  const mask = float(graph.input('attention_mask', 'int64', ['batch', 'length']));
  const types = float(graph.input('token_type_ids', 'int64', ['batch', 'length']));
  const rows = graph.op('Gather', [graph.constant(table, [words.length, outputs]), ids], {
    axis: 0,
  });
  const scale = graph.op('Add', [graph.op('Mul', [types, graph.scalar(9)]), graph.scalar(1)]);
  const weighed = graph.op('Mul', [graph.op('Mul', [rows, mask]), scale]);
  const sums = graph.op('ReduceSum', [weighed, graph.ints(1)], { keepdims: 0 });
  graph.output('logits', sums, 'float32', ['batch', outputs]);
  await writeParts(folder, 'onnx/model.onnx', graph, words, true);
  await writeJson(folder, 'config.json', { model_type: 'bert', ...config });
  await writeJson(folder, 'tokenizer_config.json', { model_max_length: 12 });
}
