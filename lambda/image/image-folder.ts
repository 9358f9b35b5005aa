import { EntryConflict } from '../contract/errors';
import type { TarIndex } from '../tar/tar-index';

const DEEPEST = 2;
const ROOT = '';

/**
 * The folder that the image files lie in: '' at the root, `images` in a Zarf package, a folder that wraps all.
 * EntryConflict where several folders hold images.
 */
export function imageFolder(index: TarIndex): string {
  const found = foldersWithImages(index);
  if (found.length < 2) return found[0] ?? ROOT;
  throw new EntryConflict({
    found: `images lie in ${found.length} folders of the tar: ${found.map((folder) => `"${folder || '.'}"`).join(', ')}`,
    expected: 'one docker archive or OCI layout in one tarball',
    remedy: 'Drop each of them as a tarball of its own.',
  });
}

/** The entries of one folder, by their names inside it. */
export function indexUnder(folder: string, index: TarIndex): TarIndex {
  if (folder === ROOT) return index;
  const prefix = `${folder}/`;
  return {
    entries: index.entries.flatMap((entry) =>
      entry.name.startsWith(prefix) ? [{ ...entry, name: entry.name.slice(prefix.length) }] : [],
    ),
    find: (name) => index.find(prefix + name),
    resolve: index.resolve,
  };
}

/** Whether the entries are laid out as https://github.com/opencontainers/image-spec/blob/main/image-layout.md says. */
export function isOciLayout({ find, entries }: TarIndex): boolean {
  // apko puts an index.json into a docker archive: that alone is no layout. Hauler can leave out the file oci-layout.
  return Boolean(find('index.json') && (find('oci-layout') || entries.some(({ name }) => name.startsWith('blobs/'))));
}

function foldersWithImages(index: TarIndex): string[] {
  const names = index.entries.map(({ name }) => name);
  const withBlobs = new Set(names.flatMap((name) => /^((?:[^/]+\/){0,2})blobs\/sha256\//.exec(name)?.[1] ?? []));
  const layouts = [...withBlobs].filter((prefix) => index.find(`${prefix}index.json`));
  const folders = new Set(layouts.map((prefix) => prefix.slice(0, -1)).filter((folder) => depth(folder) <= DEEPEST));
  const top = names.length > 0 ? topFolder(names) : undefined;
  if (index.find('manifest.json')) folders.add(ROOT);
  else if (top !== undefined && index.find(`${top}/manifest.json`)) folders.add(top);
  return [...folders];
}

/** The folder that holds all entries but itself; `undefined` where they do not share one. */
function topFolder([first = '', ...others]: readonly string[]): string | undefined {
  const [top = ''] = first.split('/', 1);
  return others.every((name) => name === top || name.startsWith(`${top}/`)) ? top : undefined;
}

function depth(folder: string): number {
  return folder === ROOT ? 0 : folder.split('/').length;
}
