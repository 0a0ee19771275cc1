import { join } from 'node:path';
import { Command } from 'commander';
import { writeFileAtomic } from '../base/files.ts';
import { formatCount, formatShare } from '../base/numbers.ts';
import { distill, STATIC_FILES } from '../embed/distill.ts';
import { loadEmbedder } from '../embed/models.ts';
import type { Io } from './io.ts';
import { integer, number, withCommonFlags } from './options.ts';
import { checkOutputs } from './outputs.ts';

interface Flags {
  readonly output: string;
  readonly dims: number;
  readonly sif?: number;
  readonly cache?: string;
}

export function distillCommand(io: Io): Command {
  const command = new Command('distill')
    .description(
      'Make a static model of another: quick, and less good; in the format of model2vec.',
    )
    .argument('<model>', 'a name from gamut models, a folder with an ONNX model, or a hub id')
    .requiredOption('-o, --output <folder>', 'where to write the model')
    .option('--dims <n>', 'how many principal components are kept', integer(2), 256)
    .option('--sif <share>', 'tokens much commoner than this share count for little', number(0, 1))
    .option('--cache <folder>', 'where models are kept (default: the user cache folder)');
  return withCommonFlags(command).action((model: string, flags: Flags) => run(model, flags, io));
}

async function run(model: string, flags: Flags, io: Io): Promise<void> {
  const { output, dims, sif, cache } = flags;
  const { signal, onProgress } = io;
  await checkOutputs([{ flag: '-o', path: output, folder: STATIC_FILES }], []);
  const embedder = await loadEmbedder(model, { cache, signal, onProgress });
  try {
    const made = await distill(embedder, { dims, sif, signal, onProgress });
    for (const [name, parts] of Object.entries(made.files)) {
      await writeFileAtomic(join(output, name), parts);
    }
    io.note(
      `wrote ${output}: ${formatCount(made.tokens)} tokens × ${made.dims}, with ${formatShare(made.kept)} of their variance`,
    );
  } finally {
    await embedder.close();
  }
}
