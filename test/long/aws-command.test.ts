import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunningLocal, slipway } from '../cli/command-line';
import { ociLayout } from '../support/oci-layout-builder';

// Children that load the whole program, on a machine that may be busy.
jest.setTimeout(180_000);

const present = spawnSync('aws', ['--version']).status === 0;
if (!present) process.stderr.write('SKIPPED: there is no aws command on the path; install it to run these checks.\n');
const check = present ? test : test.skip;

const layout = ociLayout({ layers: 2, seed: 5 });
let folder: string;
let local: RunningLocal;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-aws-'));
  writeFileSync(join(folder, 'image.tar'), layout.tarball.toBuffer());
  local = await RunningLocal.start();
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

check('aws s3 copies, lists and removes, in one piece and in parts', async () => {
  const drop = `s3://${local.places.dropBucket}`;
  const large = randomBytes(20_000_000);
  writeFileSync(join(folder, 'large.bin'), large);
  writeFileSync(join(folder, 'small.txt'), 'hello');
  await aws('s3', 'cp', join(folder, 'small.txt'), `${drop}/s3/small.txt`);
  await aws('s3', 'cp', join(folder, 'large.bin'), `${drop}/s3/large.bin`);
  expect(await aws('s3', 'ls', `${drop}/s3/`)).toMatch(/ 20000000 large\.bin\n.* 5 small\.txt\n$/);
  await aws('s3', 'cp', `${drop}/s3/large.bin`, join(folder, 'back.bin'));
  expect(readFileSync(join(folder, 'back.bin')).equals(large)).toBe(true);

  const head = await json('s3api', 'head-object', ...object('s3/large.bin'));
  // 8 MiB is the part size of the aws command.
  expect(head).toMatchObject({ ContentLength: 20_000_000, ETag: expect.stringMatching(/-3"$/) });
  await aws('s3', 'rm', `${drop}/s3/large.bin`);
  expect(await aws('s3', 'ls', `${drop}/s3/`)).not.toContain('large.bin');
  const versions = await json('s3api', 'list-object-versions', ...bucket(), '--prefix', 's3/large.bin');
  expect(versions).toMatchObject({ Versions: [{ VersionId: head.VersionId }], DeleteMarkers: [{ IsLatest: true }] });
});

check('aws ecr and aws stepfunctions tell of a push', async () => {
  const pushed = await slipway(['push', join(folder, 'image.tar'), 'team-a/app:1'], local);
  expect(pushed.code).toBe(0);
  const repository = ['--repository-name', 'team-a/app'];
  expect(await json('ecr', 'describe-repositories')).toMatchObject({
    repositories: [{ repositoryName: 'team-a/app' }],
  });
  expect(await json('ecr', 'describe-images', ...repository)).toMatchObject({
    imageDetails: [{ imageDigest: layout.digest, imageTags: ['1'] }],
  });
  const layer = `sha256:${'0'.repeat(64)}`;
  expect(await json('ecr', 'batch-check-layer-availability', ...repository, '--layer-digests', layer)).toMatchObject({
    layers: [{ layerDigest: layer, layerAvailability: 'UNAVAILABLE' }],
  });

  const machine = ['--state-machine-arn', local.places.stateMachineArn];
  expect(await json('stepfunctions', 'list-state-machines')).toMatchObject({
    stateMachines: [{ stateMachineArn: local.places.stateMachineArn }],
  });
  const { executions } = await json('stepfunctions', 'list-executions', ...machine, '--status-filter', 'SUCCEEDED');
  const [{ executionArn = '' } = {}] = executions as { executionArn?: string }[];
  const execution = ['--execution-arn', executionArn];
  expect(await json('stepfunctions', 'describe-execution', ...execution)).toMatchObject({ status: 'SUCCEEDED' });
  const { events } = await json('stepfunctions', 'get-execution-history', ...execution);
  expect((events as { type: string }[]).at(-1)?.type).toBe('ExecutionSucceeded');
});

check('the password of aws ecr get-login-password opens the registry to docker-style pulls', async () => {
  const password = (await aws('ecr', 'get-login-password')).trim();
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
  const response = await fetch(`${local.places.endpoint}/v2/`, { headers: { authorization } });
  expect(response.status).toBe(200);
});

check('aws cloudformation and aws sts tell where and who one is', async () => {
  const { Stacks } = await json('cloudformation', 'describe-stacks');
  expect(Stacks).toMatchObject([{ StackName: 'SlipwayStack', StackStatus: 'CREATE_COMPLETE' }]);
  expect(JSON.stringify(Stacks)).toContain(local.places.dropBucket);
  expect(await json('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
});

const bucket = () => ['--bucket', local.places.dropBucket];
const object = (key: string) => [...bucket(), '--key', key];

async function json(...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await aws(...args, '--output', 'json'));
}

/** Runs `aws` with what `slipway local` says to export, and without any configuration of this machine. */
async function aws(...args: string[]): Promise<string> {
  const nowhere = join(folder, 'none');
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...local.env,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_PAGER: '',
  };
  const { stdout } = await promisify(execFile)('aws', args, { env });
  return stdout;
}
