import type { Command } from 'commander';
import { program } from '../../cli/program';

const WIDTH = 110;

/** docs/command-line.md: the help of every command, as it is printed. */
export function commandLinePage(): string {
  const slipway = program();
  const sections = slipway.commands.map((command) => `## slipway ${command.name()}\n\n${fenced(helpOf(command))}`);
  return `${['# The command line', INTRODUCTION, fenced(helpOf(slipway)), ...sections].join('\n\n')}\n`;
}

const INTRODUCTION = `Written by \`npm run docs\` from the commands themselves. In a clone of the repository \`slipway\` is
\`npm run slipway --\`. What \`--json\` prints has the names of the receipt and of the diagnosis, one line for each
tarball; progress goes to standard error, results to standard output. Without a terminal there are plain lines and no
bars.`;

function helpOf(command: Command): string {
  const text: string[] = [];
  command.configureOutput({ writeOut: (piece) => text.push(piece), getOutHelpWidth: () => WIDTH });
  command.outputHelp();
  return text.join('').trimEnd();
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
