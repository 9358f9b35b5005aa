import { foreignNote } from './foreign-layers';
import type { FoundImage, FoundImages } from './found-images';
import { JsonNode } from './json-node';
import { type Closure, closureOf, manifestsOf } from './layout-closure';
import type { LayoutRoot } from './layout-roots';
import { contradictionIn } from './layout-walk';
import { refuseLayerCount } from './manifest';
import { isForeignLayer } from './media-type';
import { DROP_OR_ONLY, missingBlobs } from './missing-blobs';
import type { OciLayout } from './oci-layout';
import { placeRoots } from './placed-roots';

/** The images below these roots, to push byte for byte. BlobMissing names every absent digest. */
export function imagesOfLayout(layout: OciLayout): FoundImages {
  const { walk } = layout;
  const { placed, notes } = placeRoots(layout);
  const closures = placed.map(({ root }) => closureOf(root.digest, walk));
  refuseAbsent(closures);
  for (const closure of closures) refuseUnfit(closure);
  const images = placed.map(({ root, subject }, at) => foundImage(root, subject, closures[at]));
  const needed = [...new Set(closures.flatMap(manifestsOf).flatMap(({ blobs }) => blobs))];
  return {
    images,
    blobs: needed.flatMap((digest) => walk.blobs.get(digest) ?? []),
    inlineBlobs: needed.flatMap((digest) => (walk.blobs.has(digest) ? [] : (walk.inline.get(digest) ?? []))),
    plainLayers: [],
    notes: [...layout.notes, ...foreignNotes(closures), ...notes],
  };
}

function refuseAbsent(closures: readonly Closure[]): void {
  const partial = closures.find(({ absent }) => absent.length > 0);
  if (!partial) return;
  const absent = closures.flatMap((closure) => closure.absent);
  const root = partial.nodes.at(-1);
  const remedy = root?.manifest.kind === 'index' ? [DROP_OR_ONLY] : [];
  throw missingBlobs(absent, root?.planned.entry ?? 'index.json', '', ...remedy);
}

function refuseUnfit({ nodes }: Closure): void {
  for (const node of nodes) {
    const found = contradictionIn(node);
    if (found) throw new JsonNode(undefined, node.planned.entry).invalid(found, 'one diffId for each layer');
    if (node.manifest.kind === 'image') refuseLayerCount(node.manifest.layers.length, node.planned.entry);
  }
}

function foundImage(
  { digest, names, changed }: LayoutRoot,
  subject: number | undefined,
  closure: Closure | undefined,
): FoundImage {
  return {
    name: names[0]?.text ?? digest,
    names,
    manifests: closure ? manifestsOf(closure) : [],
    ...(subject === undefined ? {} : { subject }),
    ...(changed === undefined ? {} : { changed }),
  };
}

function foreignNotes(closures: readonly Closure[]): string[] {
  const layers = closures.flatMap(({ nodes }) =>
    nodes.flatMap(({ manifest }) => (manifest.kind === 'image' ? manifest.layers : [])),
  );
  const foreign = new Set(layers.filter(({ mediaType }) => isForeignLayer(mediaType)).map(({ digest }) => digest));
  return [...foreign].map(foreignNote);
}
