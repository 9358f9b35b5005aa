import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { hexOf } from '../support/image-parts';
import { OciLayoutBuilder, ociLayout } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';
import { file } from '../support/tar-writer';

let slipway: RunningSlipway;
let narrow: RunningSlipway;
beforeAll(async () => {
  [slipway, narrow] = await Promise.all([
    RunningSlipway.start(),
    RunningSlipway.start({
      stack: { drops: [{ prefix: 'team-a/', repositories: ['team-a/*'] }] },
    }),
  ]);
});
afterAll(() => Promise.all([slipway.stop(), narrow.stop()]));

const causeOf = ({ diagnosis }: EndedPush) => diagnosis?.cause;
const count = ({ states }: EndedPush, name: string) => states.filter((state) => state === name).length;
const ecrCalls = ({ cloud }: RunningSlipway) =>
  [...cloud.ecr.sent.calls.values()].reduce((sum, calls) => sum + calls, 0);

/** Puts a tarball whose drop leads nowhere, for nothing names its image: only the request does. */
async function source(bytes: Uint8Array, key = 'incoming.tar') {
  const versionId = await slipway.put(key, bytes);
  await slipway.cloud.idle();
  return { bucket: slipway.cloud.dropBucket, key, versionId };
}

describe('StartExecution', () => {
  test('pushes to the repository and tags of the request', async () => {
    const layout = ociLayout({ seed: 1 });
    const input = {
      source: await source(layout.tarball.toBuffer()),
      repository: 'team-a/named',
      tags: ['1', 'latest'],
    };
    const push = await slipway.startExecution({ ...input, registryId: '000000000000', verify: 'before' });
    expect(push.receipt?.images).toEqual([
      { repository: 'team-a/named', tags: ['1', 'latest'], digest: layout.digest, registryId: '000000000000' },
    ]);
    const images = await slipway.images();
    expect([images['team-a/named:1'], images['team-a/named:latest']]).toEqual([layout.digest, layout.digest]);
  });

  test('without a version takes the newest one', async () => {
    await source(ociLayout({ seed: 2 }).tarball.toBuffer());
    const newest = ociLayout({ seed: 3 });
    const { versionId: _, ...unversioned } = await source(newest.tarball.toBuffer());
    const push = await slipway.startExecution({ source: unversioned, repository: 'team-a/newest', tags: ['1'] });
    expect(push.receipt?.images[0]?.digest).toBe(newest.digest);
  });

  test('of an object that is not there is SourceGone', async () => {
    const input = { source: { bucket: slipway.cloud.dropBucket, key: 'team-a/none/1.tar' } };
    expect((await slipway.startExecution(input)).diagnosis).toMatchObject({ code: 'SourceGone', retryable: false });
  });

  test.each<[string, unknown, string]>([
    ['an unknown field', { source: { bucket: 'drop', key: 'x.tar' }, platform: 'linux/arm64' }, '"platform"'],
    ['an unknown field of the source', { source: { bucket: 'drop', key: 'x.tar', region: 'us-east-1' } }, '"region"'],
    ['no source', { repository: 'team-a/app' }, 'source'],
    [
      'a registry id of eleven digits',
      { source: { bucket: 'drop', key: 'x.tar' }, registryId: '12345678901' },
      'registryId',
    ],
    ['a way to verify that there is not', { source: { bucket: 'drop', key: 'x.tar' }, verify: 'never' }, 'verify'],
    ['no object at all', ['x.tar'], 'object'],
    ['nothing', null, 'object'],
  ])('with %s is RequestInvalid', async (_, input, names) => {
    const before = ecrCalls(slipway);
    const push = await slipway.startExecution(input);
    expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'RequestInvalid', step: 'InspectTarball' } });
    expect(causeOf(push)).toContain(names);
    expect(ecrCalls(slipway)).toBe(before);
  });

  test.each<[string, object, string]>([
    ['a repository in upper case', { repository: 'Team-A/app', tags: ['1'] }, 'RequestInvalid'],
    ['a tag that ECR does not take', { repository: 'team-a/app', tags: ['-1'] }, 'TagInvalid'],
  ])('with %s fails before any call to ECR', async (_, destination, code) => {
    const input = { source: await source(ociLayout().tarball.toBuffer()), ...destination };
    const before = ecrCalls(slipway);
    expect((await slipway.startExecution(input)).diagnosis).toMatchObject({ code, step: 'InspectTarball' });
    expect(ecrCalls(slipway)).toBe(before);
  });

  test('with a registry that the deployment does not name is WrongRegistry, before anything is read', async () => {
    const input = { source: await source(ociLayout().tarball.toBuffer()), repository: 'team-a/abroad', tags: ['1'] };
    const push = await slipway.startExecution({ ...input, registryId: '111111111111' });
    expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'WrongRegistry', step: 'InspectTarball' } });
    expect(push.diagnosis?.evidence).toMatchObject({ registry: '111111111111', account: '000000000000' });
    expect(causeOf(push)).toContain('111111111111');
    expect(Object.keys(await slipway.images()).filter((name) => name.startsWith('team-a/abroad'))).toEqual([]);
  });
});

describe('keys', () => {
  test.each(['Team-A/app/1.tar', 'team-a/../app/1.tar', 'team-a//app/1.tar', 'team-a/./app/1.tar', '/app/1.tar'])(
    '%s is KeyInvalid: a key is never normalised',
    async (key) => {
      const push = await slipway.drop(key, ociLayout({ seed: 5, name: 'inside/name:1' }).tarball.toBuffer());
      expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'KeyInvalid', step: 'InspectTarball' } });
      expect(push.diagnosis?.subject).toBe(`s3://${slipway.cloud.dropBucket}/${key}`);
    },
  );

  test.each(['team-a/with space+plus/é/1.tar', 'team-a/app/ä?&=#%2F.tar'])('%s is read literally', async (key) => {
    const metadata = { 'slipway-repository': 'team-a/literal', 'slipway-tags': '1' };
    const push = await slipway.drop(key, ociLayout({ seed: 6 }).tarball.toBuffer(), metadata);
    expect(push).toMatchObject({ status: 'SUCCEEDED' });
    expect(await slipway.document(push, 'receipt')).toMatchObject({ source: { key } });
  });
});

describe('a deployment that allows team-a/* and creates nothing', () => {
  const bytes = ociLayout({ seed: 10 }).tarball.toBuffer();

  test('fails with RepositoryNotFound, a name of the drop that is near, and the command that creates it', async () => {
    for (const repositoryName of ['team-a/mising', 'other/missing']) {
      await narrow.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
    const push = await narrow.drop('team-a/missing/1.tar', bytes);
    expect(push.diagnosis).toMatchObject({ code: 'RepositoryNotFound', step: 'PrepareRepositories' });
    expect(push.diagnosis?.subject).toBe('repository team-a/missing in registry 000000000000');
    expect(push.diagnosis?.evidence).toMatchObject({ near: 'team-a/mising' });
    expect(await narrow.document(push, 'failure')).toEqual(push.diagnosis);
    expect(push.diagnosis?.remedy).toContain('aws ecr create-repository --repository-name team-a/missing');
    expect(await narrow.repositories()).not.toContain('team-a/missing');
  });

  test('diagnoses the same without the right to list repositories', async () => {
    narrow.cloud.iam.revoke('DiagnoseFailure', 'ecr:DescribeRepositories');
    const { diagnosis } = await narrow.drop('team-a/missing/2.tar', bytes);
    narrow.cloud.iam.reset();
    expect(diagnosis).toMatchObject({ code: 'RepositoryNotFound' });
    expect(diagnosis?.evidence).not.toHaveProperty('near');
  });

  test('pushes to a repository that somebody created', async () => {
    await narrow.ecr.send(new CreateRepositoryCommand({ repositoryName: 'team-a/there' }));
    expect(await narrow.drop('team-a/there/1.tar', bytes)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test.each<[string, Record<string, string>, string]>([
    ['team-b/app/1.tar', {}, 'expected a key under "team-a/"'],
    ['team-a/app/1.tar', { 'slipway-repository': 'team-b/app' }, 'team-a/*'],
    ['team-a/app/1.tar', { 'slipway-repository': 'team-a' }, 'team-a/*'],
  ])('denies %s with %j before any call to ECR', async (key, metadata, expected) => {
    const before = ecrCalls(narrow);
    const { diagnosis } = await narrow.drop(key, bytes, metadata);
    expect(diagnosis).toMatchObject({ code: 'DestinationDenied', step: 'InspectTarball', retryable: false });
    expect(diagnosis?.cause).toContain(expected);
    expect(ecrCalls(narrow)).toBe(before);
  });
});

test('a role that lacks an action is PermissionDenied until it has the statement of the evidence', async () => {
  const bytes = ociLayout({ seed: 22 }).tarball.toBuffer();
  const { iam } = slipway.cloud;
  iam.revoke('UploadSmallLayers', 'ecr:UploadLayerPart');
  const denied = await slipway.drop('team-a/denied/1.tar', bytes);
  expect(denied).toMatchObject({ status: 'FAILED', diagnosis: { code: 'PermissionDenied', step: 'UploadLayers' } });
  iam.allow('UploadSmallLayers', JSON.parse(denied.diagnosis?.evidence.statement ?? ''));
  expect(await slipway.drop('team-a/denied/1.tar', bytes)).toMatchObject({ status: 'SUCCEEDED' });
  iam.reset();
});

test('in an immutable repository the same image goes again, and another one is ImmutableTag', async () => {
  const repositoryName = 'team-a/immutable';
  await slipway.ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }));
  const layout = ociLayout({ seed: 20 });
  for (const round of ['first', 'second']) {
    const push = await slipway.drop(`${repositoryName}/1.tar`, layout.tarball.toBuffer());
    expect([round, push.status]).toEqual([round, 'SUCCEEDED']);
  }
  const other = await slipway.drop(`${repositoryName}/1.tar`, ociLayout({ seed: 21 }).tarball.toBuffer());
  expect(other).toMatchObject({ status: 'FAILED', diagnosis: { code: 'ImmutableTag', retryable: false } });
  expect((await slipway.images())[`${repositoryName}:1`]).toBe(layout.digest);
});

test('verified by ECR alone, a damaged layer is DigestMismatch after one restart, and no tag moves', async () => {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ seed: 30, size: 5_000 });
  const [layer] = (JSON.parse(builder.bytesOf(image).toString()) as { layers: [{ digest: string }] }).layers;
  const damaged = Buffer.from(builder.bytesOf(layer).map((byte, at) => (at === 2_000 ? byte ^ 1 : byte)));
  const extra = [file(`blobs/sha256/${hexOf(layer.digest)}`, damaged)];
  const bytes = builder.tarball([image], { without: [layer.digest], extra }).toBuffer();

  const input = { source: await source(bytes), repository: 'team-a/by-ecr', tags: ['1'], verify: 'by-ecr' };
  const push = await slipway.startExecution(input);
  expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'DigestMismatch', step: 'UploadLayers' } });
  expect(causeOf(push)).toContain(`in entry "blobs/sha256/${hexOf(layer.digest)}"`);
  expect(count(push, 'VerifyPack')).toBe(0);
  expect(count(push, 'SpaceOutRestarts')).toBe(1);
  expect(count(push, 'PutImage')).toBe(0);
  expect(Object.keys(await slipway.images())).not.toContain('team-a/by-ecr:1');
});
