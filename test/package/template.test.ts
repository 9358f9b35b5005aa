import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Template } from '../../local/template';
import { version } from '../../package.json';
import { imageTarball } from '../support/image-tarball';
import { RunningSlipway } from '../support/running-slipway';
import { ROOT } from './packed';

const CODE = `slipway/${version}`;

const folder = mkdtempSync(join(tmpdir(), 'slipway-template-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const drops = [{ prefix: 'team-a/', repositories: ['team-a/*'], createRepositories: {} }];
let text: string;
beforeAll(() => {
  writeFileSync(join(folder, 'props.json'), JSON.stringify({ drops }));
  synth('props.json');
  text = readFileSync(join(folder, 'cloudformation/slipway.template.json'), 'utf8');
});

test('the template needs one bucket with code, and nothing of the CDK', () => {
  const { Parameters, Rules } = JSON.parse(text) as { Parameters: object; Rules?: object };
  expect(Object.keys(Parameters)).toEqual(['CodeBucket']);
  expect(Rules).toBeUndefined();
  expect(text).not.toMatch(/cdk-hnb659fds|BootstrapVersion/);
});

test('the same sources give the same template and the same bytes of code', () => {
  const before = codeFiles();
  synth('props.json');
  expect(readFileSync(join(folder, 'cloudformation/slipway.template.json'), 'utf8')).toBe(text);
  expect(codeFiles()).toEqual(before);
});

test('what it deploys takes a drop, and denies what the props deny', async () => {
  for (const [name, bytes] of codeFiles()) await unzip(bytes, unzipped(`${CODE}/${name}`));
  const deployed = JSON.parse(text.replaceAll(/\{\s*"Fn::Sub": "\$\{CodeBucket\}"\s*\}/g, '"code"')) as Template;
  const slipway = await RunningSlipway.start({ assembly: { template: deployed, assetDir: unzipped } });
  try {
    const bytes = imageTarball({ layers: 1 }).toBuffer();
    expect(await slipway.drop('team-a/app/1.tar', bytes)).toMatchObject({ status: 'SUCCEEDED' });
    expect(Object.keys(await slipway.images())).toEqual(['team-a/app:1']);
    expect(await slipway.drop('team-b/app/1.tar', bytes)).toMatchObject({ status: 'FAILED' });
  } finally {
    await slipway.stop();
  }
});

function synth(props: string): void {
  const script = join(ROOT, 'scripts/write-template.ts');
  execFileSync(join(ROOT, 'node_modules/.bin/tsx'), [script, props], {
    cwd: folder,
    // `cdk synth` of the same stack runs it, in the checks.
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
}

function codeFiles(): [string, Buffer][] {
  const code = join(folder, 'cloudformation', CODE);
  return readdirSync(code).map((name) => [name, readFileSync(join(code, name))]);
}

/** Where the zip under this key is unpacked to. */
function unzipped(key: string): string {
  return join(folder, 'unzipped', key);
}

async function unzip(zip: Buffer, target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  for (const entry of await new ZipReader(new Uint8ArrayReader(zip)).getEntries()) {
    writeFileSync(join(target, entry.filename), await (entry as FileEntry).getData(new Uint8ArrayWriter()));
  }
}
