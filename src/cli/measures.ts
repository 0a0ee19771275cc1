import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import { COLUMN_MEASURES, MEASURES, MODEL_MEASURES } from '../measures/registry.ts';
import { familyNotes } from '../report/family-notes.ts';
import { listedAsJson, renderMeasures } from '../report/measures.ts';
import { measuresPage } from '../report/measures-page.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';

interface Flags {
  json?: boolean;
  markdown?: boolean;
}

export function measuresCommand(io: Io): Command {
  const command = new Command('measures')
    .description('List every measure: what it reads, its range, its direction and its paper.')
    .option('--json', 'as JSON')
    .option('--markdown', 'as the page MEASURES.md, with formulas');
  return withCommonFlags(command).action(async (flags: Flags) => {
    const width = Math.min(100, io.columns);
    const all = [...MEASURES, ...COLUMN_MEASURES, ...MODEL_MEASURES];
    if (flags.json === true && flags.markdown === true) {
      throw usageError('--json and --markdown exclude each other.');
    }
    if (flags.markdown === true) io.result(measuresPage(all, await familyNotes()));
    else io.result(flags.json ? listedAsJson(all) : renderMeasures(all, width));
  });
}
