import { Command } from 'commander';
import { listModels } from '../embed/models.ts';
import { renderModels } from '../report/models.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';

export function modelsCommand(io: Io): Command {
  const command = new Command('models')
    .description('List the models that embed texts, with source, licence and size.')
    .option('--json', 'as JSON');
  return withCommonFlags(command).action((flags: { json?: boolean }) => {
    const models = listModels();
    io.result(flags.json ? `${JSON.stringify(models, null, 2)}\n` : renderModels(models));
  });
}
