import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES, GamutError, messageOf } from '../base/errors.ts';
import { version } from '../base/package.ts';
import type { Io } from './io.ts';
import { createProgress } from './progress.ts';

/** A new verb is one file and one line here. Only the file of the verb that is asked for is loaded. */
const COMMANDS: Readonly<Record<string, () => Promise<(io: Io) => Command>>> = {
  audit: async () => (await import('./audit.ts')).auditCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  attribute: async () => (await import('./attribute.ts')).attributeCommand,
  track: async () => (await import('./track.ts')).trackCommand,
  recipes: async () => (await import('./recipes.ts')).recipesCommand,
  project: async () => (await import('./project.ts')).projectCommand,
  embed: async () => (await import('./embed.ts')).embedCommand,
  index: async () => (await import('./index-command.ts')).indexCommand,
  novelty: async () => (await import('./novelty.ts')).noveltyCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  sensitivity: async () => (await import('./sensitivity.ts')).sensitivityCommand,
  measures: async () => (await import('./measures.ts')).measuresCommand,
  models: async () => (await import('./models.ts')).modelsCommand,
  devices: async () => (await import('./devices.ts')).devicesCommand,
};

/** Runs one command line and returns its exit code. Results go to stdout, everything else to stderr. */
export async function run(args: readonly string[]): Promise<number> {
  // A closed pipe (`gamut measures | head`) ends the program quietly, as other tools do.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`gamut: Could not write to standard output: ${error.message}.\n`);
    process.exit(EXIT_CODES.runtime);
  });
  // Whoever closed stderr does not want to be told about it.
  process.stderr.on('error', () => {});
  const quiet = args.includes('--quiet') || args.includes('-q');
  const debug = args.includes('--debug');
  const progress = createProgress({ stream: process.stderr, quiet });
  const controller = new AbortController();
  let over = false;
  const interrupt = (): void => {
    // The first Ctrl-C stops between batches and keeps what is finished; a second one stops now, also
    // where the run is over already and only its threads are still coming down.
    if (over || controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const io: Io = {
    quiet,
    columns: process.stdout.columns || 80,
    colour: process.stdout.isTTY === true && process.env.TERM !== 'dumb' && !process.env.NO_COLOR,
    signal: controller.signal,
    onProgress: progress.onProgress,
    result(text) {
      progress.done();
      process.stdout.write(text);
    },
    note(text) {
      if (quiet) return;
      progress.clear();
      process.stderr.write(`${text}\n`);
    },
  };
  try {
    const root = await program(io, args[0]);
    await root.parseAsync(args, { from: 'user' });
    progress.done();
    return 0;
  } catch (error) {
    progress.clear();
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    return report(error, debug);
  } finally {
    over = true;
  }
}

function report(error: unknown, debug: boolean): number {
  const known = error instanceof GamutError;
  process.stderr.write(`gamut: ${messageOf(error)}\n`);
  if (debug) process.stderr.write(`${inspect(error)}\n`);
  else if (!known)
    process.stderr.write('gamut: run again with --debug for where this came from.\n');
  return known ? error.exitCode : EXIT_CODES.runtime;
}

/** gamut with the verb that is asked for; with all of them where it is none, for help and suggestions. */
async function program(io: Io, asked: string | undefined): Promise<Command> {
  const root = new Command('gamut')
    .description(
      'Says what a dataset is made of: its diversity, and what it covers of a reference.',
    )
    .version(version(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      `
Try:
  gamut audit data.jsonl --html report.html
  gamut audit mine.jsonl --reference good.jsonl
  gamut project data.jsonl -o map.csv

Exit codes: 0 done, 2 bad usage or input, 3 runtime failure,
130 interrupted.`,
    );
  const known = asked !== undefined && Object.hasOwn(COMMANDS, asked);
  for (const name of known ? [asked] : Object.keys(COMMANDS)) {
    const make = await COMMANDS[name]!();
    root.addCommand(make(io));
  }
  return strict(root);
}

/** Errors of usage throw instead of exiting, read like all others, and show where help is. */
function strict(command: Command): Command {
  command
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text, write) =>
        write(`gamut: ${onOneLine(text)}. See gamut ${helpOf(command)}.\n`),
    });
  command.commands.forEach(strict);
  return command;
}

/** commander's message without its label, its line break before a suggestion and its full stop. */
const onOneLine = (text: string): string =>
  text
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)/, ' (did you mean $1?)')
    .trim()
    .replace(/\.$/, '');

const helpOf = (command: Command): string =>
  command.parent === null ? '--help' : `${command.name()} --help`;
