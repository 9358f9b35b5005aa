import { indexTar } from '../../../lambda/tar/index-tar';
import { TAR_LIMITS } from '../../../lambda/tar/tar-limits';
import { rangedReaderOf } from '../../support/ranged-readers';
import { zeros } from '../../support/tar-content';
import { directory, extension, file, globalPax, raw, symlink, type TarMember, tarball } from '../../support/tar-writer';

const x = (content: string | Uint8Array) => extension('x', 'PaxHeaders/0', Buffer.from(content), 'pax');

async function refusal(members: readonly TarMember[], options = {}, limits = TAR_LIMITS): Promise<string> {
  try {
    await indexTar(rangedReaderOf(tarball(members, options)), limits);
  } catch (error) {
    return String(error);
  }
  return 'indexed';
}

describe('objects that are cut off', () => {
  test('an object without bytes is empty', async () => {
    expect(await refusal([], { endBlocks: 0 })).toMatch(/^EmptyObject: .* at offset 0; .*upload it again/);
  });

  test('content that is not all there names the entry, its offset and the size that was expected', async () => {
    const text = await refusal([file('a', 'x'), file('layer.tar', zeros(5000))], { truncateAt: 3000 });
    expect(text).toMatch(/^TarTruncated: the object ends after 1464 of 5000 bytes .*"layer.tar" at offset 1536/);
    expect(text).toContain(
      'expected an object of at least 6536 bytes. Remedy: The upload of the tarball is incomplete',
    );
  });

  test.each([512 + 100, 1024 + 40])('an end inside a header is named by the entry before (%d bytes)', async (end) => {
    const text = await refusal([file('a'), file('b'), file('c')], { truncateAt: end });
    expect(text).toMatch(/^TarTruncated: the object ends after the entry "[ab]", \d+ bytes into a header/);
  });

  test('an object that ends inside its first header is cut off', async () => {
    expect(await refusal([file('a')], { truncateAt: 400 })).toMatch(/^TarTruncated: the object ends, 400 bytes/);
  });

  test('an end inside or right after an extension header is cut off', async () => {
    const member = file('a', '', { pax: { path: 'b' } });
    expect(await refusal([member], { truncateAt: 515 })).toMatch(/^TarTruncated: .*"PaxHeaders\/0"/);
    expect(await refusal([member], { truncateAt: 1024 })).toMatch(/^TarTruncated: an extension header is the last/);
  });
});

describe('headers that are wrong', () => {
  test('a wrong checksum is named by offset and the entry before', async () => {
    const text = await refusal([file('a', 'x'), file('b', 'y', { checksum: 'wrong' })]);
    expect(text).toMatch(/^TarHeaderInvalid: the block after the entry "a" is not a header .* at offset 1024/);
  });

  test('a tar whose first header is damaged is still called a tar', async () => {
    expect(await refusal([file('a', 'x', { checksum: 'wrong' })])).toMatch(/^TarHeaderInvalid: the block is not/);
  });

  test('bytes after the last entry that are no end are no header either', async () => {
    expect(await refusal([file('a')], { endBlocks: 0, trailing: 'x'.repeat(600) })).toMatch(/^TarTrailingData/);
  });

  test.each([
    ['negative', Buffer.from('ffffffffffffffffffffffff', 'hex')],
    ['beyond 2^53', Buffer.from('800000000020000000000000', 'hex')],
    ['no number', Buffer.from('12x45678901\0')],
    ['octal with a 9', Buffer.from('00000000009\0')],
  ])('a size that is %s is refused', async (_, size) => {
    const block = Buffer.from(file('a')[0]?.slice(0, 512) ?? []);
    size.copy(block, 124);
    const sum = block.fill(' ', 148, 156).reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(await refusal([raw(block)])).toMatch(/^TarHeaderInvalid: the size field .*"a" at offset 0/);
  });

  test('a size that reaches beyond the object is an incomplete upload', async () => {
    expect(await refusal([file('a', 'x', { declaredSize: 2 ** 52, sizeAs: 'base-256' })])).toMatch(/^TarTruncated/);
  });

  test('a name without characters is refused', async () => {
    expect(await refusal([file('')])).toMatch(/^TarHeaderInvalid: an entry has no name at offset 0/);
  });

  test.each(['.', './'])('a link in place of the root is refused (%s)', async (name) => {
    expect(await refusal([symlink(name, 'a')])).toMatch(/^TarHeaderInvalid: the archive's root is a symlink/);
  });

  test('a file with content whose name ends in a slash is refused', async () => {
    expect(await refusal([file('a/', 'abc')])).toMatch(/^TarHeaderInvalid: a file of 3 bytes has the name of a dir/);
  });

  test.each([
    ['a newline', file('a\nb')],
    ['an escape sequence', file('a\x1b[2Jb')],
    ['a NUL in a PAX path', file('a', '', { pax: { path: 'a\0b' } })],
    ['a NUL in a GNU long name', extension('L', 'L', Buffer.from('a\0b\0'), 'gnu')],
    ['a control character in a link name', symlink('ab', 'c\x07')],
  ])('a name with %s is refused, and shown escaped', async (_, member) => {
    const text = await refusal([member, file('after')]);
    expect(text).toMatch(/^TarHeaderInvalid: .* holds the control character 0x[01][0-9a-f]/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a log
    expect(text).not.toMatch(/[\0-\x1f]/);
  });
});

describe('extension headers that are wrong', () => {
  test.each([
    ['no length', 'path=a\n'],
    ['a length that is too short', '7 path=a\n'],
    ['a length beyond the header', '99 path=a\n'],
    ['a length with too many digits', '00000000000000000009 path=a\n'],
    ['no newline', '9 path=ab'],
    ['no "="', '7 path\n'],
    ['no key', '5 =a\n'],
  ])('a PAX record with %s is refused', async (_, body) => {
    expect(await refusal([x(body), file('a')])).toMatch(/^TarHeaderInvalid: a PAX record is malformed at offset 0/);
  });

  test.each(['-1', '1e3', '0x10', '99999999999999999999', ' 3'])('a PAX size of "%s" is refused', async (size) => {
    expect(await refusal([file('a', 'abc', { pax: { size } })])).toMatch(/^TarHeaderInvalid: the PAX record "size"/);
  });

  test('an extension header with no entry before the end blocks is refused', async () => {
    expect(await refusal([file('a'), x('9 path=b\n')])).toMatch(/^TarHeaderInvalid: an extension header .*offset 512/);
  });

  test('an empty GNU long name is refused', async () => {
    expect(await refusal([extension('L', 'L', Buffer.from('\0'), 'gnu'), file('a')])).toMatch(/^TarHeaderInvalid/);
  });
});

describe('names that leave the archive', () => {
  test.each(['/etc/passwd', '../a', 'a/../../b', './..', 'a/..'])('%s is unsafe', async (name) => {
    expect(await refusal([file('ok'), file(name)])).toMatch(/^PathUnsafe: .* in entry "[^"]+" at offset 512/);
  });

  test('a PAX path is judged like any other name', async () => {
    expect(await refusal([file('a', '', { pax: { path: '/a' } })])).toMatch(/^PathUnsafe: the name is absolute/);
  });
});

test('a name of a million slashes is judged in a moment, and cut in the message', async () => {
  const text = await refusal([file('a', '', { pax: { path: `a${'/'.repeat(1_000_000)}..` } })]);
  expect(text).toMatch(/^PathUnsafe/);
  expect(text.length).toBeLessThan(600);
  expect(await refusal([file('a', '', { pax: { path: `a${'/'.repeat(1_000_000)}b` } })])).toBe('indexed');
}, 2000);

describe('forms that are known and not taken', () => {
  test.each([
    ['of type S', file('a', 'x', { typeflag: 'S', format: 'gnu' })],
    ['with GNU.sparse records', file('a', 'x', { pax: { 'GNU.sparse.major': '1' } })],
    ['with global GNU.sparse records', globalPax({ 'GNU.sparse.size': '1' })],
  ])('sparse files %s come with the way to make them plain', async (_, member) => {
    expect(await refusal([member, file('b')])).toMatch(/^Unsupported: .* at offset 0; .*--sparse/);
  });

  test('the second volume of a tar is refused', async () => {
    expect(await refusal([file('a', 'x', { typeflag: 'M', format: 'gnu' })])).toMatch(/^Unsupported: .*another volume/);
  });
});

describe('limits', () => {
  test('extension headers of more than 1 MiB are not read', async () => {
    const big = extension('x', 'PaxHeaders/0', Buffer.alloc(1024 * 1024 + 1), 'pax');
    expect(await refusal([big, file('a')])).toMatch(/^LimitExceeded: .*1048577 bytes in entry "PaxHeaders\/0"/);
  });

  test('many extension headers before one entry count together', async () => {
    const comment = globalPax({ comment: 'x'.repeat(400) });
    const limits = { ...TAR_LIMITS, extensionBytes: 1000 };
    expect(await refusal([comment, comment, file('a'), comment, comment, file('b')], {}, limits)).toBe('indexed');
    expect(await refusal([comment, comment, comment, file('a')], {}, limits)).toMatch(/^LimitExceeded/);
  });

  test('more entries than the limit are refused, skipped ones counted', async () => {
    const members = [file('a'), file('b', '', { typeflag: '6' }), directory('c')];
    expect(await refusal(members, {}, { ...TAR_LIMITS, entries: 3 })).toBe('indexed');
    expect(await refusal(members, {}, { ...TAR_LIMITS, entries: 2 })).toMatch(
      /^LimitExceeded: the tar has more than 2 entries in entry "c\/" at offset 1024/,
    );
  });

  test('names may not fill the memory', async () => {
    const limits = { ...TAR_LIMITS, nameCharacters: 100 };
    expect(await refusal([file('a'.repeat(60)), file('b'.repeat(60))], {}, limits)).toMatch(/^LimitExceeded/);
  });
});

describe('archives with nothing in them', () => {
  test.each([
    ['end blocks alone', []],
    ['the root alone', [directory('.')]],
    ['a pipe alone', [file('pipe', '', { typeflag: '6' })]],
    ['a global header alone', [globalPax({ comment: 'x' })]],
  ])('%s make no tarball', async (_, members) => {
    expect(await refusal(members)).toMatch(/^TarEmpty: .* at offset 0/);
  });
});
