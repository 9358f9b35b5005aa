import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { type Compression, decompress } from '../../../lambda/image/decompress';
import { collected, inPieces } from '../../support/byte-pieces';
import { digestOf } from '../../support/image-parts';
import { noise } from '../../support/tar-content';
import { checkedFrame, skippableFrame, streamedFrame } from '../../support/zstd-frames';

const one = Buffer.from(noise(300_000).slice(0, 300_000));
const two = Buffer.alloc(200_000, 'two');
const both = Buffer.concat([one, two]);

/** The digest of the content, or the error. */
async function outcome(compression: Compression, bytes: Uint8Array, length?: number): Promise<string> {
  return collected(decompress(compression, inPieces(bytes, length))).then(digestOf, String);
}

describe('gzip', () => {
  test.each([1_000_000, 64 * 1024, 1009])(
    'members that follow each other are one stream, in pieces of %d',
    async (length) => {
      const members = Buffer.concat([gzipSync(one), gzipSync(Buffer.alloc(0)), gzipSync(two)]);
      expect(await outcome('gzip', members, length)).toBe(digestOf(both));
    },
  );

  test.each([1_000_000, 64 * 1024, 1])('zeros after the last member are padding, in pieces of %d', async (length) => {
    const padded = Buffer.concat([gzipSync(two), Buffer.alloc(10_240)]);
    expect(await outcome('gzip', padded, length)).toBe(digestOf(two));
  });

  test('other bytes after the last member are refused: they may be a damaged one', async () => {
    const member = gzipSync(two);
    const text = await outcome('gzip', Buffer.concat([member, Buffer.from('more')]));
    expect(text).toMatch(/^OuterCorrupt: the gzip data cannot be decompressed: incorrect header check/);
  });

  test.each([1_000_000, 100])(
    'bytes behind the padding are refused with their offset, in pieces of %d',
    async (length) => {
      const member = gzipSync(two);
      const hidden = Buffer.concat([member, Buffer.alloc(1000), gzipSync(one)]);
      expect(await outcome('gzip', hidden, length)).toContain(
        `OuterCorrupt: bytes follow the padding after the gzip data at offset ${member.length + 1000};`,
      );
    },
  );

  test.each([1, 9, 1000, 250_000])('a stream that lacks its last %d bytes ends early', async (missing) => {
    expect(await outcome('gzip', gzipSync(one).subarray(0, -missing))).toMatch(
      /^OuterCorrupt: the gzip data ends early/,
    );
  });

  test('a wrong checksum is found', async () => {
    const damaged = gzipSync(one);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 8) ^ 1, damaged.length - 8);
    expect(await outcome('gzip', damaged)).toMatch(
      /^OuterCorrupt: the gzip data cannot be decompressed: incorrect data check/,
    );
  });
});

describe('zstd', () => {
  test.each([1_000_000, 64 * 1024, 1009, 13])(
    'frames and skippable frames in any order, in pieces of %d',
    async (length) => {
      const frames = [
        skippableFrame('index'),
        zstdCompressSync(one),
        skippableFrame(''),
        zstdCompressSync(Buffer.alloc(0)),
        checkedFrame(two),
        skippableFrame(Buffer.alloc(5000, '(')),
      ];
      expect(await outcome('zstd', Buffer.concat(frames), length)).toBe(digestOf(both));
    },
  );

  test('any contents in any pieces come out whole', async () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.nat(300_000).map((size) => new Uint8Array(size)),
    );
    const frame = fc.tuple(content, fc.constantFrom('plain', 'checked', 'skippable'));
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 6 }), fc.integer({ min: 1, max: 3000 }), async (frames, length) => {
        const stored = frames.map(([bytes, kind]) =>
          kind === 'plain' ? zstdCompressSync(bytes) : kind === 'checked' ? checkedFrame(bytes) : skippableFrame(bytes),
        );
        const wanted = Buffer.concat(frames.flatMap(([bytes, kind]) => (kind === 'skippable' ? [] : [bytes])));
        expect(await outcome('zstd', Buffer.concat(stored), length)).toBe(digestOf(wanted));
      }),
      { numRuns: 60 },
    );
  });

  test('a window of 128 MiB is taken, and one above is a LimitExceeded', async () => {
    expect(await outcome('zstd', await streamedFrame(two, 27))).toBe(digestOf(two));
    const text = await outcome('zstd', Buffer.concat([checkedFrame(one), await streamedFrame(two, 28)]));
    expect(text).toContain(
      `LimitExceeded: the zstd data needs a window of ${2 ** 28} bytes at offset ${checkedFrame(one).length};`,
    );
  });

  test.each([1, 3, 5, 1000, 100_000])(
    'a stream that lacks its last %d bytes ends inside its frame',
    async (missing) => {
      const frames = Buffer.concat([checkedFrame(two), checkedFrame(one)]);
      expect(await outcome('zstd', frames.subarray(0, -missing))).toContain(
        `OuterCorrupt: the zstd data ends inside the frame that begins at offset ${checkedFrame(two).length} at offset`,
      );
    },
  );

  test('what follows a frame and is none is refused with its offset, zeros too', async () => {
    const frame = zstdCompressSync(two);
    for (const trailing of ['more than a magic number', '\0\0\0\0']) {
      expect(await outcome('zstd', Buffer.concat([frame, Buffer.from(trailing)]))).toContain(
        `OuterCorrupt: no zstd frame begins at offset ${frame.length};`,
      );
    }
  });

  test('a wrong checksum is found', async () => {
    const damaged = checkedFrame(two);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    expect(await outcome('zstd', damaged)).toMatch(/^OuterCorrupt: the zstd data cannot be decompressed: .*checksum/);
  });

  test('a frame that needs a dictionary is Unsupported', async () => {
    const frame = zstdCompressSync(two);
    frame.writeUInt8(frame.readUInt8(4) | 1, 4);
    const dictionary = Buffer.concat([frame.subarray(0, 5), Buffer.from([7]), frame.subarray(5)]);
    expect(await outcome('zstd', dictionary)).toMatch(/^Unsupported: the zstd data was compressed with a dictionary/);
  });
});

test.each(['gzip', 'zstd'] as const)('%s: any bytes end in content or in an error with a name', async (compression) => {
  const magic = compression === 'gzip' ? [0x1f, 0x8b, 8] : [0x28, 0xb5, 0x2f, 0xfd];
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 50 }), async (rest, length) => {
      const result = await outcome(compression, Uint8Array.from([...magic, ...rest]), length);
      if (!result.startsWith('sha256:'))
        expect(result).toMatch(/^(OuterCorrupt|LimitExceeded|Unsupported): .* Remedy: /);
    }),
    { numRuns: 200 },
  );
});

test.each(['gzip', 'zstd'] as const)(
  '%s: an error of the source comes out as it is, and the source is closed',
  async (name) => {
    const stored = name === 'gzip' ? gzipSync(one) : zstdCompressSync(one);
    let isClosed = false;
    async function* failing() {
      try {
        yield stored.subarray(0, 1000);
        throw new RangeError('the network is gone');
      } finally {
        isClosed = true;
      }
    }
    await expect(collected(decompress(name, failing()))).rejects.toThrow(new RangeError('the network is gone'));
    expect(isClosed).toBe(true);
  },
);

test.each(['gzip', 'zstd'] as const)('%s: a reader that stops early closes the source', async (name) => {
  const stored = name === 'gzip' ? gzipSync(both) : zstdCompressSync(both);
  let isClosed = false;
  async function* source() {
    try {
      yield* inPieces(stored, 1000);
    } finally {
      isClosed = true;
    }
  }
  for await (const piece of decompress(name, source())) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  expect(isClosed).toBe(true);
});
