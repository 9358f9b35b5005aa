import type { Command } from 'commander';
import { endOnInterrupt } from './end-on-interrupt';
import { examples } from './examples';
import { STACK, STACK_OPTION } from './stack';

/** The command that looks for what is wrong: doctor. */
export function addDoctor(slipway: Command): void {
  slipway
    .command('doctor')
    .description('look at all that a push needs: credentials, region, stack, bucket, repositories, each permission')
    .argument('[repository...]', 'repositories to look at, with each permission that a push needs there')
    .option(STACK_OPTION, 'CloudFormation stack that holds Slipway', STACK)
    .option('--registry-id <account>', 'account that owns the repositories, where it is another')
    .option('--json', 'one line of JSON for each check')
    .addHelpText('after', examples('slipway doctor', 'slipway doctor team-a/app', 'slipway doctor --json team-a/app'))
    .action(async (repositories, options) => {
      endOnInterrupt();
      const { doctorCommand } = await import('../doctor/doctor-command.ts');
      process.exitCode = await doctorCommand(repositories, options);
    });
}
