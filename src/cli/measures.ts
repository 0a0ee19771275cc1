import { Command } from 'commander';
import { COLUMN_MEASURES, MEASURES } from '../measures/registry.ts';
import { listedAsJson, renderMeasures } from '../report/measures.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';

export function measuresCommand(io: Io): Command {
  const command = new Command('measures')
    .description('List every measure: what it reads, its range, its direction and its paper.')
    .option('--json', 'as JSON');
  return withCommonFlags(command).action((flags: { json?: boolean }) => {
    const width = Math.min(100, io.columns);
    const all = [...MEASURES, ...COLUMN_MEASURES];
    io.result(flags.json ? listedAsJson(all) : renderMeasures(all, width));
  });
}
