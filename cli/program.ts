import { Command } from 'commander';
import { version } from '../package.json';
import { CommandError } from './command-error';
import { demoCommand } from './demo-command';
import { LOCAL_PORT, localCommand } from './local-command';
import { pushCommand } from './push-command';

/** Exit codes: 0 the image is there, 1 the push failed, 2 the command could not do what it was asked. */
const COMMAND_FAILED = 2;

/** Runs the command line and sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = COMMAND_FAILED;
    process.stderr.write(explain(error));
  }
}

function program(): Command {
  const slipway = new Command('slipway')
    .description('Puts container images into Amazon ECR from tarballs.')
    .version(version)
    .showHelpAfterError()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COMMAND_FAILED));
  slipway
    .command('push')
    .description('drop a tarball and follow its push')
    .argument('<tarball>', 'docker archive or OCI layout')
    .argument('[destination]', 'REPOSITORY[:TAG]; without it the names inside the tarball count')
    .option('--stack <name>', 'CloudFormation stack that holds Slipway', 'SlipwayStack')
    .option('--local', 'push to a small AWS on this machine, kept in .slipway')
    .action(async (tarball, destination, options) => {
      endOnInterrupt();
      process.exitCode = await pushCommand(tarball, destination, options);
    });
  slipway
    .command('local')
    .description('start a small AWS on this machine, with Slipway deployed in it, and stay')
    .option('--port <number>', 'TCP port on 127.0.0.1; 0 takes a free one', String(LOCAL_PORT))
    .option('--data <dir>', 'folder to keep everything in')
    .option('--json', 'print where things are as one line of JSON')
    .action(localCommand);
  slipway
    .command('demo')
    .description('push a tarball on a local AWS, pull it back, and verify every digest')
    .argument('[tarball]', 'without one, an image made in memory')
    .action(async (tarball) => {
      endOnInterrupt();
      process.exitCode = await demoCommand(tarball);
    });
  return slipway;
}

/** Ctrl-C ends by way of `exit`, where the cursor comes back and children and folders go; codes as shells give them. */
function endOnInterrupt(): void {
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
}

function explain(error: unknown): string {
  if (error instanceof CommandError) return `slipway: ${error.message}.\n${error.remedy}\n`;
  return `slipway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
