import { closureOf } from './layout-closure';
import type { LayoutRoot } from './layout-roots';
import type { LayoutWalk } from './layout-walk';
import { isImageConfig } from './media-type';
import type { OciLayout } from './oci-layout';
import { isRepositoryName, isTag } from './repository-name';

/** A root that is pushed. */
interface PlacedRoot {
  readonly root: LayoutRoot;
  /** Place of the root, among those that are pushed, that this one goes along with. */
  readonly subject?: number;
}

/** The roots that are pushed, and notes of those that have no place to go. */
export interface PlacedRoots {
  readonly placed: readonly PlacedRoot[];
  readonly notes: readonly string[];
}

/**
 * What refers to an image, or to a manifest inside one, goes where that goes. Beside images, a referrer whose subject
 * is elsewhere and an artifact without a name are left out: nothing says where they belong.
 */
export function placeRoots({ roots, walk }: OciLayout): PlacedRoots {
  const own = roots.filter(({ subject }) => subject === undefined);
  const placed: PlacedRoot[] = [];
  const notes: string[] = [];
  const places = new Map<string, number>();
  const place = (root: LayoutRoot, subject?: number) => {
    // Another image that holds the same manifest does not take it away.
    for (const digest of digestsBelow(root, walk)) if (!places.has(digest)) places.set(digest, placed.length);
    places.set(root.digest, placed.length);
    placed.push({ root, ...(subject === undefined ? {} : { subject }) });
  };
  const isHomeless = (root: LayoutRoot) => isArtifact(root, walk) && !isNamed(root);
  const isAlone = own.every(isHomeless);
  for (const root of own) {
    if (!isAlone && isHomeless(root)) notes.push(leftOut(root, 'it has no name'));
    else place(root);
  }
  for (const root of roots) {
    if (root.subject === undefined) continue;
    const subject = places.get(root.subject);
    const elsewhere = `it refers to ${root.subject}, which is not an image of this tarball`;
    if (subject !== undefined) place(root, subject);
    else if (own.length > 0) notes.push(leftOut(root, elsewhere));
    else {
      notes.push(`Pushed ${shown(root)} on its own: ${elsewhere}.`);
      place(root);
    }
  }
  return { placed, notes };
}

function digestsBelow({ digest }: LayoutRoot, walk: LayoutWalk): string[] {
  return closureOf(digest, walk).nodes.map(({ planned }) => planned.digest);
}

/** A chart, a file, an SBOM: anything whose config is not that of an image. */
function isArtifact({ digest }: LayoutRoot, { nodes }: LayoutWalk): boolean {
  const manifest = nodes.get(digest)?.manifest;
  return manifest?.kind === 'image' && !isImageConfig(manifest.config.mediaType);
}

function isNamed({ names }: LayoutRoot): boolean {
  return names.some(
    ({ repository, tag }) =>
      (repository === undefined || isRepositoryName(repository)) && (tag === undefined || isTag(tag)),
  );
}

function leftOut(root: LayoutRoot, why: string): string {
  return `Left out ${shown(root)}: ${why}.`;
}

function shown({ digest, names: [name] }: LayoutRoot): string {
  return name === undefined ? digest : `${name.text} (${digest})`;
}
