import { Command } from 'commander';
import { version } from '../package.json';
import { CommandError } from './command-error';
import { addCompletion } from './commands/completion';
import { addDoctor } from './commands/doctor-command';
import { addExecutionCommands } from './commands/execution-commands';
import { addLocalCommands } from './commands/local-commands';
import { addTarballCommands } from './commands/tarball-commands';
import { oldNodeWarning } from './old-node';

/** The command could not do what it was asked. */
const COMMAND_FAILED = 2;

const EXIT_CODES = `
Exit codes:
  0    done: the images are there, or nothing is wrong
  1    a push failed, or a problem was found; code, cause and remedy are printed
  2    the command could not do what it was asked
  130  ended by Ctrl-C (143 by SIGTERM)`;

/** Runs the command line and sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  process.stderr.write(oldNodeWarning(process.versions.node) ?? '');
  try {
    await program().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = COMMAND_FAILED;
    process.stderr.write(explain(error));
  }
}

/** The command line, with all that its help says. */
export function program(): Command {
  const slipway = new Command('slipway')
    .description('Puts container images into Amazon ECR from tarballs.')
    .version(version)
    .showHelpAfterError('Add --help for what it takes, and examples.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COMMAND_FAILED));
  addTarballCommands(slipway);
  addExecutionCommands(slipway);
  addDoctor(slipway);
  addLocalCommands(slipway);
  addCompletion(slipway);
  return slipway;
}

function explain(error: unknown): string {
  if (error instanceof CommandError) return `slipway: ${error.message}.\n${error.remedy}\n`;
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  // What AWS says needs no stack of ours.
  if ($metadata) return `slipway: AWS says ${name}: ${message}\nRun \`slipway doctor\` to see what is missing.\n`;
  return `slipway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
