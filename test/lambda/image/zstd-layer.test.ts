import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { decompress } from '../../../lambda/image/decompress';
import { zstdLayer } from '../../../lambda/image/zstd-layer';
import { collected, inPieces } from '../../support/byte-pieces';
import { digestOf, layerOf } from '../../support/image-parts';

const { plain, diffId } = layerOf({ size: 600_000 });
const layer = { diffId, size: plain.length, entry: 'abc/layer.tar', firstByte: 512 };

const compressed = (content: Uint8Array, length?: number) =>
  collected(zstdLayer({ ...layer, diffId: digestOf(content), size: content.length }, inPieces(content, length)));

test('a layer becomes zstd data that unpacks to it', async () => {
  const packed = await compressed(plain);
  expect(packed.readUInt32LE()).toBe(0xfd2fb528);
  expect(digestOf(zstdDecompressSync(packed))).toBe(diffId);
  expect(digestOf(await collected(decompress('zstd', inPieces(packed))))).toBe(diffId);
});

test.each([512, 4096, 64 * 1024, 200_001, 10_000_000])('pieces of %d bytes give the same bytes', async (length) => {
  expect(digestOf(await compressed(plain, length))).toBe(digestOf(await compressed(plain, 131_072)));
});

test('any content is the same in one piece and in many', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 700 }), async (content, length) => {
      const packed = await compressed(content, length);
      expect(packed).toEqual(await compressed(content, content.length + 1));
      expect(Buffer.from(content)).toEqual(zstdDecompressSync(packed));
    }),
    { numRuns: 50 },
  );
});

test('a layer that is not the one its config lists is DiffIdMismatch, with its entry', async () => {
  const other = layerOf({ seed: 2, size: 600_000 }).plain;
  await expect(collected(zstdLayer(layer, inPieces(other)))).rejects.toMatchObject({
    name: 'DiffIdMismatch',
    message: expect.stringContaining(`has diffId ${digestOf(other)} in entry "abc/layer.tar" at offset 512`),
  });
});

test('an error of the source comes out as it is', async () => {
  const failing = (async function* () {
    yield plain.subarray(0, 1000);
    throw new RangeError('the source is gone');
  })();
  await expect(collected(zstdLayer(layer, failing))).rejects.toThrow(new RangeError('the source is gone'));
});
