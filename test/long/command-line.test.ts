import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetImageCommand } from '@aws-sdk/client-ecr';
import { ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { aws } from '../../cli/aws';
import { RunningLocal, slipway, slipwayChild } from '../cli/command-line';
import { imageTarball } from '../support/image-tarball';
import { ociLayout } from '../support/oci-layout-builder';

jest.setTimeout(180_000);

let local: RunningLocal;
let folder: string;
const layout = ociLayout({ layers: 2, size: 50_000, seed: 1 });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-commands-'));
  writeFileSync(at('image.tar'), layout.tarball.toBuffer());
  local = await RunningLocal.start();
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

test('an upload that Ctrl-C ends is gone on with by the same command', async () => {
  writeFileSync(at('large.tar'), imageTarball({ layers: 1, size: 30_000_000, seed: 9 }).toBuffer());
  const hang = { service: 's3', operation: 'UploadPart', from: 3, fault: { kind: 'hang' } };
  await faults('POST', JSON.stringify([hang]));
  const env = { ...local.env, XDG_CACHE_HOME: at('cache') };
  const args = ['push', at('large.tar'), 'team-a/large:1'];
  const interrupted = slipwayChild(args, { env });
  await twoParts('team-a/large/1.tar');
  interrupted.child.kill('SIGINT');
  expect(await interrupted.ended).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('goes on with the upload'),
  });
  await faults('DELETE');
  const again = await slipway(args, { env });
  expect(again.stderr).toMatch(/^resumed {4}(16|2\d)\.\d MiB of 28\.6 MiB are there from before$/m);
  expect(again.code).toBe(0);
});

test('several tarballs, one of them from a pipe and one in the bucket: --json and --quiet print what came of each', async () => {
  const piped = await slipway(['push', '--json', '-', 'team-a/piped:1'], {
    env: local.env,
    input: layout.tarball.toBuffer(),
  });
  expect(piped).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(piped.stdout)).toMatchObject({
    tarball: '-',
    result: 'SUCCEEDED',
    images: [{ digest: layout.digest }],
  });
  const there = `s3://${local.places.dropBucket}/team-a/piped/1.tar`;
  const moved = await slipway(['push', '-q', there, 'team-a/moved:2'], local);
  expect(moved).toMatchObject({ code: 0, stdout: `team-a/moved@${layout.digest}\n`, stderr: '' });

  const archive = imageTarball({ format: 'docker', layers: 1, seed: 21, name: 'team-a/archive:1' });
  writeFileSync(at('one.tar'), archive.toBuffer());
  writeFileSync(at('two.tar'), 'no tar');
  const both = await slipway(['push', '--json', '--compression', 'zstd', at('{one,two}.tar')], local);
  expect(both.code).toBe(1);
  const [one, two] = both.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(two).toMatchObject({ result: 'FAILED', diagnosis: { code: 'NotAnArchive' } });
  const { ecr } = aws(local.env);
  const imageIds = [{ imageDigest: one.images[0].digest }];
  const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName: 'team-a/archive', imageIds }));
  expect(images[0]?.imageManifest).toContain('tar+zstd');
});

test('a push that hangs is stopped, told of, and gone on with where it stopped', async () => {
  await faults(
    'POST',
    JSON.stringify([{ service: 'ecr', operation: 'UploadLayerPart', from: 1, fault: { kind: 'hang' } }]),
  );
  const watched = slipwayChild(['push', at('image.tar'), 'team-a/hanging:1'], { env: local.env });
  const name = await running('team-a_hanging');
  const stopped = await slipway(['stop', name, '--cause', 'it hangs'], local);
  expect(stopped).toMatchObject({ code: 0, stdout: expect.stringContaining(`slipway retry ${name}`) });
  expect(await watched.ended).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^failed {3}Stopped: .*\ncause {4}it hangs$/m),
  });
  await faults('DELETE');
  const doctor = await slipway(['doctor'], local);
  expect(doctor).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/✗ last push +team-a_hanging.*ABORTED\n +remedy: .*retry/),
  });

  const retried = await slipway(['retry', 'latest'], local);
  expect(retried).toMatchObject({ code: 0, stderr: expect.stringContaining('goes on where it stopped') });
  expect(retried.stdout).toContain(`digest   ${layout.digest}`);
  const [status, logs, again] = await Promise.all([
    slipway(['status', '--json'], local),
    slipway(['logs', '--json', 'latest'], local),
    slipway(['retry', 'latest'], local),
  ]);
  expect(JSON.parse(status.stdout.split('\n')[0] ?? '')).toMatchObject({ name, status: 'SUCCEEDED' });
  const lines = logs.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ state: 'InspectTarball', what: 'done', took: expect.any(Number) });
  expect(lines.at(-1)).toMatchObject({ state: 'Succeeded', what: 'ended' });
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('there is nothing to retry') });
});

test('a push that failed is started again with the same input', async () => {
  writeFileSync(at('text.tar'), 'no tar');
  expect((await slipway(['push', at('text.tar'), 'team-a/text:1'], local)).code).toBe(1);
  const again = await slipway(['retry', 'latest'], local);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('started again') });
  expect(again.stdout).toMatch(/^failed {3}NotAnArchive in InspectTarball: .*\/team-a\/text\/1\.tar$/m);
});

test('doctor shows each permission by a call that changes nothing, and names the one that is denied', async () => {
  expect((await slipway(['push', '-q', at('image.tar'), 'team-a/checked:1'], local)).code).toBe(0);
  const denied = {
    kind: 'error',
    name: 'AccessDeniedException',
    message: 'not authorized to perform: ecr:PutImage',
    status: 400,
  };
  await faults('POST', JSON.stringify([{ service: 'ecr', operation: 'PutImage', fault: denied }]));
  const doctor = await slipway(['doctor', '--json', 'team-a/checked'], local);
  await faults('DELETE');
  expect(doctor.code).toBe(1);
  const checks = doctor.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(checks.filter(({ result }) => result !== 'ok')).toEqual([
    expect.objectContaining({
      code: 'PermissionDenied',
      found: expect.stringContaining('ecr:PutImage'),
      remedy: expect.any(String),
    }),
  ]);
  expect(checks.filter(({ name }) => name === 'permission')).toHaveLength(6);
  const { ecr } = aws(local.env);
  const there = await ecr.send(
    new BatchGetImageCommand({ repositoryName: 'team-a/checked', imageIds: [{ imageTag: '1' }] }),
  );
  expect(there.images).toHaveLength(1);
});

test('doctor names what is not configured, not deployed, and not reached', async () => {
  const [none, other, unreached] = await Promise.all([
    slipway(['doctor']),
    slipway(['doctor', '--stack', 'Other'], local),
    slipway(['doctor'], { env: { ...local.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } }),
  ]);
  expect(none).toMatchObject({ code: 1, stdout: expect.stringMatching(/✗ region .*\n +remedy: Set AWS_REGION/) });
  expect(other).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/✗ stack +no Slipway in Other\n +remedy: Deploy/),
  });
  expect(unreached).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/✗ stack [\s\S]*under NetworkUnreachable/),
  });
});

/** Name of the push with this beginning, once it runs and sends. */
async function running(beginning: string): Promise<string> {
  const { sfn } = aws(local.env);
  const { stateMachineArn } = local.places;
  for (;;) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
    const seen = (await (await faults('GET')).json()) as { seen: number }[];
    const name = executions.find((execution) => execution.name?.startsWith(beginning))?.name;
    if (name !== undefined && (seen[0]?.seen ?? 0) > 0) return name;
    await pause(50);
  }
}

function at(name: string): string {
  return join(folder, name);
}

function faults(method: string, body?: string): Promise<Response> {
  return fetch(`${local.places.endpoint}/_slipway/faults`, { method, ...(body === undefined ? {} : { body }) });
}

/** Resolves when two parts of the upload to this key are there. */
async function twoParts(key: string): Promise<void> {
  const { s3 } = aws(local.env);
  const { dropBucket: Bucket } = local.places;
  for (;;) {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key }));
    const { UploadId } = Uploads[0] ?? {};
    const parts =
      UploadId === undefined ? [] : (await s3.send(new ListPartsCommand({ Bucket, Key: key, UploadId }))).Parts;
    if ((parts?.length ?? 0) >= 2) return;
    await pause(50);
  }
}
