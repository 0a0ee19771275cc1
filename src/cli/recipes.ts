import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import { recipesReport } from '../recipes/board.ts';
import { recordRun } from '../recipes/record.ts';
import { readStore, STORE } from '../recipes/store.ts';
import { recipesMarkdown, renderRecipes } from '../report/recipes.ts';
import type { Io } from './io.ts';
import { integer, withCommonFlags } from './options.ts';

interface Flags {
  readonly store: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly rows?: number;
}

const STORE_HELP = 'the file that runs are kept in; yours to edit and share';

export function recipesCommand(io: Io): Command {
  const command = new Command('recipes')
    .description('List generators of data by their parts, with the runs of them that you recorded.')
    .option('--store <file>', STORE_HELP, STORE)
    .option('--rows <n>', 'runs of this many rows only', integer(1))
    .option('--json', 'as JSON')
    .option('--markdown', 'as Markdown');
  return withCommonFlags(command)
    .addCommand(addCommand(io))
    .action(async ({ store, json, markdown, rows }: Flags, self: Command) => {
      if (json && markdown) throw usageError('--json and --markdown contradict each other.');
      const named = self.getOptionValueSource('store') === 'cli';
      const report = recipesReport(await readStore(store, { must: named }), rows);
      if (json) io.result(`${JSON.stringify(report, null, 2)}\n`);
      else io.result(markdown ? recipesMarkdown(report) : renderRecipes(report, io.columns));
    });
}

interface AddFlags {
  readonly store: string;
  readonly name?: string;
  readonly dataset?: string;
}

function addCommand(io: Io): Command {
  const command = new Command('add')
    .description('Keep what an audit or a comparison says of a run of a recipe.')
    .argument('<recipe>', 'a name that gamut recipes lists, or one of your own')
    .argument('<report>', 'what gamut audit --json or gamut compare --json wrote')
    .option('--store <file>', STORE_HELP, STORE)
    .option('--name <words>', 'what tells the run from others of its recipe')
    .option('--dataset <name>', 'of a comparison: which of its datasets it is');
  return withCommonFlags(command).action(
    async (recipe: string, report: string, flags: AddFlags, self: Command) => {
      // The group has the same flag, and takes it from its subcommands.
      const store =
        self.getOptionValueSource('store') === 'cli'
          ? flags.store
          : (self.parent!.opts() as AddFlags).store;
      const run = await recordRun(recipe, report, { ...flags, store });
      const count = Object.keys(run.values).length;
      io.note(`kept ${run.name} under ${recipe} in ${store}: ${count} measures of ${run.n} rows`);
    },
  );
}
