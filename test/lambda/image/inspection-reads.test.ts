import { gzipSync } from 'node:zlib';
import { readImages } from '../../../lambda/image/read-images';
import { indexTar } from '../../../lambda/tar/index-tar';
import { configOf, digestOf, hexOf } from '../../support/image-parts';
import { OciLayoutBuilder } from '../../support/oci-layout-builder';
import { countingReader, rangedReaderOf } from '../../support/ranged-readers';
import { noise, type TarContent } from '../../support/tar-content';
import { directory, file, symlink, type Tarball, tarball } from '../../support/tar-writer';

const MIB = 1024 ** 2;
const LAYERS = 20;
const LAYER_SIZE = 512 * MIB;
const numbers = Array.from({ length: LAYERS }, (_, at) => at);
// The bytes are never read, so any digest will do.
const digests = numbers.map((at) => digestOf(`layer ${at}`));

test('the images of a docker archive of 10 GiB are found by reading less than 1 MiB', async () => {
  const config = configOf(digests);
  const names = numbers.map((at) => `${at}/layer.tar`);
  const members = numbers.flatMap((at) => [
    directory(`${at}`),
    file(`${at}/VERSION`, '1.0'),
    file(`${at}/json`, 'x'.repeat(1500)),
    file(`${at}/layer.tar`, beginningWith(tarball([file('a', noise(4096, at + 1))]).toBuffer())),
  ]);
  const name = `${hexOf(digestOf(config))}.json`;
  const list = JSON.stringify([{ Config: name, RepoTags: ['app:1'], Layers: names }]);
  const { plainLayers, images } = await inspected(
    tarball([
      ...members,
      symlink('again/layer.tar', '../0/layer.tar'),
      file(name, config),
      file('manifest.json', list),
    ]),
  );
  expect(images).toHaveLength(1);
  expect(plainLayers.map(({ size }) => size)).toEqual(numbers.map(() => LAYER_SIZE));
});

test('the images of an OCI layout of 10 GiB are found by reading less than 1 MiB', async () => {
  const builder = new OciLayoutBuilder();
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const layers = digests.map((digest) => ({ mediaType, digest, size: LAYER_SIZE }));
  const image = builder.image({ layers: [], diffIds: digests, moreLayers: layers });
  const blobs = digests.map((digest) => file(`blobs/sha256/${hexOf(digest)}`, beginningWith(gzipSync('layer'))));
  const { blobs: found, images } = await inspected(tarball([...blobs, ...builder.members([image])]));
  expect(images[0]?.manifests).toMatchObject([{ kind: 'verbatim', digest: image.digest }]);
  expect(found.filter(({ size }) => size === LAYER_SIZE)).toHaveLength(LAYERS);
});

async function inspected(object: Tarball) {
  expect(object.size).toBeGreaterThan(10 * 1024 * MIB);
  const reader = countingReader(rangedReaderOf(object));
  const found = await readImages(reader, await indexTar(reader));
  expect(reader.bytes).toBeLessThan(MIB);
  return found;
}

/** Half a GiB that nobody holds: `head`, then zeros. */
function beginningWith(head: Buffer): TarContent {
  return {
    size: LAYER_SIZE,
    slice: (firstByte, length) => {
      const bytes = Buffer.alloc(length);
      bytes.set(head.subarray(firstByte, firstByte + length));
      return bytes;
    },
  };
}
