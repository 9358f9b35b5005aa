import { Unsupported } from '../contract/errors';
import { shownName } from './entry-name';
import type { HeaderBlock } from './header-block';
import { NOT_SPARSE } from './pax-records';
import type { TarEntry } from './tar-index';

/** What a header makes: an entry of some type, or nothing that an image could need. */
export interface MemberKind {
  readonly type: TarEntry['type'] | 'skipped';
  /** Whether `size` bytes follow the header. */
  readonly hasContent: boolean;
}

const file: MemberKind = { type: 'file', hasContent: true };
const skipped: MemberKind = { type: 'skipped', hasContent: false };

// The size of a link or directory is no promise of content in POSIX: producers put all sorts of numbers there.
const KINDS: ReadonlyMap<string, MemberKind> = new Map([
  ['1', { type: 'hardlink', hasContent: false }],
  ['2', { type: 'symlink', hasContent: false }],
  ['3', skipped],
  ['4', skipped],
  ['5', { type: 'directory', hasContent: false }],
  ['6', skipped],
  // GNU: the list of a directory's files in an incremental dump, and the volume's label.
  ['D', { type: 'directory', hasContent: true }],
  ['V', skipped],
]);

/** Kind by type flag, a file where it is unknown, as POSIX asks; Unsupported for parts of files. */
export function memberKind(header: HeaderBlock, offset: number): MemberKind {
  if (header.typeflag === 'S') throw unsupported('a GNU sparse file', NOT_SPARSE, header, offset);
  if (header.typeflag === 'M') {
    const remedy = 'Make the tarball again as one volume (GNU tar: leave out --multi-volume).';
    throw unsupported("the rest of another volume's file", remedy, header, offset);
  }
  return KINDS.get(header.typeflag) ?? file;
}

function unsupported(what: string, remedy: string, header: HeaderBlock, offset: number): Unsupported {
  const found = `the entry is ${what} (type "${header.typeflag}")`;
  return new Unsupported({ found, entry: shownName(header.name), offset, expected: 'a plain file', remedy });
}
