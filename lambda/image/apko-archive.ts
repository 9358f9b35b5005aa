import type { TarIndex } from '../tar/tar-index';
import type { ArchiveItem } from './archive-items';
import { imagesOfArchive } from './docker-archive';
import type { FoundImages } from './found-images';
import { readNamedDocument, type Tarball } from './json-document';
import { closureOf } from './layout-closure';
import type { LayoutRoot } from './layout-roots';
import { LayoutWalk } from './layout-walk';
import { parseManifest } from './manifest';
import { OCI_INDEX } from './media-type';
import type { OciLayout } from './oci-layout';
import type { Reference } from './reference';

/**
 * The multi-platform image that apko writes behind a docker archive: index.json, and the manifests as entries named by
 * their digests. `undefined` where it is not whole. https://github.com/chainguard-dev/apko/blob/main/pkg/build/oci/index.go
 */
export async function readApkoIndex(tarball: Tarball, items: readonly ArchiveItem[]): Promise<OciLayout | undefined> {
  const { index: entries } = tarball;
  // Without configs named as apko names them, an index.json is anything at all.
  if (!entries.find('index.json') || !items.every(({ configName }) => /^sha256:/.test(configName))) return undefined;
  const document = await readNamedDocument(tarball, 'index.json');
  const index = parseManifest(document, OCI_INDEX);
  if (index.kind !== 'index' || index.manifests.length === 0) return undefined;
  const walk = new LayoutWalk({ ...tarball, index: withBlobNames(entries) });
  await walk.from(index.manifests);
  walk.add(document, index);
  if (closureOf(document.digest, walk).absent.length > 0) return undefined;
  const architectures = index.manifests.flatMap(({ platform }) => platform?.architecture ?? []);
  const root: LayoutRoot = { digest: document.digest, names: namesOf(items, architectures) };
  const note = 'Took index.json, which apko appended to its docker archive, as the index of a multi-platform image.';
  return { roots: [root], walk, notes: [note] };
}

/** As {@link imagesOfArchive}, with a note of the index.json that could not be used. */
export async function archiveBesideIndex(
  ...[tarball, items, options]: Parameters<typeof imagesOfArchive>
): Promise<FoundImages> {
  const found = await imagesOfArchive(tarball, items, options);
  const note =
    'Left out index.json: it is part of no OCI layout, nor are the manifests that it would name in the tarball.';
  return tarball.index.find('index.json') ? { ...found, notes: [note, ...found.notes] } : found;
}

// The writer of docker archives that apko uses names configs by digest, and layers by the digits of it.
function withBlobNames(index: TarIndex): TarIndex {
  const find = (name: string) => {
    const [, hex] = /^blobs\/sha256\/([a-f0-9]{64})$/.exec(name) ?? [];
    return hex === undefined ? index.find(name) : (index.find(`sha256:${hex}`) ?? index.find(`${hex}.tar.gz`));
  };
  return { ...index, find };
}

// Each platform is tagged `<tag>-<architecture>`; the index is what all of them are tags of.
function namesOf(items: readonly ArchiveItem[], architectures: readonly string[]): Reference[] {
  const names = items.flatMap((item) => item.names).flatMap((name) => withoutArchitecture(name, architectures));
  return [...new Map(names.map((name) => [name.text, name])).values()];
}

function withoutArchitecture(name: Reference, architectures: readonly string[]): Reference[] {
  const suffix = architectures.map((architecture) => `-${architecture}`).find((ending) => name.tag?.endsWith(ending));
  if (suffix === undefined || name.tag === undefined) return [];
  return [{ ...name, text: name.text.slice(0, -suffix.length), tag: name.tag.slice(0, -suffix.length) }];
}
