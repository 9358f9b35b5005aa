import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import manifest from '../../package.json';
import { layerOf } from '../support/image-parts';
import { OciLayoutBuilder } from '../support/oci-layout-builder';
import { installed, pack, ROOT, run, strangerEnvironment } from './packed';

const output = mkdtempSync(join(tmpdir(), 'slipway-pack-'));
const { file, paths } = pack(output);
const folders: string[] = [output];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let app: string;
let clean: string;
beforeAll(async () => {
  const oldest = (range: string) => range.replace(/^\^/, '');
  const { 'aws-cdk-lib': cdk, constructs } = manifest.peerDependencies;
  const { 'aws-cdk': cli, typescript, '@types/node': types } = manifest.devDependencies;
  const inApp = [
    `aws-cdk-lib@${oldest(cdk)}`,
    `constructs@${oldest(constructs)}`,
    `aws-cdk@${cli}`,
    `typescript@${typescript}`,
    `@types/node@${types}`,
  ];
  [app, clean] = await Promise.all([installed('app', file, ...inApp), installed('clean', file)]);
  folders.push(dirname(app), dirname(clean));
});

describe('the package', () => {
  test('holds JavaScript, types, bundles, the page, documents, the licence and the notices, and no source', () => {
    for (const path of [
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'docs/runbook.md',
      'dist/THIRD-PARTY-NOTICES.txt',
      'dist/lib/index.js',
      'dist/lib/index.d.ts',
      'dist/bin/slipway.js',
      'dist/handlers/serve-page/page.html',
    ]) {
      expect(paths).toContain(path);
    }
    const handlers = readdirSync(join(ROOT, 'lambda/handlers')).filter((name) => name.endsWith('.ts'));
    for (const handler of handlers) expect(paths).toContain(`dist/handlers/${handler.slice(0, -3)}/index.js`);
    expect(paths).toContain('dist/handlers/stage-layer/gzip-worker.js');
    expect(paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
    expect(paths.filter((path) => /^(test|bench|lambda|local|cli|lib|bin|scripts)\//.test(path))).toEqual([]);
  });

  test('depends on what it loads, and on nothing else', () => {
    const scripts = paths.filter(
      (path) => /^dist\/.*\.js$/.test(path) && !/^dist\/(handlers|cli\/page\/assets)\//.test(path),
    );
    const loaded = new Set(scripts.flatMap((path) => packagesIn(readFileSync(join(ROOT, path), 'utf8'))));
    // In a clone alone, to read TypeScript.
    loaded.delete('esbuild');
    // The peer of another dependency.
    loaded.add('ajv');
    expect([...loaded].sort()).toEqual(
      [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)].sort(),
    );
  });

  test('names each package whose code is in a bundle, with its licence', () => {
    const notices = readFileSync(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['@aws-sdk/client-ecr', '@smithy/core', 'zod', 'libdeflate', '@aws-lambda-powertools/logger']) {
      expect(notices).toMatch(new RegExp(`^${name} \\S+ \\(\\S+\\)$`, 'm'));
    }
  });
});

test("the README's construct synthesizes in a stranger's app, with the oldest CDK that is allowed and no bundler", () => {
  const [, snippet = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  writeFileSync(join(app, 'app.ts'), snippet);
  const options = ['--module', 'node20', '--target', 'es2023', '--strict', '--skipLibCheck', '--types', 'node'];
  run('npx', ['tsc', ...options, 'app.ts'], { cwd: app });
  run('npx', ['cdk', 'synth', '--quiet', '--app', 'node app.js', '--output', 'out'], { cwd: app });

  expect(existsSync(join(app, 'node_modules/esbuild'))).toBe(false);
  const template = JSON.parse(readFileSync(join(app, 'out/Images.template.json'), 'utf8')) as Template;
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThan(15);
  for (const { Properties } of functions) {
    const asset = join(app, 'out', `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
    expect(existsSync(join(asset, 'index.js'))).toBe(true);
  }
});

describe('in a clean folder', () => {
  beforeAll(() => {
    const builder = new OciLayoutBuilder();
    const image = builder.image({ layers: [layerOf({ size: 100_000 })] });
    writeFileSync(join(clean, 'image.tar'), builder.tarball([image]).toBuffer());
  });

  test('npx slipway inspect tells what is in a tarball', () => {
    const told = run('npx', ['slipway', 'inspect', '--json', 'image.tar'], { cwd: clean });
    expect(JSON.stringify(JSON.parse(told))).toContain('linux/amd64');
  });

  test('npx slipway local is an AWS that takes a push, and serves its page', async () => {
    const { child, endpoint } = await startLocal(clean);
    try {
      expect(await (await fetch(`${endpoint}/_slipway/`)).text()).toContain('<html');
      const variables = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' };
      const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
      const env = { ...strangerEnvironment(), ...variables, ...keys };
      const told = run('npx', ['slipway', 'push', '--json', 'image.tar', 'team-a/app:1'], { cwd: clean, env });
      expect(told).toContain('"SUCCEEDED"');
    } finally {
      child.kill('SIGTERM');
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
    }
  });

  test('nothing puts another Node before the one that is there', () => {
    expect(existsSync(join(clean, 'node_modules/.bin/node'))).toBe(false);
  });
});

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: { Code: { S3Key: string } } }>;
}

function packagesIn(source: string): string[] {
  return [...source.matchAll(/\b(?:require|import)\("((?:@[^/"]+\/)?[^./"][^/"]*)[^"]*"\)/g)]
    .map(({ 1: name = '' }) => name)
    .filter((name) => !name.startsWith('node:'));
}

async function startLocal(cwd: string): Promise<{ child: ChildProcess; endpoint: string }> {
  // Not by npx, which would take the signal.
  const slipway = join(cwd, 'node_modules/.bin/slipway');
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(slipway, ['local', '--port', '0', '--json'], {
    cwd,
    env: strangerEnvironment(),
    stdio: [...stdio],
  });
  const [line] = await once(createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }), 'line');
  return { child, endpoint: (JSON.parse(String(line)) as { endpoint: string }).endpoint };
}
