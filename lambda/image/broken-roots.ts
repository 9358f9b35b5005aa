import type { ArchiveItem } from './archive-items';
import { digestInName } from './digest';
import { closureOf } from './layout-closure';
import type { LayoutRoot } from './layout-roots';
import type { OciLayout } from './oci-layout';
import type { Reference } from './reference';

/** A hybrid without what is broken in its OCI layout, for a broken image must not be pushed from the other side. */
export interface SoundHybrid {
  readonly roots: readonly LayoutRoot[];
  readonly items: readonly ArchiveItem[];
  /** Roots with a fault; the items of the same images are not among `items`. */
  readonly broken: readonly LayoutRoot[];
}

/** Tells the broken images of an OCI layout, and what manifest.json says of them, from the others. */
export function withoutBroken({ roots, walk }: OciLayout, items: readonly ArchiveItem[]): SoundHybrid {
  const isBroken = ({ digest }: LayoutRoot) => closureOf(digest, walk).fault !== undefined;
  const broken = roots.filter(isBroken);
  const names = new Set(broken.flatMap((root) => root.names.map(repositoryAndTag)));
  const configs = new Set(
    broken.flatMap(({ digest }) =>
      closureOf(digest, walk).nodes.flatMap(({ manifest }) =>
        manifest.kind === 'image' ? [manifest.config.digest] : [],
      ),
    ),
  );
  const isSpoiled = (item: ArchiveItem) =>
    configs.has(configDigest(item)) || item.names.some((name) => names.has(repositoryAndTag(name)));
  return { roots: roots.filter((root) => !isBroken(root)), items: items.filter((item) => !isSpoiled(item)), broken };
}

// One writer gives the registry of a name and the other does not.
function repositoryAndTag({ repository = '', tag = '' }: Reference): string {
  return `${repository}:${tag}`;
}

function configDigest({ config, configName }: ArchiveItem): string {
  return config?.digest ?? digestInName(configName) ?? '';
}
