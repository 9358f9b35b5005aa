import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { indexTar } from '../../../lambda/tar/index-tar';
import { readEntry } from '../../../lambda/tar/read-entry';
import type { TarIndex } from '../../../lambda/tar/tar-index';
import { rangedReaderOf } from '../../support/ranged-readers';
import { directory, file, hardlink, symlink, tarball } from '../../support/tar-writer';

const tar = (...options: string[]) => execFileSync('tar', options, { encoding: 'buffer' });
const isGnu = tar('--version').toString().includes('GNU tar');
const deep = `${'folder/'.repeat(14)}${'n'.repeat(60)}`;
const tooDeep = `${'folder/'.repeat(40)}${'n'.repeat(120)}`;
const contents: Record<string, string> = {
  empty: '',
  'a/one': '1',
  'a/block': 'b'.repeat(512),
  [deep]: 'deep',
  'grün 层': 'u',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gnu-tar-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeTree(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'tree', name)), { recursive: true });
    writeFileSync(join(folder, 'tree', name), content);
  }
}

function index(object: Uint8Array): Promise<TarIndex> {
  return indexTar(rangedReaderOf(object));
}

/** Names as GNU tar lists them, but without "./" and "/" at their ends, and without the root. */
function listed(object: Uint8Array): string[] {
  const path = join(folder, 'listed.tar');
  writeFileSync(path, object);
  const lines = tar('--quoting-style=literal', '-tf', path).toString().split('\n');
  return lines.map((line) => line.replace(/^\.\//, '').replace(/\/$/, '')).filter((line) => line !== '');
}

(isGnu ? describe : describe.skip)('agreement with GNU tar', () => {
  test.each(['pax', 'gnu', 'ustar', 'v7', 'oldgnu'])(
    'an archive that it writes as %s is read as it lists it',
    async (format) => {
      const isShort = format === 'v7' || format === 'ustar';
      const files = { ...contents, ...(isShort ? {} : { [tooDeep]: 'too deep' }) };
      if (format === 'v7') delete files[deep];
      writeTree(files);
      symlinkSync('../empty', join(folder, 'tree/a/soft'));
      linkSync(join(folder, 'tree/a/one'), join(folder, 'tree/a/two'));
      const object = tar(`--format=${format}`, '-C', join(folder, 'tree'), '-cf', '-', '.');

      const { entries, find, resolve } = await index(object);
      expect(entries.map(({ name }) => name)).toEqual(listed(object));
      for (const [name, content] of Object.entries({ ...files, 'a/two': '1', 'a/soft': '' })) {
        const entry = find(name);
        const read = entry && (await readEntry(rangedReaderOf(object), resolve(entry), 1000));
        expect([name, read && Buffer.from(read).toString()]).toEqual([name, content]);
      }
    },
  );

  test('a tarball of all forms is listed by it as it is indexed', async () => {
    const object = tarball([
      directory('d', { format: 'v7' }),
      file('d/gnu', 'x', { format: 'gnu', sizeAs: 'base-256' }),
      file('d/pax', 'xyz', { sizeAs: 'pax' }),
      file(tooDeep, 'x', { format: 'gnu' }),
      file(`${tooDeep}2`, 'x', { format: 'pax' }),
      file(deep, 'x', { format: 'ustar' }),
      file('grün', 'x', { checksum: 'signed' }),
      symlink('soft', deep, { format: 'gnu' }),
      hardlink('hard', `${tooDeep}2`, { format: 'pax', declaredSize: 0 }),
      file('twice', 'old'),
      file('twice', 'new'),
    ]).toBuffer();
    expect((await index(object)).entries.map(({ name }) => name)).toEqual(listed(object));
  });

  test('an entry appended under an old name is the one that extracting leaves', async () => {
    writeTree({ 'manifest.json': 'old', other: 'x' });
    const path = join(folder, 'a.tar');
    tar('-C', join(folder, 'tree'), '-cf', path, 'manifest.json', 'other');
    writeTree({ 'manifest.json': 'newer' });
    tar('-C', join(folder, 'tree'), '-rf', path, 'manifest.json');
    const object = readFileSync(path);

    const found = (await index(object)).find('manifest.json');
    const read = found && (await readEntry(rangedReaderOf(object), found, 100));
    expect(Buffer.from(read ?? []).toString()).toBe('newer');
  });

  test.each(['pax', 'gnu'])('a sparse file that it writes as %s is refused', async (format) => {
    writeTree({ sparse: '' });
    truncateSync(join(folder, 'tree/sparse'), 1024 ** 2);
    const object = tar(`--format=${format}`, '--sparse', '-C', join(folder, 'tree'), '-cf', '-', 'sparse');
    await expect(index(object)).rejects.toMatchObject({ name: 'Unsupported' });
  });

  test('a file of 9 GiB has the size that it writes', async () => {
    writeTree({ big: '' });
    truncateSync(join(folder, 'tree/big'), 9 * 1024 ** 3);
    for (const format of ['pax', 'gnu']) {
      const head = execFileSync('sh', [
        '-c',
        `tar --format=${format} -C "$1" -cf - big | head -c 4096`,
        'sh',
        join(folder, 'tree'),
      ]);
      const object = { size: 9 * 1024 ** 3 + 10_240, slice: (at: number, length: number) => padded(head, at, length) };
      const { entries } = await indexTar(rangedReaderOf(object));
      expect(entries).toMatchObject([{ name: 'big', size: 9 * 1024 ** 3 }]);
    }
  });
});

function padded(head: Buffer, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.set(head.subarray(at, at + length));
  return bytes;
}
