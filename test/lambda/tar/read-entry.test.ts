import { indexTar } from '../../../lambda/tar/index-tar';
import { readEntry } from '../../../lambda/tar/read-entry';
import type { TarEntry } from '../../../lambda/tar/tar-index';
import { type CountingReader, countingReader, rangedReaderOf } from '../../support/ranged-readers';
import { file, symlink, type TarMember, tarball } from '../../support/tar-writer';

async function firstOf(members: readonly TarMember[]): Promise<{ reader: CountingReader; entry: TarEntry }> {
  const object = rangedReaderOf(tarball(members));
  const [entry] = (await indexTar(object)).entries;
  if (!entry) throw new Error('the tarball has no entry');
  return { reader: countingReader(object), entry };
}

test('the content of an entry is read, up to exactly the limit', async () => {
  const { reader, entry } = await firstOf([file('manifest.json', '[{}]'), file('b', 'x')]);
  expect(Buffer.from(await readEntry(reader, entry, 4)).toString()).toBe('[{}]');
  expect(reader.bytes).toBe(4);
});

test('an entry above the limit is refused before a byte is read', async () => {
  const { reader, entry } = await firstOf([file('manifest.json', '[{}]')]);
  await expect(readEntry(reader, entry, 3)).rejects.toMatchObject({
    name: 'LimitExceeded',
    message: expect.stringContaining('4 bytes long in entry "manifest.json" at offset 0; expected at most 3 bytes'),
  });
  expect(reader.reads).toBe(0);
});

test('an empty entry needs no read', async () => {
  const { reader, entry } = await firstOf([file('empty')]);
  expect(await readEntry(reader, entry, 0)).toHaveLength(0);
  expect(reader.reads).toBe(0);
});

test('a link has no content of its own to be read', async () => {
  const { reader, entry } = await firstOf([symlink('a', 'b')]);
  await expect(readEntry(reader, entry, 10)).rejects.toMatchObject({ name: 'Internal' });
});
