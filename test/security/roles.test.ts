import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PERMISSIONS } from '../../lib/permissions';
import { reasonOf } from '../../lib/statement-reasons';
import { roleSpecs } from '../../local/deployed-roles';
import { createIam } from '../../local/iam';
import { synthesize } from '../../local/synthesize';
import { deploy } from '../../local/template';
import { describedStatements, referredTo } from '../docs/described-template';

const PLACE = { stackName: 'SlipwayStack', accountId: '000000000000', region: 'us-east-1' };
const ABROAD = '111122223333';

const folder = mkdtempSync(join(tmpdir(), 'slipway-roles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { template } = synthesize(
  PLACE.stackName,
  {
    drops: [
      { prefix: 'team-a', repositories: ['team-a/*'], createRepositories: { tags: { team: 'a' } } },
      { prefix: 'team-b', repositories: ['b/*', 'shared'], createRepositories: { repositories: ['b/*'] } },
      { prefix: 'shared/base/', repositories: ['base'] },
    ],
    registries: [ABROAD],
    page: true,
  },
  folder,
);
const deployment = deploy(template, PLACE);
const roles = roleSpecs(deployment);
const iam = createIam({ ...PLACE, roles, bucketKey: () => undefined });
const bucket = (name: string) => deployment.resources('AWS::S3::Bucket').find((one) => one.name.includes(name))?.name;
const [dropBucket = '', workBucket = ''] = [bucket('dropbucket'), bucket('workbucket')];
const functions = Object.keys(PERMISSIONS);

/** Functions whose role allows a call. */
function whoMay(service: 's3' | 'ecr', operation: string, input: Record<string, string>): string[] {
  const may = ({ accessKeyId }: { accessKeyId: string }) => !iam.judge(service, { operation, input }, accessKeyId);
  return roles.filter(may).map(({ step }) => step);
}

test('each function has a row in the table of permissions, and none is left over', () => {
  expect(roles.map(({ step }) => step).sort()).toEqual([...functions].sort());
});

test('each statement of each role is explained', () => {
  const policies = Object.values(template.Resources).filter(({ Type }) => /^AWS::IAM::(Managed)?Policy$/.test(Type));
  const all = policies.flatMap(({ Properties }) => describedStatements(Properties?.PolicyDocument));
  expect(all.length).toBeGreaterThan(80);
  expect(all.filter((statement) => reasonOf(statement) === undefined)).toEqual([]);
  expect(policies.filter(({ Properties }) => referredTo(Properties?.Roles).length === 0)).toEqual([]);
});

const SENDERS = ['UploadLayerParts', 'UploadSmallLayers'];
const ON_LAYERS = ['CheckLayerAvailability', 'CompleteLayerUpload', 'InitiateLayerUpload', 'RestartLayerUpload'];
const TARBALL_READERS = ['InspectTarball', 'PutImage', 'StageLayer', 'VerifyPack', ...SENDERS];
const PLAN_READERS = 'DiagnoseImage FindMissingLayers GetPush PrepareRepositories StageLayer WriteReceipt'.split(' ');

describe('keys of the drop bucket', () => {
  test.each(['team-a/app/1.tar', 'team-a/', 'shared/base/1.tar'])('%s is read by the steps that send it', (Key) => {
    expect(whoMay('s3', 'GetObject', { Bucket: dropBucket, Key, VersionId: 'v' }).sort()).toEqual(
      [...TARBALL_READERS].sort(),
    );
  });

  test.each([
    'team-a',
    'team-ab/app/1.tar',
    'Team-a/app/1.tar',
    'shared/1.tar',
    'shared/base',
    '/team-a/1.tar',
    '1.tar',
  ])('%s lies under no drop, and is read by nobody', (Key) => {
    const input = { Bucket: dropBucket, Key };
    expect(whoMay('s3', 'GetObject', { ...input, VersionId: 'v' })).toEqual([]);
    expect(whoMay('s3', 'GetObject', input)).toEqual([]);
    expect(whoMay('s3', 'PutObject', input)).toEqual([]);
  });

  test('are written by those alone who sign uploads, and deleted by nobody', () => {
    const input = { Bucket: dropBucket, Key: 'team-a/app/1.tar' };
    expect(whoMay('s3', 'PutObject', input)).toEqual(['PresignDrop']);
    expect(whoMay('s3', 'DeleteObject', input)).toEqual([]);
    expect(whoMay('s3', 'DeleteObject', { ...input, VersionId: 'v' })).toEqual([]);
  });
});

test.each([
  ['unpacked/x.tar', ['InspectTarball'], TARBALL_READERS],
  ['staged/gzip-5/x.tar.gz', ['StageLayer'], ['FindMissingLayers', 'StageLayer', ...SENDERS]],
  ['pushes/x/plan.json', ['InspectTarball'], PLAN_READERS],
  ['pushes/x/inline/sha256-1', ['InspectTarball'], [...SENDERS, 'VerifyPack']],
  ['pushes/x/uploads-0.json', ['FindMissingLayers'], ['GetPush', 'PutImage', 'VerifyPack', ...SENDERS, ...ON_LAYERS]],
  ['pushes/x/image-0.json', ['DiagnoseImage', 'PutImage'], ['GetPush', 'WriteReceipt']],
  ['pushes/x/receipt.json', ['WriteReceipt'], ['SendNotice']],
  ['pushes/x/failure.json', ['DiagnoseFailure', 'SendNotice', 'WriteReceipt'], ['SendNotice']],
  ['pushes/x/notice-0.json', ['SendNotice'], ['SendNotice']],
  ['pushes/x/other.json', [], []],
  ['elsewhere/x', [], []],
])(
  '%s of the work bucket is written by its makers, read by those who need it, deleted by nobody',
  (Key, writers, readers) => {
    expect(whoMay('s3', 'PutObject', { Bucket: workBucket, Key }).sort()).toEqual([...writers].sort());
    expect(whoMay('s3', 'GetObject', { Bucket: workBucket, Key }).sort()).toEqual([...readers].sort());
    expect(whoMay('s3', 'DeleteObject', { Bucket: workBucket, Key })).toEqual([]);
  },
);

describe('repositories', () => {
  const OWN = { registryId: PLACE.accountId };

  test.each([
    ['team-a/app', OWN],
    ['team-a/deep/app', OWN],
    ['base', OWN],
    ['team-a/app', { registryId: ABROAD }],
  ])('%s of %o is pushed to by the steps that push', (repositoryName, registry) => {
    const input = { repositoryName, ...registry };
    expect(whoMay('ecr', 'PutImage', input)).toEqual(['PutImage']);
    const senders = ['StageLayer', 'UploadLayerParts', 'UploadSmallLayers'];
    expect(whoMay('ecr', 'UploadLayerPart', input).sort()).toEqual(senders);
  });

  test.each([
    ['team-ab/app', OWN],
    ['team-a', OWN],
    ['base/image', OWN],
    ['team-b/app', OWN],
    ['team-a/app', { registryId: '999999999999' }],
    ['team-b/app', { registryId: ABROAD }],
  ])('%s of %o is pushed to by nobody', (repositoryName, registry) => {
    const input = { repositoryName, ...registry };
    for (const operation of ['PutImage', 'InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'])
      expect(whoMay('ecr', operation, input)).toEqual([]);
  });

  test('are created in the own account and by their names alone', () => {
    const may = (repositoryName: string, registryId: string) =>
      whoMay('ecr', 'CreateRepository', { repositoryName, registryId }).sort();
    expect(may('team-a/new', PLACE.accountId)).toEqual(['InitiateLayerUpload', 'UploadSmallLayers']);
    expect(may('b/new', PLACE.accountId)).toEqual(['InitiateLayerUpload', 'UploadSmallLayers']);
    for (const denied of ['base', 'shared', 'team-b/new']) expect(may(denied, PLACE.accountId)).toEqual([]);
    expect([may('team-a/new', ABROAD), may('b/new', ABROAD)]).toEqual([[], []]);
  });

  test('are given tags where the drop that creates them has any, and nowhere else', () => {
    const tagged = Object.values(template.Resources)
      .flatMap(({ Properties }) => describedStatements(Properties?.PolicyDocument))
      .filter(({ sid }) => sid === 'TagCreatedRepositories');
    expect(tagged).toHaveLength(2);
    for (const { resources } of tagged) expect(resources).toEqual([expect.stringMatching(/:repository\/team-a\/\*$/)]);
  });

  test.each([
    'DeleteRepository',
    'BatchDeleteImage',
    'SetRepositoryPolicy',
    'PutLifecyclePolicy',
    'PutImageTagMutability',
  ])('%s is called by nobody', (operation) => {
    expect(whoMay('ecr', operation, { repositoryName: 'team-a/app', ...OWN })).toEqual([]);
  });
});
