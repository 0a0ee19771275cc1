import { extname } from 'node:path';
import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import { sensitivity } from '../bench/sensitivity.ts';
import { renderSensitivity, renderSensitivityMarkdown } from '../report/sensitivity.ts';
import { type EmbedderFlags, embeddersOptionsOf, withEmbedderFlags } from './embedder-flags.ts';
import type { Io } from './io.ts';
import { INPUT_HELP, withCommonFlags } from './options.ts';
import { checkOutputs } from './outputs.ts';

interface Flags extends EmbedderFlags {
  readonly json?: string;
  readonly output?: string;
}

export function sensitivityCommand(io: Io): Command {
  const command = new Command('sensitivity')
    .description('Say how far conclusions about datasets depend on the embedder.')
    .argument('<input...>', `${INPUT_HELP}; each is a dataset of its own`);
  withEmbedderFlags(command)
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('-o, --output <file>', 'write the tables as Markdown, to a name ending in .md');
  withCommonFlags(command);
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { json, output, reference } = flags;
  if (output !== undefined && extname(output).toLowerCase() !== '.md') {
    throw usageError(`-o ${output}: the tables are Markdown; name a file ending in .md.`);
  }
  const jsonFile = json === '-' ? undefined : json;
  await checkOutputs(
    [
      { flag: '--json', path: jsonFile },
      { flag: '-o', path: output },
    ],
    [...inputs, reference],
  );
  const report = await sensitivity(inputs, embeddersOptionsOf(flags, io));
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (output !== undefined) await writeFileAtomic(output, renderSensitivityMarkdown(report));
  if (jsonFile !== undefined) await writeFileAtomic(jsonFile, text);
  if (json === '-') io.result(text);
  else if (!io.quiet) io.result(renderSensitivity(report, io.columns));
  for (const path of [output, jsonFile]) if (path !== undefined) io.note(`wrote ${path}`);
}
