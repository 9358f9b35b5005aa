import { OciLayoutBuilder } from '../../support/oci-layout-builder';
import { failureIn, imagesIn } from '../../support/read-tarball';
import { file } from '../../support/tar-writer';

const digestsOf = (images: Awaited<ReturnType<typeof imagesIn>>['images']) =>
  images.map(({ manifests }) => {
    const root = manifests.at(-1);
    return root?.kind === 'verbatim' ? root.digest : root?.kind;
  });

describe('a layout whose index.json lists nothing', () => {
  test('has the image whose manifest is among its blobs', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image({ layers: 2 });
    const { images, notes } = await imagesIn(builder.tarball([]));
    expect(digestsOf(images)).toEqual([image.digest]);
    expect(notes).toEqual([expect.stringContaining('index.json lists no image')]);
  });

  test('has its index alone, and not the manifests that the index names', async () => {
    const builder = new OciLayoutBuilder();
    const children = ['linux/amd64', 'linux/arm64'].map((platform, seed) => builder.image({ platform, seed }));
    const index = builder.index(children);
    const { images } = await imagesIn(builder.tarball([]));
    expect(digestsOf(images)).toEqual([index.digest]);
    expect(images[0]?.manifests).toHaveLength(3);
  });

  test('has what refers to an image after it', async () => {
    const builder = new OciLayoutBuilder();
    const subject = builder.image();
    const signature = builder.image({ seed: 2, manifest: { subject } });
    const { images } = await imagesIn(builder.tarball([]));
    expect(digestsOf(images)).toEqual([subject.digest, signature.digest]);
    expect(images[1]?.subject).toBe(0);
  });

  test('takes no layer for a manifest that begins as one', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image();
    builder.blob('text/plain', '{"schemaVersion": 2, "manifests": [');
    expect(digestsOf((await imagesIn(builder.tarball([]))).images)).toEqual([image.digest]);
  });

  test('is refused where no blob is a manifest', async () => {
    const builder = new OciLayoutBuilder();
    builder.blob('application/json', '{"a":1}');
    const failure = await failureIn(builder.tarball([], { extra: [file('readme', 'x')] }));
    expect(failure).toMatchObject({ name: 'ManifestInvalid', message: expect.stringContaining('index.json lists no') });
  });
});
