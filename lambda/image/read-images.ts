import type { ReadOptions } from '../contract/push-request';
import type { RangedReader } from '../tar/ranged-reader';
import type { TarIndex } from '../tar/tar-index';
import { archiveBesideIndex, readApkoIndex } from './apko-archive';
import { type ArchiveItem, readArchiveItems } from './archive-items';
import { withoutBroken } from './broken-roots';
import { chooseFromLayout } from './chosen-roots';
import { imagesOfArchive } from './docker-archive';
import type { FoundImages } from './found-images';
import { chooseDescription } from './hybrid';
import { refuseIfNoneIsSound } from './image-fault';
import { imageFolder, indexUnder, isOciLayout } from './image-folder';
import type { Tarball } from './json-document';
import { JsonNode } from './json-node';
import { imagesOfLayout } from './layout-images';
import { noImages } from './no-images';
import { type OciLayout, readOciLayout } from './oci-layout';
import { readOrphans } from './orphan-manifests';

/**
 * Finds the images of a tarball and where their bytes lie: a docker archive, an OCI layout, or both in one, at its root
 * or in a folder. Every manifest and config is held against its digest, and every blob against its size. Any tarball
 * error; one that is a single image's own stays with that image, unless no image is sound.
 */
export async function readImages(
  reader: RangedReader,
  entries: TarIndex,
  options: ReadOptions = {},
): Promise<FoundImages> {
  const folder = imageFolder(entries);
  const index = indexUnder(folder, entries);
  const tarball = { reader, index };
  const found = await readAll(tarball, folder !== '' && Boolean(entries.find('zarf.yaml')), options);
  refuseIfNoneIsSound(found.images);
  return folder === '' ? found : withNote(`The images lie in the folder "${folder}" of the tarball.`, found);
}

async function readAll(tarball: Tarball, isZarf: boolean, options: ReadOptions): Promise<FoundImages> {
  const { index } = tarball;
  const items = index.find('manifest.json') && (await readArchiveItems(tarball));
  if (isOciLayout(index)) {
    const listed = await readOciLayout(tarball, { isZarf });
    if (items && items.length > 0) return readHybrid(tarball, listed, items, options);
    return readLayout(listed.roots.length > 0 ? listed : await readOrphans(tarball), options);
  }
  if (!items) throw noImages(index);
  refuseEmptyList(items.length, 'manifest.json');
  const layout = await readApkoIndex(tarball, items);
  return layout ? readLayout(layout, options) : archiveBesideIndex(tarball, items, options);
}

function readLayout(layout: OciLayout, options: ReadOptions): FoundImages {
  refuseEmptyList(layout.roots.length, 'index.json');
  return imagesOfLayout(chooseFromLayout(layout, options));
}

async function readHybrid(
  tarball: Tarball,
  layout: OciLayout,
  items: readonly ArchiveItem[],
  options: ReadOptions,
): Promise<FoundImages> {
  const sound = withoutBroken(layout, items);
  if (layout.roots.length > 0 && sound.roots.length === 0) return readLayout(layout, options);
  const choice = await chooseDescription(tarball, { ...layout, roots: sound.roots }, sound.items, options);
  if (choice.take === 'layout') {
    return withNote(choice.note, readLayout({ ...layout, roots: [...choice.roots, ...sound.broken] }, options));
  }
  const found = await imagesOfArchive(tarball, sound.items, options);
  const broken = imagesOfLayout({ ...layout, roots: sound.broken }).images;
  return withNote(choice.note, { ...found, images: [...found.images, ...broken] });
}

function withNote(note: string, found: FoundImages): FoundImages {
  return { ...found, notes: [note, ...found.notes] };
}

function refuseEmptyList(images: number, entry: string): void {
  if (images > 0) return;
  throw new JsonNode(undefined, entry).invalid(`${entry} lists no image`, 'at least one');
}
