import { Internal, LimitExceeded } from '../contract/errors';
import { shownName } from './entry-name';
import type { RangedReader } from './ranged-reader';
import type { TarEntry } from './tar-index';

/** The content of a file. LimitExceeded, before any read, where it is more than `limit` bytes. */
export async function readEntry(reader: RangedReader, entry: TarEntry, limit: number): Promise<Uint8Array> {
  const place = { entry: shownName(entry.name), offset: entry.headerOffset };
  if (entry.type !== 'file') {
    const found = `the content of a ${entry.type} was asked for`;
    throw new Internal({ ...place, found, expected: 'a file, by TarIndex.resolve', remedy: 'Report this as a bug.' });
  }
  if (entry.size > limit) {
    throw new LimitExceeded({
      ...place,
      found: `the entry is ${entry.size} bytes long`,
      expected: `at most ${limit} bytes`,
      remedy: 'Drop a tarball whose manifests and configs are within the limit; a file this long is no such document.',
    });
  }
  return entry.size === 0 ? new Uint8Array(0) : reader.read(entry.firstByte, entry.size);
}
