import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ImageIdentifier,
  ListImagesCommand,
} from '@aws-sdk/client-ecr';
import { createRepository, failureOf, indexOf, pushImage, putImage, sha256 } from './image-builders';
import { ACCOUNT, type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';
type Pushed = Awaited<ReturnType<typeof pushImage>>;

describe('the images of a repository', () => {
  let registry: Fixture;
  let tagged: Pushed;
  let untagged: Pushed;

  beforeEach(async () => {
    registry = await startRegistry();
    await createRepository(registry.client, NAME);
    tagged = await pushImage(registry.client, NAME, 'tagged', 'a');
    await putImage(registry.client, NAME, tagged.manifest, 'b');
    untagged = await pushImage(registry.client, NAME, 'untagged');
  });
  afterEach(() => registry.stop());

  const remove = (...imageIds: ImageIdentifier[]) =>
    registry.client.send(new BatchDeleteImageCommand({ repositoryName: NAME, imageIds }));
  const list = async () => (await registry.client.send(new ListImagesCommand({ repositoryName: NAME }))).imageIds ?? [];

  it('are got by tag and digest, each failure with its reason', async () => {
    const imageIds = [
      { imageTag: 'a' },
      { imageTag: 'a', imageDigest: tagged.digest },
      { imageTag: 'a', imageDigest: untagged.digest },
      { imageTag: 'absent' },
      { imageDigest: 'nonsense' },
      { imageTag: 'not+legal' },
      {},
    ];
    const command = new BatchGetImageCommand({ repositoryName: NAME, imageIds });
    const { images, failures } = await registry.client.send(command);
    expect(images?.map((image) => image.imageId)).toEqual(Array(2).fill({ imageTag: 'a', imageDigest: tagged.digest }));
    expect(failures?.map((failure) => failure.failureCode)).toEqual([
      'ImageTagDoesNotMatchDigest',
      'ImageNotFound',
      'InvalidImageDigest',
      'InvalidImageTag',
      'MissingDigestAndTag',
    ]);
  });

  it('are described and listed by tag status, page by page', async () => {
    const filter = { tagStatus: 'UNTAGGED' as const };
    const described = await registry.client.send(new DescribeImagesCommand({ repositoryName: NAME, filter }));
    expect(described.imageDetails?.map((detail) => detail.imageDigest)).toEqual([untagged.digest]);
    const maxResults = 2;
    const first = await registry.client.send(new ListImagesCommand({ repositoryName: NAME, maxResults }));
    expect(first.imageIds?.map((id) => id.imageTag)).toEqual(['a', 'b']);
    const { nextToken } = first;
    const second = await registry.client.send(new ListImagesCommand({ repositoryName: NAME, maxResults, nextToken }));
    expect(second.imageIds).toEqual([{ imageDigest: untagged.digest }]);
    expect(second.nextToken).toBeUndefined();
    const archived = { imageStatus: 'ARCHIVED' as const };
    const none = await registry.client.send(new ListImagesCommand({ repositoryName: NAME, filter: archived }));
    expect(none.imageIds).toEqual([]);
  });

  it('are described by name or not at all', async () => {
    const imageIds = [{ imageTag: 'absent' }];
    const command = new DescribeImagesCommand({ repositoryName: NAME, imageIds });
    expect(await failureOf(registry.client.send(command))).toMatchObject({
      name: 'ImageNotFoundException',
      message: `The image with imageId {imageDigest:'null', imageTag:'absent'} does not exist within the repository with name '${NAME}' in the registry with id '${ACCOUNT}'`,
    });
  });

  it('lose one tag, then with the last tag themselves', async () => {
    await remove({ imageTag: 'a' });
    expect(await list()).toContainEqual({ imageDigest: tagged.digest, imageTag: 'b' });
    await remove({ imageTag: 'b' });
    expect(await list()).toEqual([{ imageDigest: untagged.digest }]);
    await registry.restart();
    expect(await list()).toEqual([{ imageDigest: untagged.digest }]);
  });

  it('go with all their tags when deleted by digest, and leave layers that no image names', async () => {
    const { imageIds } = await remove({ imageDigest: tagged.digest });
    expect(imageIds).toEqual(['a', 'b'].map((imageTag) => ({ imageDigest: tagged.digest, imageTag })));
    const collected = await registry.ecr.collectUnreferencedLayers(NAME);
    expect(collected.sort()).toEqual([sha256(tagged.layer), sha256(tagged.config)].sort());
  });

  it('stay while an index names them', async () => {
    await putImage(registry.client, NAME, indexOf([untagged.manifest]), 'multi');
    const { failures } = await remove({ imageDigest: untagged.digest });
    expect(failures?.map((failure) => failure.failureCode)).toEqual(['ImageReferencedByManifestList']);
    await remove({ imageTag: 'multi' });
    expect((await remove({ imageDigest: untagged.digest })).failures).toEqual([]);
  });
});
