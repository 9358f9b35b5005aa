import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  PutImageCommand,
  type PutImageCommandInput,
} from '@aws-sdk/client-ecr';
import {
  bytes,
  createRepository,
  descriptor,
  failureOf,
  indexOf,
  LAYER_TYPE,
  manifestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  pushImage,
  pushLayer,
  putImage,
  sha256,
} from './image-builders';
import { ACCOUNT, type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

describe('PutImage', () => {
  let registry: Fixture;
  const config = '{"architecture":"amd64"}';
  const layer = bytes(100, 'layer');

  beforeAll(async () => {
    registry = await startRegistry();
    await createRepository(registry.client, NAME);
    for (const blob of [config, layer]) await pushLayer(registry.client, NAME, blob);
  });
  afterAll(() => registry.stop());

  const put = (input: Omit<PutImageCommandInput, 'repositoryName'>) =>
    registry.client.send(new PutImageCommand({ repositoryName: NAME, ...input }));

  it('keeps a manifest byte for byte and knows it by the digest of those bytes', async () => {
    const manifest = ` ${manifestOf(config, [layer], { annotations: { note: 'ü' } })}\n`;
    const { image } = await put({ imageManifest: manifest, imageDigest: sha256(manifest), imageTag: 'exact' });
    expect(image).toMatchObject({
      imageId: { imageDigest: sha256(manifest), imageTag: 'exact' },
      imageManifest: manifest,
    });
    const imageIds = [{ imageDigest: sha256(manifest) }, { imageTag: 'exact' }];
    const { images } = await registry.client.send(new BatchGetImageCommand({ repositoryName: NAME, imageIds }));
    expect(images?.map((found) => found.imageManifest)).toEqual([manifest, manifest]);
    expect(images?.[0]?.imageManifestMediaType).toBe(OCI_MANIFEST);
  });

  it('refuses another digest than the one it calculates', async () => {
    const imageManifest = manifestOf(config, [layer], { annotations: { test: 'digest' } });
    const error = await failureOf(put({ imageManifest, imageDigest: sha256('other') }));
    expect(error).toMatchObject({
      name: 'ImageDigestDoesNotMatchException',
      message: `The image with digest '${sha256('other')}' in repository '${NAME}' and registry ID '${ACCOUNT}' does not match the image digest that Amazon ECR has calculated.`,
    });
  });

  it('needs a media type, in the manifest or beside it', async () => {
    const imageManifest = manifestOf(config, [layer], { mediaType: undefined });
    const invalid = {
      name: 'InvalidParameterException',
      message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    };
    expect(await failureOf(put({ imageManifest }))).toMatchObject(invalid);
    expect(await failureOf(put({ imageManifest, imageManifestMediaType: 'text/plain' }))).toMatchObject(invalid);
    const { image } = await put({ imageManifest, imageManifestMediaType: OCI_MANIFEST });
    expect(image?.imageManifestMediaType).toBe(OCI_MANIFEST);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['another schema version', manifestOf(config, [layer], { schemaVersion: 3 })],
    ['no config', manifestOf(config, [layer], { config: undefined })],
    [
      'a layer without a size',
      manifestOf(config, [layer], { layers: [{ mediaType: LAYER_TYPE, digest: sha256('x') }] }),
    ],
    ['a media type with parameters', manifestOf(config, [layer], { artifactType: 'a/b;version=0.2' })],
  ])('refuses %s', async (_, imageManifest) => {
    const error = await failureOf(put({ imageManifest }));
    expect(error.message).toContain("'Invalid JSON syntax'");
  });

  it('wants at least one layer and no more than 500', async () => {
    const none = await failureOf(put({ imageManifest: manifestOf(config, []) }));
    expect(none.message).toContain(
      "'ImageManifest' failed to satisfy constraint: 'Image has to have at least 1 layer'",
    );
    const many = await failureOf(put({ imageManifest: manifestOf(config, Array(501).fill(layer)) }));
    expect(many.message).toContain("'Limit on number of layers per image exceeded'");
    const { image } = await put({ imageManifest: manifestOf(config, Array(500).fill(layer)) });
    expect(image?.imageId?.imageDigest).toMatch(/^sha256:/);
  });

  it('names the layers that are missing, the config among them, but no foreign layer', async () => {
    const foreign = descriptor('foreign', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip');
    const absent = descriptor('absent layer', LAYER_TYPE);
    const imageManifest = manifestOf('absent config', [], { layers: [foreign, descriptor(layer, LAYER_TYPE), absent] });
    expect(await failureOf(put({ imageManifest }))).toMatchObject({
      name: 'LayersNotFoundException',
      message: `Layers with digests '[${sha256('absent config')}, ${absent.digest}]' required for pushing image into repository with name '${NAME}' in the registry with id '${ACCOUNT}' do not exist`,
    });
  });

  it('wants the children of an index first', async () => {
    const child = manifestOf(config, [layer], { annotations: { test: 'child' } });
    const index = indexOf([child]);
    expect(await failureOf(put({ imageManifest: index }))).toMatchObject({
      name: 'ReferencedImagesNotFoundException',
      message: `Images with digests '[${sha256(child)}]' required for pushing image into repository with name '${NAME}' in the registry with id '${ACCOUNT}' do not exist`,
    });
    await put({ imageManifest: child });
    const { image } = await put({ imageManifest: index, imageTag: 'multi' });
    expect(image?.imageManifestMediaType).toBe(OCI_INDEX);
    const imageIds = [{ imageTag: 'multi' }, { imageDigest: sha256(child) }];
    const command = new DescribeImagesCommand({ repositoryName: NAME, imageIds });
    const sizes = (await registry.client.send(command)).imageDetails?.map((detail) => detail.imageSizeInBytes);
    expect(sizes).toEqual([layer.length + config.length, layer.length + config.length]);
  });

  it('says that the same image is there already, and adds further tags to it', async () => {
    const { manifest, digest } = await pushImage(registry.client, NAME, 'same', '1.0');
    const place = `already exists in the repository with name '${NAME}' in registry with id '${ACCOUNT}'`;
    expect(await failureOf(put({ imageManifest: manifest, imageTag: '1.0' }))).toMatchObject({
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${digest}' and tag '1.0' ${place}`,
    });
    expect((await failureOf(put({ imageManifest: manifest }))).name).toBe('ImageAlreadyExistsException');
    await put({ imageManifest: manifest, imageTag: '1.1' });
    const command = new DescribeImagesCommand({ repositoryName: NAME, imageIds: [{ imageDigest: digest }] });
    expect((await registry.client.send(command)).imageDetails?.[0]?.imageTags).toEqual(['1.0', '1.1']);
  });

  it('takes a schema 1 manifest under the digest of what was signed', async () => {
    const unsigned = JSON.stringify({ schemaVersion: 1, name: NAME, fsLayers: [{ blobSum: sha256(layer) }] });
    const formatTail = Buffer.from('}').toString('base64url');
    const claim = { formatLength: unsigned.length - 1, formatTail };
    const signature = { protected: Buffer.from(JSON.stringify(claim)).toString('base64url') };
    const signed = `${unsigned.slice(0, -1)},"signatures":[${JSON.stringify(signature)}]}`;
    const { image } = await put({ imageManifest: signed });
    expect(image?.imageId?.imageDigest).toBe(sha256(unsigned));
  });

  it.each([
    ['imageTag', { imageTag: 'with+plus' }, "must satisfy regular expression '[a-zA-Z0-9-_.]+'"],
    ['imageTag', { imageTag: 'x'.repeat(301) }, 'must have length less than or equal to 300'],
    ['imageManifest', { imageManifest: ' '.repeat(4_194_305) }, 'must have length less than or equal to 4194304'],
  ])('refuses a %s that breaks its rule', async (field, input, rule) => {
    const error = await failureOf(put({ imageManifest: manifestOf(config, [layer]), ...input }));
    expect(error).toMatchObject({
      name: 'InvalidParameterException',
      message: `Invalid parameter at '${field}' failed to satisfy constraint: '${rule}'`,
    });
  });
});

describe('the tags of a repository', () => {
  let registry: Fixture;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.stop());

  const filters = [{ filterType: 'WILDCARD' as const, filter: 'dev.*' }];
  const settings = {
    MUTABLE: { moves: ['1.0', 'dev.1', 'devX1'], stays: [] },
    IMMUTABLE: { moves: [], stays: ['1.0', 'dev.1', 'devX1'] },
    IMMUTABLE_WITH_EXCLUSION: { moves: ['dev.1'], stays: ['1.0', 'devX1'] },
    MUTABLE_WITH_EXCLUSION: { moves: ['1.0', 'devX1'], stays: ['dev.1'] },
  };

  it.each(Object.keys(settings) as (keyof typeof settings)[])('move as %s says', async (imageTagMutability) => {
    const name = imageTagMutability.toLowerCase().replaceAll('_', '-');
    const excluding = imageTagMutability.endsWith('EXCLUSION') ? { imageTagMutabilityExclusionFilters: filters } : {};
    await createRepository(registry.client, name, { imageTagMutability, ...excluding });
    const { moves, stays } = settings[imageTagMutability];
    const first = await pushImage(registry.client, name, 'first');
    const second = await pushImage(registry.client, name, 'second');
    for (const tag of [...moves, ...stays]) await putImage(registry.client, name, first.manifest, tag);
    for (const tag of moves) await putImage(registry.client, name, second.manifest, tag);
    // A tag that stays is refused for the same image as well.
    for (const manifest of [first.manifest, second.manifest]) {
      for (const tag of stays) {
        expect(await failureOf(putImage(registry.client, name, manifest, tag))).toMatchObject({
          name: 'ImageTagAlreadyExistsException',
          message: `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the repository is immutable.`,
        });
      }
    }
    const { imageDetails = [] } = await registry.client.send(new DescribeImagesCommand({ repositoryName: name }));
    expect(imageDetails.map((detail) => detail.imageTags ?? [])).toEqual([stays, moves]);
  });
});
