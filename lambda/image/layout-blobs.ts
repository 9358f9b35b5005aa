import { EmptyBlob, SizeMismatch } from '../contract/errors';
import type { TarEntry, TarIndex } from '../tar/tar-index';
import type { Descriptor } from './descriptor';
import { blobPath } from './digest';

/**
 * The file of an OCI layout that holds what a descriptor names; `undefined` where the layout has none. EmptyBlob for
 * zero bytes, SizeMismatch where descriptor and entry differ.
 */
export function locateBlob(index: TarIndex, { digest, size, entry: from, path }: Descriptor): TarEntry | undefined {
  const member = index.find(blobPath(digest));
  const expected = `${size} bytes, as ${path} in "${from}" says`;
  const remedy = 'The tarball is damaged: save the image again and drop it again.';
  if (size === 0) throw emptyBlob(blobPath(digest), member?.headerOffset);
  if (!member || member.type === 'directory') return undefined;
  const file = index.resolve(member);
  if (file.size === 0) throw emptyBlob(file.name, file.headerOffset);
  if (file.size === size) return file;
  const found = `the blob ${digest} is ${file.size} bytes long`;
  throw new SizeMismatch({ found, entry: file.name, offset: file.firstByte, expected, remedy });
}

/** The error for a blob without bytes. */
export function emptyBlob(entry: string, offset?: number): EmptyBlob {
  return new EmptyBlob({
    found: 'the blob has no bytes',
    entry,
    ...(offset === undefined ? {} : { offset }),
    expected: 'at least one byte: ECR cannot store an empty blob',
    remedy: 'Build the image again without the empty layer, or write {} (2 bytes) where an artifact needs no config.',
  });
}
