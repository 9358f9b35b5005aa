import { gzipSync, zstdCompressSync } from 'node:zlib';
import { verifyContent, verifyDigest } from '../../../lambda/upload/verify-layer';
import { inPieces } from '../../support/byte-pieces';
import { digestOf, layerOf } from '../../support/image-parts';
import { skippableFrame, streamedFrame } from '../../support/zstd-frames';

const { plain, diffId } = layerOf({ size: 100_000 });
const object = { bucket: 'drop', key: 'app/1.tar', etag: '"e"', size: 1e6 };
const place = { repository: 'app', entry: 'blobs/one', firstByte: 1024, from: object, verify: 'first' as const };

/** How the layer is found with these bytes: `right`, or the error. */
async function verdict(stored: Uint8Array, { digest = digestOf(stored), diffIds = [diffId], length = 4096 } = {}) {
  const layer = { ...place, digest, size: stored.length, diffIds };
  return verifyContent(layer, inPieces(stored, length)).then(() => 'right', String);
}

test.each(['none', 'gzip', 'zstd'] as const)(
  'a layer of compression %s with its diffId is right',
  async (compression) => {
    const { stored } = layerOf({ size: 100_000, compression });
    for (const length of [100, 4096, 1e6]) expect(await verdict(stored, { length })).toBe('right');
  },
);

test('a layer is the one that its digest names, or its place is told', () => {
  const layer = { ...place, digest: digestOf('one'), size: 3 };
  expect(() => verifyDigest(layer, digestOf('one'))).not.toThrow();
  expect(() => verifyDigest(layer, digestOf('two'))).toThrow('in entry "blobs/one" at offset 1024; expected');
});

test('members and frames that follow each other are one layer', async () => {
  const members = [gzipSync(plain.subarray(0, 5000)), gzipSync(plain.subarray(5000)), gzipSync('')];
  expect(await verdict(Buffer.concat(members))).toBe('right');
  const { stored } = layerOf({ size: 100_000, compression: 'zstd' });
  expect(await verdict(Buffer.concat([skippableFrame('toc'), stored, skippableFrame('footer')]))).toBe('right');
});

test.each(['none', 'gzip', 'zstd'] as const)(
  'the content of another diffId is found, compression %s',
  async (compression) => {
    const { stored, diffId: found } = layerOf({ seed: 2, compression });
    expect(await verdict(stored)).toMatch(
      `DiffIdMismatch: the layer has diffId ${found} in entry "blobs/one" at offset 1024; expected ${diffId}`,
    );
  },
);

test('one of two configs that contradict each other is wrong', async () => {
  const another = digestOf('another');
  expect(await verdict(gzipSync(plain), { diffIds: [diffId, another] })).toContain(`expected ${another}`);
});

test('what cannot be decompressed is LayerCorrupt, with the offset in the tarball', async () => {
  const cut = gzipSync(plain).subarray(0, -9);
  expect(await verdict(cut)).toMatch(
    `LayerCorrupt: the gzip data ends early in entry "blobs/one" at offset ${1024 + cut.length};`,
  );
  const { stored } = layerOf({ size: 100_000, compression: 'zstd' });
  expect(await verdict(stored.subarray(0, -9))).toMatch(/^LayerCorrupt: the zstd data ends inside the frame/);
  expect(await verdict(Buffer.concat([gzipSync(plain), Buffer.from('junk')]))).toMatch(/^LayerCorrupt: /);
});

test('damaged bytes are DigestMismatch, whatever else is wrong with them', async () => {
  const stored = gzipSync(plain);
  const damaged = Buffer.from(stored).fill(0xff, 20, 60);
  for (const length of [64, 1e6]) {
    expect(await verdict(damaged, { digest: digestOf(stored), length })).toMatch(
      `DigestMismatch: the bytes have digest ${digestOf(damaged)} in entry "blobs/one"`,
    );
  }
});

test('a window that is too large is LimitExceeded, and the remedy is one for layers', async () => {
  const text = await verdict(await streamedFrame(plain, 28));
  expect(text).toMatch(/^LimitExceeded: the zstd data needs a window of 268435456 bytes in entry "blobs\/one"/);
  expect(text).toContain('Compress the layer');
});

test('a bomb stops at its limit', async () => {
  const frame = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
  const text = await verdict(Buffer.concat(Array.from({ length: 17 }, () => frame)));
  expect(text).toMatch(/^LimitExceeded: the layer unpacks to more than it may in entry "blobs\/one"/);
  expect(text).toContain('at most 1073741824 bytes');
});

test('an error of the source comes out as it is', async () => {
  const stored = gzipSync(plain);
  const failing = (async function* () {
    yield stored.subarray(0, 2000);
    throw new RangeError('the source is gone');
  })();
  const layer = { ...place, digest: digestOf(stored), size: stored.length, diffIds: [diffId] };
  await expect(verifyContent(layer, failing)).rejects.toThrow(new RangeError('the source is gone'));
});
