import { TarHeaderInvalid } from '../contract/errors';
import { entryName, refuseControlCharacters, shownName } from './entry-name';
import { BLOCK, type HeaderBlock } from './header-block';
import { memberKind } from './member-kind';
import { REMAKE } from './remedies';
import type { TarEntry } from './tar-index';

/** A header read in full. */
export interface Member {
  /** Absent for what an image cannot need: devices, pipes, labels, and the archive's root itself. */
  readonly entry?: TarEntry;
  /** Bytes between the header and the padding before the next one. */
  readonly contentSize: number;
}

/** What the header at `headerOffset`, with its extension headers applied, stands for. */
export function memberOf(header: HeaderBlock, headerOffset: number): Member {
  const { name, endsWithSlash } = entryName(header.name, headerOffset);
  const kind = memberKind(header, headerOffset);
  const contentSize = kind.hasContent ? header.size : 0;
  const type = kind.type === 'file' && endsWithSlash ? directoryByName(header, headerOffset) : kind.type;
  if (type === 'skipped') return { contentSize };
  if (name === '') return { contentSize: rootSize(type, contentSize, headerOffset) };
  const place = { name, type, firstByte: headerOffset + BLOCK, headerOffset };
  if (type === 'file' || type === 'directory') {
    return { entry: { ...place, size: type === 'file' ? contentSize : 0 }, contentSize };
  }
  refuseControlCharacters(header.linkName, 'the link name', header.name, headerOffset);
  return { entry: { ...place, size: 0, linkName: header.linkName }, contentSize };
}

// V7 had no type for directories: a file whose name ends in "/" is one, and readers disagree on its content.
function directoryByName(header: HeaderBlock, offset: number): 'directory' {
  if (header.size === 0) return 'directory';
  throw new TarHeaderInvalid({
    found: `a file of ${header.size} bytes has the name of a directory`,
    entry: shownName(header.name),
    offset,
    expected: 'a name without "/" at its end',
    remedy: REMAKE,
  });
}

function rootSize(type: TarEntry['type'], contentSize: number, offset: number): number {
  if (type === 'directory') return contentSize;
  throw new TarHeaderInvalid({
    found: `the archive's root is a ${type}`,
    entry: '.',
    offset,
    expected: 'a directory',
    remedy: REMAKE,
  });
}
