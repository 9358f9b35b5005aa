import { SlipwayError } from '../contract/errors';
import { foreignNote } from './foreign-layers';
import type { FoundImage, FoundImages } from './found-images';
import { imageFault, withoutSubject } from './image-fault';
import { JsonNode } from './json-node';
import { type Closure, closureOf, manifestsOf } from './layout-closure';
import type { LayoutRoot } from './layout-roots';
import { contradictionIn } from './layout-walk';
import { refuseLayerCount } from './manifest';
import { isForeignLayer } from './media-type';
import { DROP_OR_ONLY, missingBlobs } from './missing-blobs';
import type { OciLayout } from './oci-layout';
import { placeRoots } from './placed-roots';

/** The images below these roots, to push byte for byte, each sound or with its fault. BlobMissing names every absent digest. */
export function imagesOfLayout(layout: OciLayout): FoundImages {
  const { walk } = layout;
  const { placed, notes } = placeRoots(layout);
  const closures = placed.map(({ root }) => closureOf(root.digest, walk));
  const images: FoundImage[] = [];
  for (const [at, { root, subject }] of placed.entries()) {
    const closure = closures[at];
    const fault = root.fault ?? (closure && faultOf(closure)) ?? subjectFault(images[subject ?? -1]);
    images.push(foundImage(root, subject, fault ?? closure));
  }
  const sound = closures.filter((_, at) => !images[at]?.fault);
  const needed = [...new Set(sound.flatMap(manifestsOf).flatMap(({ blobs }) => blobs))];
  return {
    images,
    blobs: needed.flatMap((digest) => walk.blobs.get(digest) ?? []),
    inlineBlobs: needed.flatMap((digest) => (walk.blobs.has(digest) ? [] : (walk.inline.get(digest) ?? []))),
    plainLayers: [],
    notes: [...layout.notes, ...foreignNotes(sound), ...notes],
  };
}

function faultOf(closure: Closure): SlipwayError | undefined {
  if (closure.fault) return closure.fault;
  try {
    refuseAbsent(closure);
    refuseUnfit(closure);
    return undefined;
  } catch (error) {
    return imageFault(error);
  }
}

function refuseAbsent({ nodes, absent }: Closure): void {
  if (absent.length === 0) return;
  const root = nodes.at(-1);
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

function subjectFault(subject: FoundImage | undefined): SlipwayError | undefined {
  return subject?.fault && withoutSubject(subject.name);
}

function foundImage(
  { digest, names, changed }: LayoutRoot,
  subject: number | undefined,
  outcome: Closure | SlipwayError | undefined,
): FoundImage {
  return {
    name: names[0]?.text ?? digest,
    names,
    ...(outcome instanceof SlipwayError
      ? { manifests: [], fault: outcome }
      : { manifests: outcome ? manifestsOf(outcome) : [] }),
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
