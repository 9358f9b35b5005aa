import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { aws } from '../../cli/aws';
import { RunningLocal, slipway } from '../cli/command-line';
import { imageTarball } from '../support/image-tarball';
import { ociLayout } from '../support/oci-layout-builder';

// Children that load the whole program, on a machine that may be busy.
jest.setTimeout(180_000);

let local: RunningLocal;
let folder: string;
const layout = ociLayout({ layers: 2, size: 50_000, seed: 1 });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-push-'));
  writeFileSync(at('image.tar'), layout.tarball.toBuffer());
  local = await RunningLocal.start();
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

test('a push ends with 0 and tells digest, pull command, and what was sent; a second one sends nothing, as planned', async () => {
  const planned = await slipway(['plan', '--json', at('image.tar'), 'team-a/app:1.4.2'], local);
  expect(planned.code).toBe(0);
  const plan = JSON.parse(planned.stdout);
  expect(plan).toMatchObject({
    result: 'SUCCEEDED',
    images: [{ repository: 'team-a/app', tags: ['1.4.2'], digest: layout.digest, createsRepository: true }],
    layersSent: 3,
    layersSkipped: 0,
    problems: [],
  });

  const first = await slipway(['push', at('image.tar'), 'team-a/app:1.4.2'], local);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(`digest   ${layout.digest}`) });
  expect(first.stdout).toContain(`pull     docker pull ${local.places.registry}/team-a/app:1.4.2\n`);
  expect(first.stdout).toMatch(/sent {5}\d+\.\d KiB in 3 layers\nskipped {2}0 B in 0 layers/);
  // Without a terminal: plain lines, one for each step, and none of a progress bar.
  expect(first.stderr).toMatch(/^dropped .*\nexecution .*\nInspectTarball /);
  expect(first.stderr).not.toContain('\x1b');

  const second = await slipway(['push', at('image.tar'), 'team-a/app:1.4.3'], local);
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('sent     0 B in 0 layers\n') });
  const { bytesSkipped } = JSON.parse((await slipway(['plan', '--json', at('image.tar'), 'team-a/app'], local)).stdout);
  expect(bytesSkipped).toBe(plan.bytesSent);
  expect(second.stdout).toMatch(/skipped {2}\d+\.\d KiB in 3 layers that ECR had/);
});

test('a broken tarball ends with 1, and with its code, cause and remedy', async () => {
  const bytes = imageTarball({ layers: 1, seed: 2 }).toBuffer();
  writeFileSync(at('half.tar'), bytes.subarray(0, bytes.length / 2));
  const { code, stdout } = await slipway(['push', at('half.tar'), 'team-a/half:1'], local);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed {3}TarTruncated in InspectTarball: s3:\/\/.*\/team-a\/half\/1\.tar$/m);
  expect(stdout).toMatch(/^cause {4}\S.*$/m);
  expect(stdout).toMatch(/^remedy {3}\S.*$/m);
});

test('a plan names what is in the way: a repository of nobody, a tarball that is broken', async () => {
  const other = await slipway(['plan', at('image.tar'), 'team-a/app:1', '--registry-id', '111122223333'], local);
  expect(other.stdout).toMatch(/^failed {3}WrongRegistry: .*image\.tar$[\s\S]*^remedy {3}\S.*$/m);
  expect(other).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/A push would fail: 1 problem\. Nothing was sent/),
  });
  writeFileSync(at('empty.tar'), '');
  const empty = await slipway(['plan', '--json', at('empty.tar'), 'team-a/app:1'], local);
  expect(empty.code).toBe(1);
  expect(JSON.parse(empty.stdout)).toMatchObject({ result: 'FAILED', problems: [{ code: 'EmptyObject' }] });
});

test.each([
  [
    'a file that is not there',
    ['no-such.tar', 'team-a/none:1'],
    /no-such\.tar cannot be read: ENOENT.*\nName a tarball/,
  ],
  ['a folder', [tmpdir(), 'team-a/none:1'], /is no file\.\nName a tarball/],
  ['a destination that is none', ['package.json', 'team-a/none:'], /"team-a\/none:" is no destination\.\nWrite it/],
])('%s ends with 2 before AWS is spoken to', async (_, args, message) => {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const env = { ...local.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  const { code, stderr } = await slipway(['push', ...args], { env });
  server.close();
  expect(stderr).toMatch(message);
  expect({ code, calls }).toEqual({ code: 2, calls: 0 });
});

test('without AWS and without a terminal, a push ends with 2 and offers --local', async () => {
  const none = await slipway(['push', at('image.tar')]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/No AWS region is configured\.\n.*--local/) });
  const half = await slipway(['push', at('image.tar')], { env: { AWS_REGION: 'us-east-1' } });
  expect(half.stderr).toMatch(/No AWS credentials are configured\.\n.*--local/);
});

test('a stack that is not there ends with 2 and drops nothing', async () => {
  const { code, stderr } = await slipway(['push', at('image.tar'), 'team-b/app:1', '--stack', 'Other'], local);
  expect(code).toBe(2);
  expect(stderr).toContain('Stack with id Other does not exist');
  const { s3 } = aws(local.env);
  const { dropBucket: Bucket } = local.places;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'team-b/' }));
  expect(Versions).toEqual([]);
});

test('push --local keeps what it pushed in .slipway, and says how to serve it', async () => {
  const { code, stdout } = await slipway(['push', 'image.tar', '--local', 'team-a/app:1'], { cwd: folder });
  expect(stdout).toContain(`digest   ${layout.digest}`);
  expect(stdout).toContain('docker pull 127.0.0.1:4566/team-a/app:1');
  expect(stdout).toContain('local --data .slipway');
  expect(code).toBe(0);
});

function at(name: string): string {
  return join(folder, name);
}
