import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { version } from '../../package.json';
import { RunningLocal } from '../cli/command-line';
import { imageTarball } from '../support/image-tarball';
import { ROOT } from './snippets';

jest.setTimeout(180_000);

// npx as the machine of a pipeline has it, but for the registry: `npx --yes ecr-slipway@VERSION …` is this clone.
const NPX = `#!/bin/sh
[ "$1" = --yes ] && [ "$2" = "ecr-slipway@${version}" ] || { echo "npx $*: not expected" >&2; exit 64; }
shift 2
exec '${join(ROOT, 'node_modules/.bin/tsx')}' '${join(ROOT, 'bin/slipway.ts')}' "$@"
`;

let local: RunningLocal;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-pipeline-'));
  writeFileSync(join(folder, 'image.tar'), imageTarball({ layers: 2 }).toBuffer());
  writeFileSync(join(folder, 'broken.tar'), imageTarball({ layers: 2 }).toBuffer().subarray(0, 2048));
  writeFileSync(join(folder, 'npx'), NPX);
  chmodSync(join(folder, 'npx'), 0o755);
  local = await RunningLocal.start();
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

interface Action {
  readonly inputs: Record<string, { default?: string }>;
  readonly runs: { steps: { run?: string; env?: Record<string, string> }[] };
}

describe('examples/github-action', () => {
  const action = parse(readFileSync(join(ROOT, 'examples/github-action/action.yml'), 'utf8')) as Action;

  test('pushes, and gives what came of it as its result', async () => {
    const { code, result } = await runAction({ tarball: 'image.tar', destination: 'team-a/app:1.4.2' });
    expect(code).toBe(0);
    expect(JSON.parse(result)).toMatchObject({ result: 'SUCCEEDED', tarball: 'image.tar' });
  });

  test('fails when the push fails, with the diagnosis as its result', async () => {
    const { code, result } = await runAction({ tarball: 'broken.tar' });
    expect(code).toBe(1);
    expect(result).toContain('"remedy"');
  });

  async function runAction(given: Record<string, string>): Promise<{ code: number; result: string }> {
    const [step] = action.runs.steps.filter(({ run }) => run !== undefined);
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']),
    );
    const value = (text: string) =>
      text.replace(/\$\{\{ inputs\.(\w+) \}\}/, (_, name) => ({ ...inputs, ...given })[name] ?? '');
    const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, text]) => [name, value(text)]));
    const outputs = join(folder, 'outputs');
    writeFileSync(outputs, '');
    const code = await bash(step?.run ?? '', { ...env, GITHUB_OUTPUT: outputs });
    const [, result = ''] = /^result<<(?:\S+)\n([\s\S]*)\nEND_OF_RESULT\n$/.exec(readFileSync(outputs, 'utf8')) ?? [];
    return { code, result };
  }
});

describe('examples/gitlab-template', () => {
  const template = parse(readFileSync(join(ROOT, 'examples/gitlab-template/slipway.gitlab-ci.yml'), 'utf8')) as {
    '.slipway-push': { variables: Record<string, string>; script: string[] };
  };
  const { variables, script } = template['.slipway-push'];

  test.each([
    ['image.tar', 0],
    ['broken.tar', 1],
  ])('of %s ends with %d', async (SLIPWAY_TARBALL, code) => {
    const job = { SLIPWAY_TARBALL, SLIPWAY_DESTINATION: 'team-b/app:1', SLIPWAY_TOKEN: 'token', CI_JOB_ID: '7' };
    expect(await bash(script.join('\n'), { ...variables, ...job })).toBe(code);
  });
});

/** Runs a script as both systems do: it ends at the first command that fails. */
async function bash(script: string, variables: Record<string, string>): Promise<number> {
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, ...local.env, ...variables, PATH };
  const run = promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: folder, env });
  return run.then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
}
