import type { Command } from 'commander';
import { addReadOptions, addRequestOptions } from '../request-options';
import { endOnInterrupt } from './end-on-interrupt';
import { examples } from './examples';
import { STACK, STACK_OPTION } from './stack';

/** The commands that are about tarballs: inspect, plan, push. */
export function addTarballCommands(slipway: Command): void {
  addInspect(slipway);
  addPlan(slipway);
  addPush(slipway);
}

function addInspect(slipway: Command): void {
  addReadOptions(
    slipway
      .command('inspect')
      .description('tell what is in tarballs: images, platforms, layers, notes, problems')
      .argument('<tarball...>', 'files, s3://BUCKET/KEY, or - for standard input')
      .option('--json', 'one line of JSON for each tarball'),
  )
    .addHelpText(
      'after',
      examples(
        'slipway inspect image.tar',
        'docker save app:1.4.2 | slipway inspect -',
        'slipway inspect --json s3://drops/team-a/app/1.4.2.tar',
      ),
    )
    .action(async (tarballs, options) => {
      endOnInterrupt();
      const { inspectCommand } = await import('../inspect/inspect-command.ts');
      process.exitCode = await inspectCommand(tarballs, options);
    });
}

function addPlan(slipway: Command): void {
  addRequestOptions(
    slipway
      .command('plan')
      .description('tell what a push would do, and do nothing: destinations, bytes to send, time, cost, problems')
      .argument('<tarball>', 'a file, s3://BUCKET/KEY, or - for standard input')
      .argument('[destination]', 'REPOSITORY[:TAG]; without it the key, or the names inside the tarball count')
      .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
      .option('--json', 'one line of JSON, in the words of a receipt'),
  )
    .addHelpText(
      'after',
      examples(
        'slipway plan image.tar team-a/app:1.4.2',
        'slipway plan s3://drops/team-a/app/1.4.2.tar',
        'slipway plan --json image.tar team-a/app:1.4.2',
      ),
    )
    .action(async (tarball, destination, options) => {
      endOnInterrupt();
      const { planCommand } = await import('../plan/plan-command.ts');
      process.exitCode = await planCommand(tarball, destination, options);
    });
}

function addPush(slipway: Command): void {
  addRequestOptions(
    slipway
      .command('push')
      .description('drop tarballs and follow their pushes, one after another')
      .usage('[options] <tarball...> [destination]')
      .argument(
        '<tarball...>',
        'files, globs, s3://BUCKET/KEY in the drop bucket, or - for standard input; after one tarball the ' +
          'destination, REPOSITORY[:TAG]: without it the names inside count',
      )
      .option('--to <destination>', 'the destination, where it could be taken for a tarball')
      .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
      .option('--local', 'push to a small AWS on this machine, kept in .slipway')
      .option('-q, --quiet', 'print nothing but REPOSITORY@DIGEST of what was pushed, and failures')
      .option('--json', 'print nothing but one line of JSON for each tarball: its receipt or diagnosis'),
  )
    .addHelpText('after', `\n${PUSH_NOTES}\n${PUSH_EXAMPLES}`)
    .action(async (args, options) => {
      endOnInterrupt();
      const { pushCommand } = await import('../push-command.ts');
      process.exitCode = await pushCommand(args, options);
    });
}

const PUSH_NOTES = `A file is uploaded in parts. After Ctrl-C the same command goes on with the parts that are there.
Once the execution runs, Ctrl-C ends the watching alone: the push goes on.`;

const PUSH_EXAMPLES = examples(
  'slipway push image.tar team-a/app:1.4.2',
  "slipway push 'images/*.tar'",
  'docker save app:1.4.2 | slipway push - team-a/app:1.4.2',
  'slipway push index.tar team-a/app:1.4.2 --platforms linux/amd64',
  'slipway push --quiet image.tar team-a/app:1.4.2',
);
