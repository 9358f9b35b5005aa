import fc from 'fast-check';
import { SlipwayError } from '../../../lambda/contract/errors';
import { indexTar } from '../../../lambda/tar/index-tar';
import { readEntry } from '../../../lambda/tar/read-entry';
import type { TarEntry } from '../../../lambda/tar/tar-index';
import { countingReader, rangedReaderOf } from '../../support/ranged-readers';
import { directory, file, hardlink, symlink, type TarMember, tarball } from '../../support/tar-writer';

type Written = Pick<TarEntry, 'name' | 'type' | 'linkName'> & { content: Buffer; member: TarMember };

const segment = fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', '_', '.', ':', ' ', 'ü', '层'), minLength: 1 });
const safeSegment = segment.filter((text) => text !== '.' && text !== '..');
const name = fc.array(safeSegment, { minLength: 1, maxLength: 12 }).map((segments) => segments.join('/'));
const format = fc.constantFrom('pax', 'gnu');
const sizeAs = fc.constantFrom('octal', 'base-256', 'pax');
const content = fc.uint8Array({ maxLength: 1500 }).map((bytes) => Buffer.from(bytes));
const none = Buffer.alloc(0);

const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({ name, content, format, sizeAs, dot: fc.boolean() }).map(({ dot, ...options }) => ({
    ...options,
    type: 'file' as const,
    member: file(`${dot ? './' : ''}${options.name}`, options.content, options),
  })),
  fc.record({ name, format }).map((options) => ({
    ...options,
    type: 'directory' as const,
    content: none,
    member: directory(options.name, options),
  })),
  fc.record({ name, linkName: name, format, isSoft: fc.boolean() }).map(({ isSoft, ...options }) => ({
    ...options,
    type: isSoft ? ('symlink' as const) : ('hardlink' as const),
    content: none,
    member: (isSoft ? symlink : hardlink)(options.name, options.linkName, options),
  })),
);
const archive = fc.array(written, { minLength: 1, maxLength: 12 });
const ending = fc.record({ endBlocks: fc.nat(3), recordSize: fc.constantFrom(512, 10240) });

/** Indexes and resolves all; only a SlipwayError may come of it, with no more than a few reads per header. */
async function expectIndexOrTypedError(object: Uint8Array): Promise<void> {
  const reader = countingReader(rangedReaderOf(object));
  const attempt = async () => {
    const { entries, resolve } = await indexTar(reader);
    for (const entry of entries) {
      expect(entry.firstByte + entry.size).toBeLessThanOrEqual(object.length);
      try {
        resolve(entry);
      } catch (error) {
        expect(error).toMatchObject({ name: 'LinkInvalid' });
      }
    }
  };
  await attempt().catch((error: unknown) => {
    if (!(error instanceof SlipwayError)) throw error;
    expect(error.message).toMatch(/ at offset \d+.* Remedy: ./);
  });
  expect(reader.reads).toBeLessThanOrEqual(3 + object.length / 256);
}

test('a valid archive is indexed to exactly what was written', async () => {
  await fc.assert(
    fc.asyncProperty(archive, ending, async (members, options) => {
      const reader = rangedReaderOf(
        tarball(
          members.map(({ member }) => member),
          options,
        ),
      );
      const { entries } = await indexTar(reader);
      expect(entries.map((entry) => [entry.name, entry.type, entry.linkName, entry.size])).toEqual(
        members.map((member) => [member.name, member.type, member.linkName, member.content.length]),
      );
      for (const [at, entry] of entries.entries()) {
        if (entry.type !== 'file') continue;
        expect(Buffer.from(await readEntry(reader, entry, 2000))).toEqual(members[at]?.content);
      }
    }),
    { numRuns: 150 },
  );
});

test('any bytes index or fail with a typed error', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 3000, size: 'max' }), expectIndexOrTypedError), {
    numRuns: 200,
  });
});

test('an archive with changed bytes indexes or fails with a typed error', async () => {
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(archive, fc.array(change, { minLength: 1, maxLength: 8 }), async (members, changes) => {
      const object = tarball(members.map(({ member }) => member)).toBuffer();
      for (const { at, to } of changes) object[at % object.length] = to;
      await expectIndexOrTypedError(object);
    }),
    { numRuns: 150 },
  );
});

test('a changed header whose checksum is made right again indexes or fails with a typed error', async () => {
  const change = fc.record({ at: fc.nat(511), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      archive,
      fc.nat(),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (members, at, changes) => {
        const object = tarball(members.map(({ member }) => member)).toBuffer();
        const block = object.subarray((at % (object.length / 512)) * 512).subarray(0, 512);
        for (const { at: byte, to } of changes) block[byte] = to;
        const sum = block.fill(' ', 148, 156).reduce((total, byte) => total + byte, 0);
        block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        await expectIndexOrTypedError(object);
      },
    ),
    { numRuns: 300 },
  );
});

test('an archive cut anywhere never tells of bytes that are not there', async () => {
  await fc.assert(
    fc.asyncProperty(archive, fc.nat(), async (members, cut) => {
      const whole = tarball(members.map(({ member }) => member)).toBuffer();
      await expectIndexOrTypedError(whole.subarray(0, cut % whole.length));
    }),
    { numRuns: 150 },
  );
});
