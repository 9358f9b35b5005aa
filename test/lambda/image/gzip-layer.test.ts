import { gunzipSync } from 'node:zlib';
import { gzipBlock } from '../../../lambda/image/gzip-block';
import { type Block, gzipLayer } from '../../../lambda/image/gzip-layer';
import { digestOf } from '../../support/image-parts';
import { noise } from '../../support/tar-content';

const SIZE = 9 * 1024 * 1024 + 5;
const plain = Buffer.concat([bytesOf(100_000), Buffer.alloc(SIZE - 100_000, 'a line that compresses well\n')]);
const layer = { diffId: digestOf(plain), size: plain.length, entry: 'layer.tar', firstByte: 512 };

const oneAfterAnother = { width: 1, compress: async (block: Block) => gzipBlock(block) };

function bytesOf(size: number): Buffer {
  return Buffer.from(noise(size).slice(0, size));
}

async function* pieces(of: Buffer, size: number) {
  for (let at = 0; at < of.length; at += size) yield of.subarray(at, at + size);
}

async function collect(members: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const member of members) all.push(Uint8Array.from(member));
  return Buffer.concat(all);
}

test('a compressed layer unpacks to the layer', async () => {
  const compressed = await collect(gzipLayer(layer, pieces(plain, 1_000_000), oneAfterAnother));
  expect(compressed.length).toBeLessThan(plain.length / 10);
  expect(gunzipSync(compressed).equals(plain)).toBe(true);
});

test('the bytes depend neither on the pieces nor on how many blocks are under way, nor on which is done first', async () => {
  const alone = await collect(gzipLayer(layer, pieces(plain, 8 * 1024 * 1024), oneAfterAnother));
  let started = 0;
  const racing = {
    width: 3,
    // Every other block takes longer than the one after it.
    compress: async (block: Block) => {
      started += 1;
      for (let turns = started % 2 ? 50 : 0; turns > 0; turns -= 1) await Promise.resolve();
      return gzipBlock(block);
    },
  };
  const together = await collect(gzipLayer(layer, pieces(plain, 777_777), racing));
  expect(started).toBe(10);
  expect(together.equals(alone)).toBe(true);
});

test('the next layer is compressed in the memory of those before', async () => {
  const rooms = new Set<ArrayBuffer>();
  const watched = {
    width: 2,
    compress: async (block: Block) => {
      rooms.add(block.buffer);
      return gzipBlock(block);
    },
  };
  await collect(gzipLayer(layer, pieces(plain, 1_000_000), watched));
  const used = rooms.size;
  const whole = plain.subarray(0, 4 * 1024 * 1024);
  await collect(gzipLayer({ ...layer, diffId: digestOf(whole) }, pieces(whole, 1_000_000), watched));
  await collect(gzipLayer(layer, pieces(plain, 1_000_000), watched));
  expect(used).toBeLessThan(6);
  expect(rooms.size).toBeLessThanOrEqual(used + 1);
});

test('a layer with another diffId fails by name, with its entry and offset', async () => {
  const other = { ...layer, diffId: digestOf('another') };
  await expect(collect(gzipLayer(other, pieces(plain, 1_000_000), oneAfterAnother))).rejects.toMatchObject({
    name: 'DiffIdMismatch',
    message: expect.stringContaining('in entry "layer.tar" at offset 512'),
  });
});

test('a block that cannot be compressed fails the layer, and nothing is left unhandled', async () => {
  const failing = { width: 2, compress: () => Promise.reject(new Error('no memory')) };
  await expect(collect(gzipLayer(layer, pieces(plain, 1_000_000), failing))).rejects.toThrow('no memory');
});
