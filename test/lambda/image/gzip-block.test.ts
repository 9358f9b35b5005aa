import { gunzipSync } from 'node:zlib';
import { gzipBlock } from '../../../lambda/image/gzip-block';
import { BLOCK_ROOM, BLOCK_SIZE } from '../../../lambda/image/gzip-layer';
import { digestOf } from '../../support/image-parts';
import { noise } from '../../support/tar-content';

const random = Buffer.from(noise(BLOCK_SIZE).slice(0, BLOCK_SIZE));
// Some of everything that deflate looks for: nothing twice, the same again near and far, and a run of one byte.
const mixed = Buffer.concat([
  random.subarray(0, 100_000),
  Buffer.alloc(300_000, 'a line that compresses well\n'),
  random.subarray(0, 100_000).map((byte) => byte & 15),
  random.subarray(80_000, 110_000),
  Buffer.alloc(BLOCK_SIZE - 530_000),
]);

/** What becomes of a block. */
function gzipped(content: Uint8Array): Buffer {
  const block = new Uint8Array(new ArrayBuffer(BLOCK_ROOM), 0, content.length);
  block.set(content);
  return Buffer.from(gzipBlock(block));
}

test.each([
  ['one byte', mixed.subarray(0, 1)],
  ['a block of zeros', Buffer.alloc(BLOCK_SIZE)],
  ['a block that does not compress', random],
  ['the rest of a layer that does not compress', random.subarray(0, 700_001)],
  ['noise that is the same again and again', Buffer.alloc(BLOCK_SIZE, random.subarray(0, 20_000))],
  ['a block of everything', mixed],
])('%s unpacks to itself, and again after another', (_, block) => {
  const member = gzipped(block);
  expect(gunzipSync(member).equals(block)).toBe(true);
  expect(member.length).toBeLessThanOrEqual(block.length * 1.001 + 32);
  gzipped(random.subarray(0, 1000));
  expect(gzipped(block).equals(member)).toBe(true);
});

test('what was compressed before is stored, and what only looks so is not', () => {
  // 17 heads of five bytes, for pieces of 65,535 bytes, and what makes it a member.
  expect(gzipped(random).length).toBe(BLOCK_SIZE + 17 * 5 + 18);
  expect(gzipped(Buffer.alloc(BLOCK_SIZE, random.subarray(0, 20_000))).length).toBeLessThan(40_000);
  const text = Buffer.from(random.toString('base64').slice(0, BLOCK_SIZE));
  expect(gzipped(text).length).toBeLessThan(BLOCK_SIZE * 0.8);
});

// Layers that were staged before stand in registries under these bytes: who changes them gives the recipe another name.
test('the bytes of a block are what they are on every machine, and have been', () => {
  expect(gzipped(mixed).subarray(0, 10)).toEqual(Buffer.of(31, 139, 8, 0, 0, 0, 0, 0, 4, 255));
  expect(digestOf(gzipped(mixed))).toBe('sha256:3b35ae8a27724ea1da8bc2d10ec1b343a1862b29c5ecdfb3eb88eba4e3774595');
});
