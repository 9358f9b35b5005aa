import { indexTar } from '../../../lambda/tar/index-tar';
import type { TarEntry } from '../../../lambda/tar/tar-index';
import { rangedReaderOf } from '../../support/ranged-readers';
import { zeros } from '../../support/tar-content';
import {
  directory,
  extension,
  file,
  globalPax,
  hardlink,
  raw,
  symlink,
  type TarballOptions,
  type TarMember,
  tarball,
} from '../../support/tar-writer';

const GIB = 1024 ** 3;
const long = (name: string) => `${'folder-with-a-long-name/'.repeat(5)}${name}`;

async function entriesOf(members: readonly TarMember[], options?: TarballOptions): Promise<readonly TarEntry[]> {
  return (await indexTar(rangedReaderOf(tarball(members, options)))).entries;
}

async function namesOf(members: readonly TarMember[], options?: TarballOptions): Promise<string[]> {
  return (await entriesOf(members, options)).map(({ name }) => name);
}

describe('what an index tells of an entry', () => {
  test('a file has its size and the offsets of its header and content', async () => {
    expect(await entriesOf([file('first', 'x'.repeat(513)), file('second', 'abc')])).toEqual([
      { name: 'first', type: 'file', size: 513, headerOffset: 0, firstByte: 512 },
      { name: 'second', type: 'file', size: 3, headerOffset: 1536, firstByte: 2048 },
    ]);
  });

  test('a directory loses the slash of its name', async () => {
    expect(await entriesOf([directory('blobs/sha256/')])).toMatchObject([{ name: 'blobs/sha256', type: 'directory' }]);
  });

  test('links have their target as stored and no content, whatever size they tell', async () => {
    const links = [symlink('a', '../b', { declaredSize: 9000 }), hardlink('c', './d', { declaredSize: 9000 })];
    expect(await entriesOf([...links, file('e')])).toMatchObject([
      { name: 'a', type: 'symlink', linkName: '../b', size: 0 },
      { name: 'c', type: 'hardlink', linkName: './d', size: 0 },
      { name: 'e', type: 'file' },
    ]);
  });

  test('a leading "./" goes, and an entry for the root itself is none', async () => {
    expect(await namesOf([directory('./'), file('./a'), file('.//./b/./c'), directory('.')])).toEqual(['a', 'b/./c']);
  });

  test('the last entry of a name is found', async () => {
    const index = await indexTar(rangedReaderOf(tarball([file('a', 'old'), file('b'), file('a', 'newer')])));
    expect(index.entries).toHaveLength(3);
    expect(index.find('a')).toBe(index.entries[2]);
    expect(index.find('A')).toBeUndefined();
  });

  test('names keep macOS shadows, colons, a byte order mark, and bytes that are no UTF-8', async () => {
    const names = ['._a', 'sha256:00ff', '\ufeffa', 'a', 'grün'];
    const stored = [...names.map((name) => file(name)), file(Buffer.from([0x67, 0xfc]))];
    expect(await namesOf(stored)).toEqual([...names, 'gü']);
  });
});

describe('formats', () => {
  test.each(['v7', 'ustar', 'pax', 'gnu'] as const)('%s headers are read', async (format) => {
    const members = [directory('d', { format }), file('d/f', 'abc', { format }), symlink('s', 'd/f', { format })];
    expect(await entriesOf(members)).toMatchObject([
      { name: 'd', type: 'directory' },
      { name: 'd/f', type: 'file', size: 3 },
      { name: 's', type: 'symlink', linkName: 'd/f' },
    ]);
  });

  test.each(['ustar', 'pax', 'gnu'] as const)('a long name is whole in %s', async (format) => {
    expect(await namesOf([file(long('a'), 'x', { format }), file('b', 'y', { format })])).toEqual([long('a'), 'b']);
  });

  test.each(['pax', 'gnu'] as const)('a long link name is whole in %s', async (format) => {
    const members = [symlink(long('a'), long('b'), { format }), symlink('c', 'd', { format })];
    expect(await entriesOf(members)).toMatchObject([{ name: long('a'), linkName: long('b') }, { linkName: 'd' }]);
  });

  test('old GNU headers have no name prefix where POSIX has it', async () => {
    const [header] = file('a', '', { format: 'gnu' });
    const block = Buffer.from(header?.slice(0, 512) ?? []);
    block.write('14000000000', 345, 'latin1');
    const sum = block.fill(' ', 148, 156).reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(await namesOf([raw(block)])).toEqual(['a']);
  });

  test('a V7 file whose name ends in a slash is a directory', async () => {
    expect(await entriesOf([file('d/', '', { format: 'v7' })])).toMatchObject([{ name: 'd', type: 'directory' }]);
  });

  test('signed checksums of names with high bytes are right as well', async () => {
    expect(await namesOf([file('grün', 'x', { checksum: 'signed' })])).toEqual(['grün']);
  });

  test.each(['7', 'Z', 'A', 'N'])('an entry of type %s is a file', async (typeflag) => {
    expect(await entriesOf([file('a', 'abc', { typeflag }), file('b')])).toMatchObject([
      { name: 'a', type: 'file', size: 3 },
      { name: 'b' },
    ]);
  });

  test.each(['3', '4', '6', 'V'])('an entry of type %s is passed over', async (typeflag) => {
    expect(await namesOf([file('device', '', { typeflag, declaredSize: 4096 }), file('b')])).toEqual(['b']);
  });

  test('a GNU incremental directory is passed over with its list', async () => {
    const members = [file('d/', 'Yname\0\0', { typeflag: 'D' }), file('b')];
    expect(await entriesOf(members)).toMatchObject([{ name: 'd', type: 'directory', size: 0 }, { name: 'b' }]);
  });
});

describe('sizes', () => {
  test.each(['octal', 'base-256', 'pax'] as const)('a size in %s is read', async (sizeAs) => {
    expect(await entriesOf([file('a', 'x'.repeat(700), { sizeAs }), file('b')])).toMatchObject([
      { size: 700 },
      { name: 'b', headerOffset: sizeAs === 'pax' ? 2560 : 1536 },
    ]);
  });

  test.each(['pax', 'gnu'] as const)('an entry of 9 GiB has its size in %s', async (format) => {
    expect(await entriesOf([file('a', zeros(9 * GIB), { format }), file('b', 'x')])).toMatchObject([
      { name: 'a', size: 9 * GIB },
      { name: 'b', size: 1 },
    ]);
  });

  test('a PAX size goes before base-256', async () => {
    const members = [file('a', 'abc', { sizeAs: 'base-256', declaredSize: 5000, pax: { size: '3' } }), file('b')];
    expect(await entriesOf(members)).toMatchObject([{ size: 3 }, { name: 'b' }]);
  });
});

describe('PAX records', () => {
  test('a local header counts for the next entry only, a global one until another replaces it', async () => {
    const members = [
      globalPax({ linkpath: 'everywhere' }),
      symlink('a', 'x'),
      symlink('b', 'x', { pax: { linkpath: 'here' } }),
      symlink('c', 'x', { pax: { linkpath: '' } }),
      globalPax({ linkpath: '' }),
      symlink('d', 'x'),
    ];
    const targets = (await entriesOf(members)).map(({ linkName }) => linkName);
    expect(targets).toEqual(['everywhere', 'here', 'x', 'x']);
  });

  test('a PAX path goes before a GNU long name', async () => {
    const gnu = extension('L', '././@LongLink', Buffer.from('from-gnu\0'), 'gnu');
    expect(await namesOf([gnu, file('header', '', { pax: { path: 'from-pax' } })])).toEqual(['from-pax']);
  });

  test('records for times, owners and extended attributes change nothing', async () => {
    const pax = { mtime: '1.5', 'SCHILY.xattr.user.x': 'a\nb=c\0d', comment: '' };
    expect(await namesOf([globalPax({ comment: 'commit' }), file('a', 'x', { pax })])).toEqual(['a']);
  });
});

describe('the end', () => {
  test.each([
    ['has no zero blocks', { endBlocks: 0 }],
    ['has one zero block', { endBlocks: 1 }],
    ['is filled to 10 KiB', { recordSize: 10240 }],
    ['is followed by garbage', { trailing: 'garbage' }],
    ['lacks the padding of the last entry', { truncateAt: 512 + 3 }],
    ['lies within the zero blocks', { truncateAt: 1024 + 100 }],
  ])('an archive that %s is whole', async (_, options) => {
    expect(await entriesOf([file('a', 'abc')], options)).toMatchObject([{ name: 'a', size: 3 }]);
  });

  test('a lone zero block is the end', async () => {
    expect(await namesOf([file('a', 'abc'), raw(zeros(512)), file('b')])).toEqual(['a']);
  });
});
