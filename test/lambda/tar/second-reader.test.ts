import fc from 'fast-check';
import { extract } from 'tar-stream';
import { indexTar } from '../../../lambda/tar/index-tar';
import { readEntry } from '../../../lambda/tar/read-entry';
import { rangedReaderOf } from '../../support/ranged-readers';
import { directory, file, hardlink, symlink, type TarMember, tarball } from '../../support/tar-writer';

/** What two readers must agree on. */
interface Seen {
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly link: string;
}

const segment = fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', '_', ':', ' ', 'ü', '层'), minLength: 1 });
const name = fc.array(segment, { minLength: 1, maxLength: 14 }).map((segments) => segments.join('/'));
const format = fc.constantFrom('pax', 'gnu');
const sizeAs = fc.constantFrom('octal', 'base-256', 'pax');
const content = fc.uint8Array({ maxLength: 1500 }).map((bytes) => Buffer.from(bytes));
const member: fc.Arbitrary<TarMember> = fc.oneof(
  fc.record({ name, content, format, sizeAs }).map(({ name, content, ...how }) => file(name, content, how)),
  fc.record({ name, format }).map(({ name, format }) => directory(name, { format })),
  fc.record({ name, target: name, format }).map(({ name, target, format }) => symlink(name, target, { format })),
  fc.record({ name, target: name, format }).map(({ name, target, format }) => hardlink(name, target, { format })),
);
const ending = fc.record({ endBlocks: fc.constantFrom(1, 2, 3), recordSize: fc.constantFrom(512, 10_240) });

test('tar-stream reads a valid archive as the index has it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 12 }), ending, async (members, options) => {
      const object = tarball(members, options).toBuffer();
      expect(await byIndex(object)).toEqual(await byTarStream(object));
    }),
    { numRuns: 200 },
  );
});

async function byIndex(object: Buffer): Promise<Seen[]> {
  const reader = rangedReaderOf(object);
  const { entries } = await indexTar(reader);
  const seen: Seen[] = [];
  for (const entry of entries) {
    const bytes = entry.type === 'file' ? await readEntry(reader, entry, 2000) : new Uint8Array(0);
    const { name, type, linkName: link = '' } = entry;
    seen.push({ name, type, link, content: Buffer.from(bytes).toString('hex') });
  }
  return seen;
}

async function byTarStream(object: Buffer): Promise<Seen[]> {
  const stream = extract();
  stream.end(object);
  const seen: Seen[] = [];
  for await (const entry of stream) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(Buffer.from(piece as Uint8Array));
    const { name, type, linkname } = entry.header;
    seen.push({
      name: name.replace(/\/$/, ''),
      type: type === 'link' ? 'hardlink' : String(type),
      link: linkname ?? '',
      content: Buffer.concat(pieces).toString('hex'),
    });
  }
  return seen;
}
