import { Command, InvalidArgumentError, Option } from 'commander';
import { scenarios } from './scenarios';
import type { Scenario } from './sections/side-by-side';

/** What `npm run bench -- …` is asked for. */
export interface BenchOptions {
  readonly quick: boolean;
  /** All scenarios, with all their data. */
  readonly whole: boolean;
  /** The one section that is measured and printed by itself. */
  readonly only?: string;
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
}

/** Reads the command line; one that it does not know ends the process before anything is measured. */
export function benchOptions(args: readonly string[], sections: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures and prints. All of it, with all its data, three rounds, also writes docs/performance.md.')
    .option('--quick', 'less data, two rounds')
    .option('--rounds <number>', 'how often each tool pushes', rounds)
    .option('--scenario <words>', 'scenarios whose name has one of the words: archive,again', words)
    .addOption(new Option('--only <section>', 'one section by itself; nothing is written').choices(sections))
    .allowExcessArguments(false)
    .parse(args, { from: 'user' });
  const { quick = false, only, scenario = [''], rounds: asked = quick ? 2 : 3 } = command.opts<Parsed>();
  const all = scenarios(quick);
  const chosen = all.filter(({ name }) => scenario.some((word) => name.includes(word)));
  if (chosen.length === 0) command.error(`no scenario has one of these words in its name: ${scenario.join(', ')}`);
  return {
    quick,
    whole: !quick && chosen.length === all.length,
    scenarios: chosen,
    rounds: asked,
    ...(only ? { only } : {}),
  };
}

interface Parsed {
  readonly quick?: boolean;
  readonly only?: string;
  readonly scenario?: readonly string[];
  readonly rounds?: number;
}

function rounds(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return number;
}

function words(text: string): string[] {
  return text.split(',').filter(Boolean);
}
