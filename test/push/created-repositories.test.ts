import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeRepositoriesCommand, ListTagsForResourceCommand } from '@aws-sdk/client-ecr';
import { Size, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { aws } from '../../cli/aws';
import { findDeployed } from '../../cli/deployed';
import { repositoryChecks } from '../../cli/doctor/repository-checks';
import { planOf } from '../../cli/plan/plan-push';
import { openTarball } from '../../cli/tarball/open-tarball';
import { quickApp } from '../support/apps';
import { imageTarball } from '../support/image-tarball';
import { RunningSlipway } from '../support/running-slipway';

const KEY = 'arn:aws:kms:us-east-1:000000000000:key/of-team-b';
const encryptionKey = Key.fromKeyArn(new Stack(quickApp(), 'Keys'), 'Key', KEY);

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start({
    stack: {
      largestPackedLayer: Size.bytes(10_000),
      drops: [
        {
          ...{ prefix: 'a', repositories: ['a/*', 'shared'] },
          createRepositories: { repositories: ['a/*'], immutableTags: true, tags: { team: 'a' } },
        },
        { prefix: 'b/', repositories: ['*'], createRepositories: { scanOnPush: true, encryptionKey } },
        { prefix: 'b/plain/', repositories: ['b/plain/*'], createRepositories: {} },
        { prefix: 'c/', repositories: ['a/*', 'b/*', 'c/*'] },
      ],
    },
  });
});
afterAll(() => slipway.stop());

const PLAIN = {
  imageTagMutability: 'MUTABLE',
  imageScanningConfiguration: { scanOnPush: false },
  encryptionConfiguration: { encryptionType: 'AES256' },
};

/** What a repository was created with. */
async function settingsOf(repositoryName: string) {
  const named = new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] });
  const [repository] = (await slipway.ecr.send(named)).repositories ?? [];
  const resourceArn = repository?.repositoryArn ?? '';
  const { tags = [] } = await slipway.ecr.send(new ListTagsForResourceCommand({ resourceArn }));
  const { imageTagMutability, imageScanningConfiguration, encryptionConfiguration } = repository ?? {};
  return {
    ...{ imageTagMutability, imageScanningConfiguration, encryptionConfiguration },
    tags: Object.fromEntries(tags.map(({ Key: name, Value }) => [name, Value])),
  };
}

const drop = (key: string, metadata = {}) => slipway.drop(key, imageTarball({ layers: 1 }).toBuffer(), metadata);

test.each([
  ['a/app', { ...PLAIN, imageTagMutability: 'IMMUTABLE', tags: { team: 'a' } }],
  [
    'b/app',
    {
      ...PLAIN,
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY },
      tags: {},
    },
  ],
  ['b/plain/app', { ...PLAIN, tags: {} }],
])('%s is created as the drop of its key says', async (repository, settings) => {
  expect(await drop(`${repository}/1.tar`)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await settingsOf(repository)).toEqual(settings);
});

test('a layer that has invocations of its own creates its repository alike', async () => {
  const bytes = imageTarball({ layers: 1, size: 50_000 }).toBuffer();
  expect(await slipway.drop('a/large/1.tar', bytes)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await settingsOf('a/large')).toMatchObject({ imageTagMutability: 'IMMUTABLE', tags: { team: 'a' } });
});

test('the key decides, not the repository: by way of another drop it is created as that one says', async () => {
  expect(await drop('b/1.tar', { 'slipway-repository': 'a/of-b', 'slipway-tags': '1' })).toMatchObject({
    status: 'SUCCEEDED',
  });
  expect(await settingsOf('a/of-b')).toMatchObject({ imageTagMutability: 'MUTABLE', tags: {} });
});

test.each([
  ['c/app/1.tar', {}],
  ['c/1.tar', { 'slipway-repository': 'a/of-c', 'slipway-tags': '1' }],
  ['a/1.tar', { 'slipway-repository': 'shared', 'slipway-tags': '1' }],
])('%s with %j is RepositoryNotFound, for its drop does not create it', async (key, metadata) => {
  const before = await slipway.repositories();
  const push = await drop(key, metadata);
  expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'RepositoryNotFound' } });
  expect(push.diagnosis?.remedy).toContain('aws ecr create-repository --repository-name');
  expect(await slipway.repositories()).toEqual(before);
});

describe('before a push', () => {
  const clients = () => aws(slipway.cloud.environment);
  const bytes = imageTarball({ layers: 1 }).toBuffer();

  async function planned(key: string, repository: string) {
    const deployed = await findDeployed(clients(), 'SlipwayStack');
    const path = join(slipway.dataDir, 'planned.tar');
    writeFileSync(path, bytes);
    const tarball = await openTarball(path, clients);
    const request = { source: { bucket: deployed.dropBucket, key }, repository, tags: ['1'] };
    const plan = await planOf(clients(), deployed, { tarball, key, request });
    await tarball.close();
    return { creates: plan.images[0]?.createsRepository, problems: plan.problems.map(({ code }) => code) };
  }

  test.each([
    ['a/x.tar', 'a/planned', { creates: true, problems: [] }],
    ['b/x.tar', 'b/planned', { creates: true, problems: [] }],
    ['c/x.tar', 'c/planned', { creates: false, problems: ['RepositoryNotFound'] }],
    ['a/x.tar', 'shared', { creates: false, problems: ['RepositoryNotFound'] }],
  ])('the plan of %s to %s says whether its drop creates it', async (key, repository, expected) => {
    expect(await planned(key, repository)).toEqual(expected);
  });

  test('doctor says which drops create a repository', async () => {
    const deployed = await findDeployed(clients(), 'SlipwayStack');
    const of = async (repository: string) => (await repositoryChecks(clients(), deployed, repository))[0];
    expect(await of('a/checked')).toMatchObject({
      result: 'ok',
      found: 'a/checked is missing, and a push of the drop "a" or "b/" creates it',
    });
    const onlyC = { ...deployed, drops: deployed.drops?.filter(({ prefix }) => prefix === 'c/') ?? [] };
    expect((await repositoryChecks(clients(), onlyC, 'c/checked'))[0]).toMatchObject({
      result: 'bad',
      code: 'RepositoryNotFound',
      remedy: expect.stringContaining('give its drop createRepositories'),
    });
  });
});
