import { digestOf } from '../../support/image-parts';
import { type BuiltDescriptor, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { failureIn, imagesIn } from '../../support/read-tarball';

const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** An artifact whose config a descriptor carries, and no blob of the tarball holds. */
function artifact(more: Record<string, unknown> = {}) {
  const builder = new OciLayoutBuilder();
  const empty = builder.blob('application/vnd.oci.empty.v1+json', '{}');
  const config = { ...empty, data: base64('{}'), ...more };
  const layers = [builder.blob('application/example', 'content')];
  const root = builder.blob(MANIFEST, JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }));
  return { builder, empty, root, object: builder.tarball([root], { without: [empty.digest] }) };
}

test('a blob that a descriptor alone carries is found there', async () => {
  const { empty, object } = artifact();
  const { blobs, inlineBlobs } = await imagesIn(object);
  expect(inlineBlobs).toEqual([
    { digest: empty.digest, data: Buffer.from('{}'), entry: expect.stringContaining('blobs/') },
  ]);
  expect(blobs).toHaveLength(1);
});

test('a blob that lies in the tarball, too, is taken from there', async () => {
  const { builder, root } = artifact();
  const { blobs, inlineBlobs } = await imagesIn(builder.tarball([root]));
  expect([blobs.length, inlineBlobs.length]).toEqual([2, 0]);
});

test('a manifest that a descriptor alone carries is pushed with its very bytes', async () => {
  const builder = new OciLayoutBuilder();
  const image = builder.image();
  const bytes = builder.bytesOf(image);
  const inline: BuiltDescriptor = { ...image, data: base64(bytes) };
  const { images } = await imagesIn(builder.tarball([inline], { without: [image.digest] }));
  expect(images[0]?.manifests).toEqual([
    expect.objectContaining({ kind: 'written', digest: image.digest, body: bytes.toString(), mediaType: MANIFEST }),
  ]);
  const inIndex = await imagesIn(builder.tarball([builder.index([inline])], { without: [image.digest] }));
  expect(inIndex.images[0]?.manifests).toHaveLength(2);
});

test.each([
  ['other bytes of the same size', '[]', 'DigestMismatch'],
  ['more bytes', '{ }', 'SizeMismatch'],
])('a descriptor that carries %s than its digest says is refused', async (_, content, name) => {
  const error = await failureIn(artifact({ data: base64(content) }).object);
  expect([error.name, error.message]).toEqual([name, expect.stringContaining('config.data')]);
});

test('an inline config that is no JSON is ManifestInvalid', async () => {
  const builder = new OciLayoutBuilder();
  const content = 'not JSON';
  const mediaType = 'application/vnd.oci.image.config.v1+json';
  const config = { mediaType, digest: digestOf(content), size: content.length, data: base64(content) };
  const root = builder.image({ manifest: { config } });
  expect((await failureIn(builder.tarball([root]))).name).toBe('ManifestInvalid');
});
