import { gzipSync, zstdCompressSync } from 'node:zlib';
import { mostUnpacked, outerCompression, unpackTarball } from '../../../lambda/image/outer-compression';
import { collected, inPieces } from '../../support/byte-pieces';
import { digestOf } from '../../support/image-parts';
import { imageTarball } from '../../support/image-tarball';
import { file, tarball } from '../../support/tar-writer';
import { skippableFrame } from '../../support/zstd-frames';

const image = imageTarball({ layers: 2, size: 200_000 }).toBuffer();
const amply = { bytes: 1024 ** 3, mayGoOn: () => true };

const unpacked = (compressed: Uint8Array, limits = amply) =>
  collected(unpackTarball(outerCompression(compressed) ?? 'gzip', inPieces(compressed), limits));
const refusal = (compressed: Uint8Array, limits = amply) => unpacked(compressed, limits).then(() => 'taken', String);

test.each([
  ['gzip', gzipSync(image), 'gzip'],
  ['zstd', zstdCompressSync(image), 'zstd'],
  ['zstd behind a skippable frame', Buffer.concat([skippableFrame('x'), zstdCompressSync(image)]), 'zstd'],
  ['a plain tar', image, undefined],
  [
    'a tar whose first name begins as gzip does',
    tarball([file(Buffer.from([0x1f, 0x8b, 0x61]), 'x')]).toBuffer(),
    undefined,
  ],
  ['xz', Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'), undefined],
])('%s is told by its first bytes', (_, bytes, compression) => {
  expect(outerCompression(bytes.subarray(0, 512))).toBe(compression);
});

test.each([image, image.subarray(0, 1000), tarball([]).toBuffer()])('a tar comes out as it went in', async (tar) => {
  expect(digestOf(await unpacked(gzipSync(tar)))).toBe(digestOf(tar));
  expect(digestOf(await unpacked(zstdCompressSync(tar)))).toBe(digestOf(tar));
});

test.each([
  ['gzip inside gzip', gzipSync(gzipSync(image)), 'Unsupported: the content of the gzip data is gzip data at offset 0'],
  ['gzip inside zstd', zstdCompressSync(gzipSync(image)), 'Unsupported: the content of the zstd data is gzip data'],
  ['zstd inside gzip', gzipSync(zstdCompressSync(image)), 'Unsupported: the content of the gzip data is zstd data'],
  [
    'xz inside gzip',
    gzipSync(Buffer.from('\xfd7zXZ\0\0\x04', 'latin1')),
    'Unsupported: the content of the gzip data is xz',
  ],
  ['an HTML page', gzipSync('<!DOCTYPE html><html>'), 'NotAnArchive: the content of the gzip data is an HTML page'],
  [
    'a long text',
    zstdCompressSync('x'.repeat(100_000)),
    'NotAnArchive: the content of the zstd data does not begin with',
  ],
  ['a disk image', gzipSync(isoImage()), 'NotAnArchive: the content of the gzip data is an ISO 9660 disk image'],
  ['nothing', gzipSync(''), 'EmptyObject: the content of the gzip data has no bytes'],
  ['skippable frames alone', skippableFrame('x'), 'EmptyObject: the content of the zstd data has no bytes'],
])('%s is refused by name before anything is given', async (_, compressed, message) => {
  expect(await refusal(compressed)).toContain(message);
  const pieces = unpackTarball(outerCompression(compressed) ?? 'gzip', inPieces(compressed), amply);
  await expect(pieces.next()).rejects.toThrow(message.slice(message.indexOf(':') + 2));
});

test('a bomb stops at the limit, long before its end', async () => {
  let given = 0;
  const bomb = zstdCompressSync(tarball([file('zeros', Buffer.alloc(64 * 1024 * 1024))]).toBuffer());
  const pieces = unpackTarball('zstd', inPieces(bomb), { bytes: 1_000_000, mayGoOn: () => true });
  const reading = (async () => {
    for await (const piece of pieces) given += piece.length;
  })();
  await expect(reading).rejects.toMatchObject({
    name: 'LimitExceeded',
    message: expect.stringContaining('1000000 bytes'),
  });
  expect(given).toBeLessThanOrEqual(1_000_000);
});

test('the limit grows with the object, above one GiB and below the bound', () => {
  expect(mostUnpacked(1000, 2 ** 40)).toBe(2 ** 30);
  expect(mostUnpacked(2 ** 30, 2 ** 50)).toBe(1100 * 2 ** 30);
  expect(mostUnpacked(2 ** 40, 2 ** 41)).toBe(2 ** 41);
});

test('unpacking that would outlast the function stops by name', async () => {
  const turns = [true, true, false];
  const limits = { bytes: 1024 ** 3, mayGoOn: () => turns.shift() ?? false };
  expect(await refusal(gzipSync(Buffer.concat([image, Buffer.alloc(2_000_000)])), limits)).toMatch(
    /^LimitExceeded: \d+ bytes were unpacked when the time of the function was nearly used up/,
  );
});

function isoImage(): Buffer {
  const disk = Buffer.alloc(40_000);
  disk.write('\x01CD001', 32768, 'latin1');
  return disk;
}
