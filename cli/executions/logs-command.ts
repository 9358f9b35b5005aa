import { historyOf } from './history';
import { type LogLine, logLines } from './log-lines';
import { connect, describePush, subjectOf } from './named-execution';

/** `slipway logs`: tells what a push did, state by state, from its history. Gives the exit code. */
export async function logsCommand(name: string, options: { readonly stack: string; readonly json?: boolean }) {
  const connected = await connect(options.stack);
  const { executionArn = '', input } = await describePush(connected, name);
  const lines = logLines(await historyOf(connected.clients, executionArn));
  if (!options.json) process.stdout.write(`${subjectOf(input)}\n${executionArn}\n`);
  for (const line of lines) process.stdout.write(`${options.json ? JSON.stringify(line) : textOf(line)}\n`);
  return 0;
}

function textOf({ seconds, state, what, took, error, cause, image, layer }: LogLine): string {
  const about = [
    ...(image === undefined ? [] : [`image ${image}`]),
    ...(layer === undefined ? [] : [`layer ${layer}`]),
  ];
  const time = took === undefined ? '' : `  ${took.toFixed(1)} s`;
  const why = error === undefined ? '' : `  ${error}: ${cause ?? ''}`;
  return `${seconds.toFixed(1).padStart(8)} s  ${what.padEnd(9)}  ${state}${about.length === 0 ? '' : `, ${about.join(', ')}`}${time}${why}`;
}
