import { styleText } from 'node:util';
import { aws } from '../aws';
import { counted } from '../format';
import { configurationChecks, dropChecks } from './account-checks';
import type { Check } from './check';
import { lastPushCheck } from './last-push-check';
import { repositoryChecks } from './repository-checks';

export interface DoctorOptions {
  readonly stack: string;
  readonly registryId?: string;
  readonly json?: boolean;
}

/** `slipway doctor`: looks at all that a push needs, with the caller's credentials. Gives the exit code: 1 if any is bad. */
export async function doctorCommand(repositories: readonly string[], options: DoctorOptions): Promise<number> {
  const checks = await allChecks(repositories, options);
  const failed = checks.filter(({ result }) => result === 'bad').length;
  const lines = options.json ? checks.map((check) => JSON.stringify(check)) : checks.map(checkText);
  const verdict = failed === 0 ? 'Nothing is wrong.' : `${counted(failed, 'thing')} to mend.`;
  process.stdout.write(`${lines.join('\n')}\n${options.json ? '' : `\n${verdict}\n`}`);
  return failed === 0 ? 0 : 1;
}

async function allChecks(repositories: readonly string[], { stack, registryId }: DoctorOptions): Promise<Check[]> {
  const clients = aws();
  const { checks, deployed } = await configurationChecks(clients, stack);
  if (!deployed) return [...checks, { name: 'all else', result: 'unknown', found: 'mend the above first' }];
  checks.push(...(await dropChecks(clients, deployed)));
  for (const repository of repositories) {
    checks.push(...(await repositoryChecks(clients, deployed, repository, registryId)));
  }
  const workflow = checks.find(({ name }) => name === 'workflow');
  return workflow?.result === 'ok' ? [...checks, await lastPushCheck(clients, deployed)] : checks;
}

const MARKS = { ok: ['✓', 'green'], bad: ['✗', 'red'], unknown: ['?', 'yellow'] } as const;

function checkText({ name, result, found, code, remedy }: Check): string {
  const [mark, color] = MARKS[result];
  const line = `${styleText(color, mark, { stream: process.stdout })} ${name.padEnd(17)}  ${found}`;
  if (result !== 'bad') return line;
  const more = [`remedy: ${remedy}`, ...(code === undefined ? [] : [`see docs/runbook.md, under ${code}`])];
  return [line, ...more.map((text) => `  ${''.padEnd(17)}  ${text}`)].join('\n');
}
