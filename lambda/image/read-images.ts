import type { RangedReader } from '../tar/ranged-reader';
import type { TarIndex } from '../tar/tar-index';
import { type ArchiveItem, imagesOfArchive, readArchiveItems } from './docker-archive';
import type { FoundImages } from './found-images';
import { chooseDescription } from './hybrid';
import type { Tarball } from './json-document';
import { JsonNode } from './json-node';
import { imagesOfLayout } from './layout-images';
import { noImages } from './no-images';
import { isOciLayout, readOciLayout } from './oci-layout';

/**
 * Finds the images of a tarball and where their bytes lie: a docker archive, an OCI layout, or both in one. Every
 * manifest and config is held against its digest, and every blob against its size. Any tarball error.
 */
export async function readImages(reader: RangedReader, index: TarIndex): Promise<FoundImages> {
  const tarball = { reader, index };
  const items = index.find('manifest.json') && (await readArchiveItems(tarball));
  if (isOciLayout(index)) return items ? readHybrid(tarball, items) : readLayout(tarball);
  if (!items) throw noImages(index);
  refuseEmptyList(items.length, 'manifest.json');
  return imagesOfArchive(tarball, items);
}

async function readLayout(tarball: Tarball): Promise<FoundImages> {
  const layout = await readOciLayout(tarball);
  refuseEmptyList(layout.roots.length, 'index.json');
  return imagesOfLayout(layout, layout.roots);
}

async function readHybrid(tarball: Tarball, items: readonly ArchiveItem[]): Promise<FoundImages> {
  if (items.length === 0) return readLayout(tarball);
  const layout = await readOciLayout(tarball);
  const choice = await chooseDescription(tarball, layout, items);
  const isArchive = choice.take === 'archive';
  const found = await (isArchive ? imagesOfArchive(tarball, items) : imagesOfLayout(layout, choice.roots));
  return { ...found, notes: [choice.note, ...found.notes] };
}

function refuseEmptyList(images: number, entry: string): void {
  if (images > 0) return;
  throw new JsonNode(undefined, entry).invalid(`${entry} lists no image`, 'at least one');
}
