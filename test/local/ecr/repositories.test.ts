import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  InitiateLayerUploadCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr';
import { bytes, createRepository, failureOf, initiate, pushImage, sendPart } from './image-builders';
import { ACCOUNT, type Fixture, REGION, startRegistry } from './registry-fixture';

const OTHER_ACCOUNT = '210987654321';

describe('repositories', () => {
  let registry: Fixture;
  beforeEach(async () => {
    registry = await startRegistry({ now: () => Date.parse('2026-01-02T03:04:05.678Z') });
  });
  afterEach(() => registry.stop());

  it('are described as they were created', async () => {
    await createRepository(registry.client, 'team-a/app', {
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    const { repositories } = await registry.client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toEqual([
      {
        repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team-a/app`,
        registryId: ACCOUNT,
        repositoryName: 'team-a/app',
        repositoryUri: `${new URL(registry.origin).host}/team-a/app`,
        createdAt: new Date('2026-01-02T03:04:05.678Z'),
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'AES256' },
      },
    ]);
  });

  it('are listed with their tags, by their ARN', async () => {
    await createRepository(registry.client, 'team-a/tagged', { tags: [{ Key: 'team', Value: 'a' }] });
    await createRepository(registry.client, 'team-a/plain');
    const tags = async (name: string, region = REGION) => {
      const resourceArn = `arn:aws:ecr:${region}:${ACCOUNT}:repository/${name}`;
      return (await registry.client.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    };
    expect(await tags('team-a/tagged')).toEqual([{ Key: 'team', Value: 'a' }]);
    expect(await tags('team-a/plain')).toEqual([]);
    expect((await failureOf(tags('team-a/none'))).name).toBe('RepositoryNotFoundException');
    expect((await failureOf(tags('team-a/tagged', 'eu-west-3'))).name).toBe('InvalidParameterException');
  });

  it('exist once', async () => {
    await createRepository(registry.client, 'once');
    expect(await failureOf(createRepository(registry.client, 'once'))).toMatchObject({
      name: 'RepositoryAlreadyExistsException',
      message: `The repository with name 'once' already exists in the registry with id '${ACCOUNT}'`,
    });
  });

  it('are listed in order of their names, page by page', async () => {
    for (const name of ['cc', 'aa', 'bb']) await createRepository(registry.client, name);
    const first = await registry.client.send(new DescribeRepositoriesCommand({ maxResults: 2 }));
    expect(first.repositories?.map((repository) => repository.repositoryName)).toEqual(['aa', 'bb']);
    const rest = await registry.client.send(new DescribeRepositoriesCommand({ nextToken: first.nextToken }));
    expect(rest.repositories?.map((repository) => repository.repositoryName)).toEqual(['cc']);
    const forged = failureOf(registry.client.send(new DescribeRepositoriesCommand({ nextToken: 'forged' })));
    expect((await forged).name).toBe('InvalidParameterException');
    const many = failureOf(registry.client.send(new DescribeRepositoriesCommand({ maxResults: 1001 })));
    expect((await many).message).toBe(
      "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'",
    );
  });

  it('are not found by a name that is not there, or in the registry of another account', async () => {
    await createRepository(registry.client, 'mine');
    const absent = failureOf(registry.client.send(new DescribeRepositoriesCommand({ repositoryNames: ['absent'] })));
    expect(await absent).toMatchObject({
      name: 'RepositoryNotFoundException',
      message: `The repository with name 'absent' does not exist in the registry with id '${ACCOUNT}'`,
    });
    const there = { repositoryName: 'mine', registryId: OTHER_ACCOUNT };
    const foreign = failureOf(registry.client.send(new InitiateLayerUploadCommand(there)));
    expect((await foreign).message).toContain(`the registry with id '${OTHER_ACCOUNT}'`);
    const create = failureOf(registry.client.send(new CreateRepositoryCommand(there)));
    expect((await create).name).toBe('AccessDeniedException');
  });

  it.each(['a', 'UPPER', 'double..dot', 'slash/', '/slash', 'a'.repeat(257)])('are not named %p', async (name) => {
    const error = await failureOf(createRepository(registry.client, name));
    expect(error.name).toBe('InvalidParameterException');
    expect(error.message).toContain("Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must ");
  });

  it.each(['a1', 'a/b/c', 'a.b_c__d-e---f/g'])('may be named %p', async (name) => {
    await createRepository(registry.client, name);
    const { imageIds } = await registry.client.send(new ListImagesCommand({ repositoryName: name }));
    expect(imageIds).toEqual([]);
  });

  it('are deleted with their uploads, those with images only by force', async () => {
    await createRepository(registry.client, 'full');
    await pushImage(registry.client, 'full', 'image', '1.0');
    const uploadId = await initiate(registry.client, 'full');
    const refused = await failureOf(registry.client.send(new DeleteRepositoryCommand({ repositoryName: 'full' })));
    expect(refused.name).toBe('RepositoryNotEmptyException');
    await registry.client.send(new DeleteRepositoryCommand({ repositoryName: 'full', force: true }));
    await registry.restart();
    await createRepository(registry.client, 'full');
    const { imageIds } = await registry.client.send(new ListImagesCommand({ repositoryName: 'full' }));
    expect(imageIds).toEqual([]);
    const part = await failureOf(sendPart(registry.client, 'full', uploadId, 0, bytes(1)));
    expect(part.name).toBe('UploadNotFoundException');
  });

  it.each([
    ['InvalidParameterException', { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const }],
    ['InvalidParameterException', { encryptionConfiguration: { encryptionType: 'ROT13' as 'KMS' } }],
    ['TooManyTagsException', { tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }],
    ['InvalidTagParameterException', { tags: [{ Key: 'aws:reserved', Value: '' }] }],
  ])('are refused with %s for settings that cannot be', async (name, settings) => {
    expect((await failureOf(createRepository(registry.client, 'refused', settings))).name).toBe(name);
  });
});
