import { LinkInvalid } from '../contract/errors';
import { shownName, withoutLeadingDot } from './entry-name';

/** One member of a tar. */
export interface TarEntry {
  /** As stored, after PAX and GNU rules, without a leading "./" and without the trailing "/" of a directory. */
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** Absolute offset of the content. */
  readonly firstByte: number;
  /** Absolute offset of the entry's own header block. */
  readonly headerOffset: number;
  /** Where a link leads, as stored. */
  readonly linkName?: string;
}

/** The entries of a tar, in the order they lie. */
export interface TarIndex {
  readonly entries: readonly TarEntry[];
  /** The last entry of exactly this name, as extracting would leave it. */
  find(name: string): TarEntry | undefined;
  /** The file that an entry is or leads to; LinkInvalid on circles, dead ends, over 40 links, or leaving the archive. */
  resolve(entry: TarEntry): TarEntry;
}

const MOST_LINKS = 40;

/** Index over entries in the order they lie in the tar. */
export function tarIndexOf(entries: readonly TarEntry[]): TarIndex {
  const last = new Map<string, TarEntry>();
  const replaced = new Map<string, TarEntry[]>();
  for (const entry of entries) {
    const earlier = last.get(entry.name);
    if (earlier) keep(replaced, earlier);
    last.set(entry.name, entry);
  }
  const find = (name: string) => last.get(name);
  // A hard link shares the bytes that its target had when the link was made, so a later namesake does not count.
  const findBefore = (name: string, link: TarEntry) => {
    const found = [...(replaced.get(name) ?? []), find(name)].findLast(
      (entry) => entry !== undefined && entry.headerOffset < link.headerOffset,
    );
    return found ?? find(name);
  };
  const next = (link: TarEntry, folder: readonly string[]) =>
    link.type === 'symlink'
      ? find(pathFrom(folder, link.linkName ?? '', link))
      : findBefore(pathFrom([], link.linkName ?? '', link), link);
  return { entries, find, resolve: (entry) => follow(entry, next) };
}

function keep(replaced: Map<string, TarEntry[]>, entry: TarEntry): void {
  const namesakes = replaced.get(entry.name);
  if (namesakes) namesakes.push(entry);
  else replaced.set(entry.name, [entry]);
}

function follow(entry: TarEntry, next: (link: TarEntry, folder: readonly string[]) => TarEntry | undefined): TarEntry {
  let at = entry;
  let folder = folderOf(entry.name);
  for (let links = 0; at.type !== 'file'; links += 1) {
    if (at.type === 'directory')
      throw invalid(entry, `a file was looked for, and "${shownName(at.name)}" is a directory`);
    if (links === MOST_LINKS) throw invalid(entry, `the link leads in a circle, or over more than ${MOST_LINKS} links`);
    const target = next(at, folder);
    if (!target)
      throw invalid(entry, `the link leads to "${shownName(at.linkName ?? '')}", which is not in the tarball`);
    // A hard link to a symbolic link is that link again, read from where the hard link stands.
    if (at.type === 'symlink') folder = folderOf(target.name);
    at = target;
  }
  return at;
}

function pathFrom(folder: readonly string[], target: string, link: TarEntry): string {
  const leaves = () => invalid(link, `the link leads to "${shownName(target)}", outside of the archive`);
  if (target.startsWith('/')) throw leaves();
  const segments = [...folder];
  for (const segment of withoutLeadingDot(target).split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) throw leaves();
  }
  return segments.join('/');
}

function folderOf(name: string): string[] {
  return name.split('/').slice(0, -1);
}

function invalid(entry: TarEntry, found: string): LinkInvalid {
  return new LinkInvalid({
    found,
    entry: shownName(entry.name),
    offset: entry.headerOffset,
    expected: 'a file in the same tarball',
    remedy: 'Make the tarball again with the files themselves in it (GNU tar: --dereference --hard-dereference).',
  });
}
