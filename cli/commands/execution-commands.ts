import { type Command, InvalidArgumentError } from 'commander';
import { endOnInterrupt } from './end-on-interrupt';
import { examples } from './examples';
import { STACK, STACK_OPTION } from './stack';

const NAME = 'name or ARN of a push, or "latest"';

/** The commands that are about pushes that were started: status, logs, stop, retry. */
export function addExecutionCommands(slipway: Command): void {
  addStatus(slipway);
  addLogs(slipway);
  slipway
    .command('stop')
    .description('end a push that runs; no tag moves, and what ECR has by then is not sent again')
    .argument('<push>', NAME)
    .option('--cause <text>', 'why, for the history of the push')
    .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
    .addHelpText('after', examples('slipway stop latest', 'slipway stop latest --cause "wrong tarball"'))
    .action(async (name, options) => {
      const { stopCommand } = await import('../executions/stop-command.ts');
      process.exitCode = await stopCommand(name, options);
    });
  slipway
    .command('retry')
    .description('go on with a push that was stopped, or start one that failed again, and follow it')
    .argument('<push>', NAME)
    .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
    .option('--json', 'one line of JSON: its receipt or diagnosis')
    .addHelpText(
      'after',
      examples('slipway retry latest', 'slipway retry team-a_app_1_4_2_tar-99fcfdcf84da993680205433'),
    )
    .action(async (name, options) => {
      endOnInterrupt();
      const { retryCommand } = await import('../executions/retry-command.ts');
      process.exitCode = await retryCommand(name, options);
    });
}

function addStatus(slipway: Command): void {
  slipway
    .command('status')
    .description('list the last pushes, or tell what came of one; one that runs is followed to its end')
    .argument('[push]', NAME)
    .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
    .option('--limit <number>', 'how many to list', atLeastOne, 20)
    .option('--json', 'one line of JSON for each')
    .addHelpText('after', examples('slipway status', 'slipway status latest', 'slipway status --json --limit 100'))
    .action(async (name, options) => {
      endOnInterrupt();
      const { statusCommand } = await import('../executions/status-command.ts');
      process.exitCode = await statusCommand(name, options);
    });
}

function addLogs(slipway: Command): void {
  slipway
    .command('logs')
    .description('tell what a push did, state by state, with times, failed calls and retries')
    .argument('<push>', NAME)
    .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
    .option('--json', 'one line of JSON for each')
    .addHelpText('after', examples('slipway logs latest', 'slipway logs latest --json'))
    .action(async (name, options) => {
      endOnInterrupt();
      const { logsCommand } = await import('../executions/logs-command.ts');
      process.exitCode = await logsCommand(name, options);
    });
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && number <= 1000) return number;
  throw new InvalidArgumentError('Give a number from 1 to 1000.');
}
