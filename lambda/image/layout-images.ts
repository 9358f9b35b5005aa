import type { FoundImage, FoundImages } from './found-images';
import { JsonNode } from './json-node';
import { type Closure, closureOf, manifestsOf } from './layout-closure';
import { contradictionIn } from './layout-walk';
import { refuseLayerCount } from './manifest';
import { isForeignLayer } from './media-type';
import { missingBlobs } from './missing-blobs';
import type { LayoutRoot, OciLayout } from './oci-layout';

/** The images below these roots, to push byte for byte. BlobMissing names every absent digest. */
export function imagesOfLayout({ walk, notes }: OciLayout, roots: readonly LayoutRoot[]): FoundImages {
  const closures = roots.map(({ digest }) => closureOf(digest, walk));
  refuseAbsent(closures);
  for (const closure of closures) refuseUnfit(closure);
  const places = new Map(roots.map(({ digest }, at) => [digest, at]));
  const images = roots.map((root, at) => foundImage(root, at, closures[at], places));
  const needed = new Set(closures.flatMap(manifestsOf).flatMap(({ blobs }) => blobs));
  const blobs = [...needed].flatMap((digest) => walk.blobs.get(digest) ?? []);
  const referrers = roots.flatMap((root) => danglingNote(root, places));
  return { images, blobs, plainLayers: [], notes: [...notes, ...foreignNotes(closures), ...referrers] };
}

function refuseAbsent(closures: readonly Closure[]): void {
  const partial = closures.find(({ absent }) => absent.length > 0);
  if (!partial) return;
  const absent = closures.flatMap((closure) => closure.absent);
  throw missingBlobs(absent, partial.nodes.at(-1)?.planned.entry ?? 'index.json');
}

function refuseUnfit({ nodes }: Closure): void {
  for (const node of nodes) {
    const found = contradictionIn(node);
    if (found) throw new JsonNode(undefined, node.planned.entry).invalid(found, 'one diffId for each layer');
    if (node.manifest.kind === 'image') refuseLayerCount(node.manifest.layers.length, node.planned.entry);
  }
}

function foundImage(
  { digest, names, subject, changed }: LayoutRoot,
  at: number,
  closure: Closure | undefined,
  places: ReadonlyMap<string, number>,
): FoundImage {
  const place = places.get(subject ?? '');
  return {
    name: names[0]?.text ?? digest,
    names,
    manifests: closure ? manifestsOf(closure) : [],
    ...(place !== undefined && place < at ? { subject: place } : {}),
    ...(changed === undefined ? {} : { changed }),
  };
}

function foreignNotes(closures: readonly Closure[]): string[] {
  const layers = closures.flatMap(({ nodes }) =>
    nodes.flatMap(({ manifest }) => (manifest.kind === 'image' ? manifest.layers : [])),
  );
  const foreign = new Set(layers.filter(({ mediaType }) => isForeignLayer(mediaType)).map(({ digest }) => digest));
  return [...foreign].map((digest) => `The foreign layer ${digest} stays where its URLs point: it is not sent.`);
}

function danglingNote({ digest, subject }: LayoutRoot, places: ReadonlyMap<string, number>): string[] {
  if (subject === undefined || places.has(subject)) return [];
  return [`${digest} refers to ${subject}, which is not an image of this tarball.`];
}
