import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { aws } from '../../cli/aws';
import { RunningLocal, slipway } from '../cli/command-line';
import { ociLayout } from '../support/oci-layout-builder';

// Children that load the whole program, on a machine that may be busy.
jest.setTimeout(180_000);

const layout = ociLayout({ seed: 3 });
let folder: string;
let local: RunningLocal;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-data-'));
  writeFileSync(join(folder, 'image.tar'), layout.tarball.toBuffer());
  local = await RunningLocal.start('--data', join(folder, 'data'));
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

test('--json prints one line of JSON with the six places', () => {
  expect(local.lines).toHaveLength(1);
  expect(Object.keys(local.places)).toEqual([
    'endpoint',
    'registry',
    'dropBucket',
    'workBucket',
    'stateMachineArn',
    'apiUrl',
  ]);
  expect(local.places).toMatchObject({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    registry: new URL(local.places.endpoint).host,
    stateMachineArn: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:stateMachine:/),
  });
});

test('it listens on 127.0.0.1 and on no other address', async () => {
  const port = Number(new URL(local.places.endpoint).port);
  expect(await connects('127.0.0.1', port)).toBe(true);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid)
    .map(({ address }) => address);
  for (const address of others) expect([address, await connects(address, port)]).toEqual([address, false]);
});

test.each([
  ['a port in use', () => ['--port', new URL(local.places.endpoint).port], /Port \d+ is in use\.\nTake another/],
  ['a port that is none', () => ['--port', '65536'], /"65536" is no port\.\nGive a number from 0 to 65535/],
  ['a port that is no number', () => ['--port', ''], /"" is no port\.\n/],
  [
    'a data folder that is a file',
    () => ['--port', '0', '--data', join(folder, 'image.tar')],
    /EEXIST.*\nName a folder/,
  ],
  ['an option that is none', () => ['--prot', '0'], /unknown option '--prot'/],
])('%s ends with 2 and the remedy', async (_, args, message) => {
  const { code, stdout, stderr } = await slipway(['local', ...args()]);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('SIGTERM ends it with 0 and no child is left; --data keeps objects, images and executions', async () => {
  const pushed = await slipway(['push', join(folder, 'image.tar'), 'team-a/kept:1'], local);
  expect(pushed.code).toBe(0);
  const before = await holdings(local);
  expect(before).toMatchObject({ images: [layout.digest], executions: [expect.stringMatching(/ SUCCEEDED$/)] });
  expect(childrenOf(local).length).toBeGreaterThan(0);

  expect(await local.end()).toBe(0);
  expect(childrenOf(local)).toEqual([]);

  const again = await RunningLocal.start('--data', join(folder, 'data'));
  const after = await holdings(again);
  expect(await again.end()).toBe(0);
  expect(after).toEqual(before);
});

/** What a local AWS has of the one push. */
async function holdings({ env, places }: RunningLocal) {
  const { s3, ecr, sfn } = aws(env);
  const { stateMachineArn, dropBucket } = places;
  const object = await s3.send(new HeadObjectCommand({ Bucket: dropBucket, Key: 'team-a/kept/1.tar' }));
  const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'team-a/kept' }));
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  return {
    object: [object.VersionId, object.ETag],
    images: imageDetails.map(({ imageDigest }) => imageDigest),
    executions: executions.map(({ name, status }) => `${name} ${status}`),
  };
}

/** Living children that run functions against this local AWS, found by their environment. */
function childrenOf({ places }: RunningLocal): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return (
        environment.includes(`AWS_ENDPOINT_URL=${places.endpoint}`) &&
        environment.some((line) => line.startsWith('_HANDLER='))
      );
    } catch {
      return false;
    }
  });
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
