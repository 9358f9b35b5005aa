import type { Command } from 'commander';
import { LOCAL_PORT } from '../local-port';
import { endOnInterrupt } from './end-on-interrupt';
import { examples } from './examples';

/** The commands that start a small AWS on this machine: local, demo. */
export function addLocalCommands(slipway: Command): void {
  slipway
    .command('local')
    .description('start a small AWS on this machine, with Slipway deployed in it, and stay')
    .option('--port <number>', 'TCP port on 127.0.0.1; 0 takes a free one', String(LOCAL_PORT))
    .option('--data <dir>', 'folder to keep everything in')
    .option('--json', 'print where things are as one line of JSON')
    .addHelpText('after', examples('slipway local', 'slipway local --data .slipway', 'slipway local --port 0 --json'))
    .action(async (options) => {
      const { localCommand } = await import('../local-command.ts');
      await localCommand(options);
    });
  slipway
    .command('demo')
    .description('push a tarball on a local AWS, pull it back, and verify every digest')
    .argument('[tarball]', 'without one, an image made in memory')
    .addHelpText('after', examples('slipway demo', 'slipway demo image.tar'))
    .action(async (tarball) => {
      endOnInterrupt();
      const { demoCommand } = await import('../demo-command.ts');
      process.exitCode = await demoCommand(tarball);
    });
}
