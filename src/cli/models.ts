import { Command } from 'commander';
import { listModels } from '../embed/models.ts';
import { renderModels } from '../report/models.ts';
import { distillCommand } from './distill.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';
import { quantizeCommand } from './quantize.ts';

export function modelsCommand(io: Io): Command {
  const command = new Command('models')
    .description('List the models that embed texts, or make one of another.')
    .option('--json', 'as JSON');
  return withCommonFlags(command)
    .addCommand(distillCommand(io))
    .addCommand(quantizeCommand(io))
    .action((flags: { json?: boolean }) => {
      const models = listModels();
      io.result(flags.json ? `${JSON.stringify(models, null, 2)}\n` : renderModels(models));
    });
}
