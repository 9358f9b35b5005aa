import type { RepositorySettings } from '../contract/create-repositories';
import { EntryConflict, Internal } from '../contract/errors';
import type { ObjectVersion, PlannedImage, PlannedManifest, PushPlan, UnpushableImage } from '../contract/push-plan';
import type { PushRequest } from '../contract/push-request';
import type { Destination } from './destination';
import type { FoundImage, FoundImages } from './found-images';

/** What a plan is made of. */
export interface PlanInput {
  readonly found: FoundImages;
  /** By number of the image in `found`. */
  readonly destinations: readonly Destination[];
  readonly source: ObjectVersion;
  /** Where `source` was unpacked from. */
  readonly dropped?: ObjectVersion | undefined;
  readonly request: Pick<PushRequest, 'registryId' | 'verify' | 'compression' | 'onlyNewest'>;
  /** What a missing repository is created with; undefined where it is not. */
  readonly createWith: (repository: string) => RepositorySettings | undefined;
}

/** Puts images and destinations together. EntryConflict where two different images claim one tag of one repository. */
export function planPush({ found, destinations, source, dropped, request, createWith }: PlanInput): PushPlan {
  refuseConflicts(destinations, found.images);
  return {
    source,
    ...(dropped === undefined ? {} : { dropped }),
    ...(request.registryId === undefined ? {} : { registryId: request.registryId }),
    onlyNewest: request.onlyNewest ?? false,
    verify: request.verify ?? 'before',
    compression: request.compression ?? 'gzip',
    images: destinations
      .filter(({ fault }) => !fault)
      .map((to) => plannedImage(to, imageAt(found.images, to.image), createWith(to.repository))),
    failedImages: destinations.flatMap((destination) =>
      failedImage(destination, imageAt(found.images, destination.image)),
    ),
    blobs: [...found.blobs],
    plainLayers: [...found.plainLayers],
    notes: [...unpackedNote(source, dropped), ...found.notes],
  };
}

function unpackedNote({ size }: ObjectVersion, dropped: ObjectVersion | undefined): string[] {
  if (!dropped) return [];
  return [`the tarball is compressed as a whole: its ${dropped.size} bytes were unpacked to ${size}`];
}

function refuseConflicts(destinations: readonly Destination[], images: readonly FoundImage[]): void {
  const claims = new Map<string, FoundImage>();
  for (const { image, repository, tags } of destinations) {
    const found = imageAt(images, image);
    for (const tag of tags) {
      const earlier = claims.get(`${repository}:${tag}`);
      if (earlier && identity(earlier) !== identity(found)) throw conflict(`${repository}:${tag}`, earlier, found);
      claims.set(`${repository}:${tag}`, found);
    }
  }
}

function conflict(destination: string, one: FoundImage, other: FoundImage): EntryConflict {
  return new EntryConflict({
    found: `the images ${one.name} and ${other.name} differ, and both would become ${destination}`,
    expected: 'one image for one tag',
    remedy: 'Tag the images differently before you save them, or save each into a tarball of its own.',
  });
}

function identity({ manifests }: FoundImage): string {
  const root: PlannedManifest | undefined = manifests.at(-1);
  return root?.kind === 'assembled' ? JSON.stringify(root) : (root?.digest ?? '');
}

function plannedImage(
  { repository, tags }: Destination,
  { name, manifests, changed }: FoundImage,
  createWith: RepositorySettings | undefined,
): PlannedImage {
  return {
    name,
    repository,
    ...(createWith === undefined ? {} : { createWith }),
    tags: [...tags],
    manifests: [...manifests],
    ...(changed === undefined ? {} : { changed }),
  };
}

function failedImage({ repository, tags, fault }: Destination, { name }: FoundImage): UnpushableImage[] {
  return fault ? [{ name, repository, tags: [...tags], code: fault.name, message: fault.message }] : [];
}

function imageAt(images: readonly FoundImage[], at: number): FoundImage {
  const image = images[at];
  if (image) return image;
  throw new Internal({ found: `a destination names image ${at} of ${images.length}`, remedy: 'Report this as a bug.' });
}
