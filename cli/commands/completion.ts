import type { Command, Option } from 'commander';
import { examples } from './examples';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** The command that prints what a shell needs to complete the others: completion. */
export function addCompletion(slipway: Command): void {
  slipway
    .command('completion')
    .description('print a script by which a shell completes commands and options')
    .addArgument(slipway.createArgument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        'source <(slipway completion bash)',
        'source <(slipway completion zsh)',
        'slipway completion fish > ~/.config/fish/completions/slipway.fish',
      ),
    )
    .action((shell: Shell) => {
      process.stdout.write(`${completionScript(slipway, shell)}\n`);
    });
}

/** The script for one shell, made from the commands themselves. */
function completionScript(slipway: Command, shell: Shell): string {
  const options = new Map(slipway.commands.map((command) => [command.name(), optionsOf(command)]));
  if (shell === 'fish') return fish(slipway);
  const cases = [...options].map(([name, all]) => `    ${name}) words="${all.join(' ')}" ;;`).join('\n');
  const script = `_slipway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${[...options.keys()].join(' ')}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases}
    *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _slipway slipway`;
  return shell === 'bash' ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function optionsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}

function fish({ commands }: Command): string {
  const names = commands.map((command) => {
    return `complete -c slipway -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.description())}`;
  });
  const options = commands.flatMap((command) =>
    command.options
      .filter((option): option is Option & { long: string } => option.long !== undefined)
      .map(({ long, description, argChoices }) => {
        const values = argChoices ? ` -x -a ${quoted(argChoices.join(' '))}` : '';
        return `complete -c slipway -n '__fish_seen_subcommand_from ${command.name()}' -l ${long.slice(2)}${values} -d ${quoted(description)}`;
      }),
  );
  return [...names, ...options].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
