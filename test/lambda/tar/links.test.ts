import { indexTar } from '../../../lambda/tar/index-tar';
import { rangedReaderOf } from '../../support/ranged-readers';
import { directory, file, hardlink, symlink, type TarMember, tarball } from '../../support/tar-writer';

/** Where the entry at `at` leads: the resolved entry's header offset as its place in `members`, or the error. */
async function resolved(members: readonly TarMember[], at = -1): Promise<number | string> {
  const { entries, resolve } = await indexTar(rangedReaderOf(tarball(members)));
  const entry = entries.at(at);
  if (!entry) return 'no such entry';
  try {
    return entries.indexOf(resolve(entry));
  } catch (error) {
    return String(error);
  }
}

function ring(links: number): TarMember[] {
  return Array.from({ length: links }, (_, at) => symlink(`link-${at}`, `link-${at + 1}`));
}

test('a file is where it leads', async () => {
  expect(await resolved([file('a', 'x')])).toBe(0);
});

test('a symbolic link counts from its own folder', async () => {
  const members = [file('layer.tar'), file('one/layer.tar'), symlink('two/layer.tar', '../one/./layer.tar')];
  expect(await resolved(members)).toBe(1);
  expect(await resolved([file('two/a'), file('a'), symlink('two/b', 'a')])).toBe(0);
});

test('a hard link counts from the root of the archive', async () => {
  expect(await resolved([file('a/b'), file('b'), hardlink('a/c', './b')])).toBe(1);
});

test('links are followed to the last', async () => {
  const members = [hardlink('a/x', 'b/y'), symlink('b/y', '../c/z'), file('z'), file('c/z')];
  expect(await resolved(members, 0)).toBe(3);
});

test('a symbolic link leads to the last entry of a name', async () => {
  expect(await resolved([file('a', 'old'), symlink('l', 'a'), file('a', 'new')], 1)).toBe(2);
});

test('a hard link leads to what its target was when the link was made', async () => {
  expect(await resolved([file('a', 'old'), file('a', 'newer'), hardlink('l', 'a'), file('a', 'new')], 2)).toBe(1);
  expect(await resolved([file('a', 'x'), hardlink('a', 'a')])).toBe(0);
});

test('a hard link to a symbolic link is read from where the hard link stands', async () => {
  const members = [file('x/target'), file('y/target'), symlink('x/soft', 'target'), hardlink('y/hard', 'x/soft')];
  expect(await resolved(members)).toBe(1);
});

test('forty links are followed, and one more is too many', async () => {
  expect(await resolved([...ring(40), file('link-40')], 0)).toBe(40);
  expect(await resolved([...ring(41), file('link-41')], 0)).toMatch(/^LinkInvalid: .* over more than 40 links/);
});

test.each([
  ['a circle', [symlink('a', 'b'), symlink('b', 'a')], 'in a circle'],
  ['a link to itself', [hardlink('a', 'a')], 'in a circle'],
  ['a dead end', [file('x'), symlink('a', 'gone')], 'leads to "gone", which is not in the tarball'],
  ['an empty target', [file('x'), symlink('d/a', '')], 'leads to "", which'],
  ['a symbolic link out of the archive', [file('x'), symlink('d/a', '../../x')], 'outside of the archive'],
  ['an absolute symbolic link', [file('x'), symlink('a', '/x')], 'outside of the archive'],
  ['a hard link out of the archive', [file('x'), hardlink('d/a', '../x')], 'outside of the archive'],
  ['a link to a directory', [directory('d'), symlink('a', 'd')], '"d" is a directory'],
])('%s is refused', async (_, members, found) => {
  const text = await resolved(members);
  expect(text).toMatch(/^LinkInvalid: .* in entry "(?:[ab]|d\/a)" at offset \d+; expected a file in the same tarball/);
  expect(text).toContain(found);
});
