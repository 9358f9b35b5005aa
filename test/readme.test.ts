import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { scripts } from '../package.json';

const ROOT = resolve(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Commands of others that the README may use, and how far it may rely on them being there. */
const FOREIGN = new Set(['npm', 'npx', 'aws', 'skopeo', 'export']);

const commands = blocks('sh').flatMap((block) =>
  block
    .replace(/\\\n/g, ' ')
    .split(/\n|&&/)
    .map((line) => line.replace(/\s#.*$/, '').trim())
    .filter((line) => line !== ''),
);

test('the README shows commands, and a construct', () => {
  expect(commands.length).toBeGreaterThan(5);
  expect(blocks('ts')).toHaveLength(1);
});

test.each(commands)('"%s" begins with a command that exists', (command) => {
  const [name = '', verb = '', script = ''] = command.split(/\s+/);
  expect(FOREIGN).toContain(name);
  if (name === 'npm' && verb === 'run') expect(Object.keys(scripts)).toContain(script);
  if (name === 'npx') expect(existsSync(join(ROOT, 'node_modules/.bin', verb))).toBe(true);
});

const slipwayCommands = new Set(commands.flatMap((command) => /^npm run slipway -- (.*)$/.exec(command)?.[1] ?? []));

test.each([...slipwayCommands])('slipway %s: the command line has this command, and its options', (line) => {
  const [name = '', ...rest] = line.split(/\s+/);
  const help = slipwayHelp(name);
  expect(help).toMatch(new RegExp(`^Usage: slipway ${name} `));
  const [, places = ''] = /^Usage: slipway \w+ \[options\] ?(.*)$/m.exec(help) ?? [];
  const operands = rest.filter((word) => !word.startsWith('-'));
  expect(operands.length).toBeLessThanOrEqual(places.split(' ').filter((place) => place !== '').length);
  for (const option of rest.filter((word) => word.startsWith('--'))) expect(help).toContain(option);
});

test('the construct of the README synthesizes', () => {
  // Inside the repository, for the packages that it imports.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.readme-'));
  try {
    const source = blocks('ts')[0]?.replace("'ecr-slipway'", `'${join(ROOT, 'lib')}'`) ?? '';
    writeFileSync(
      join(folder, 'app.ts'),
      `${source}\nconsole.log(JSON.stringify(stack.node.root.synth().stacks[0].template));\n`,
    );
    buildSync({ entryPoints: [join(folder, 'app.ts')], outfile: join(folder, 'app.js'), logLevel: 'error' });
    const { Resources } = JSON.parse(run(join(folder, 'app.js'))) as { Resources: Record<string, { Type: string }> };
    const types = Object.values(Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::S3::Bucket')).toHaveLength(2);
    expect(types).toContain('AWS::StepFunctions::StateMachine');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function run(app: string): string {
  const env = { ...process.env, CDK_VALIDATION: 'false', CDK_OUTDIR: join(app, '../cdk.out') };
  const tsx = join(ROOT, 'node_modules/.bin/tsx');
  return execFileSync(tsx, ['--eval', `require(${JSON.stringify(app)})`], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
}

function slipwayHelp(command: string): string {
  const tsx = join(ROOT, 'node_modules/.bin/tsx');
  return execFileSync(tsx, [join(ROOT, 'bin/slipway.ts'), command, '--help'], { encoding: 'utf8' });
}

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1] ?? '');
}
