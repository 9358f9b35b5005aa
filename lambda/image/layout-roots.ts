import type { SlipwayError } from '../contract/errors';
import type { Descriptor } from './descriptor';
import { distinctBy, grouped } from './grouped';
import type { LayoutWalk } from './layout-walk';
import { parseReference, parseRefName, type Reference } from './reference';
import { signatureTag, subjectInTag } from './signature-tag';

/** One image that index.json lists. */
export interface LayoutRoot {
  readonly digest: string;
  readonly names: readonly Reference[];
  /** Digest of what it refers to, where it is a referrer (a signature, an SBOM, an attestation). */
  readonly subject?: string;
  /** Why this is not the manifest that index.json names. */
  readonly changed?: string;
  /** Why it cannot be pushed as the request wants it. */
  readonly fault?: SlipwayError;
}

/** Manifest that a BuildKit attestation is about. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
export const ATTESTED = 'vnd.docker.reference.digest';
/** Full image name by containerd and BuildKit. https://github.com/containerd/containerd/blob/main/images/annotations.go */
const CONTAINERD_NAME = 'io.containerd.image.name';
/** Tag or full name. https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const REF_NAME = 'org.opencontainers.image.ref.name';
/** Name in packages of older Zarf versions. https://github.com/zarf-dev/zarf */
const BASE_NAME = 'org.opencontainers.image.base.name';
/** Role beside an image of the same name. https://github.com/sigstore/cosign (save), https://github.com/hauler-dev/hauler */
const KIND = 'kind';

/** The images that an index.json lists, each digest once, what refers to an image after it. */
export function rootsOf(manifests: readonly Descriptor[], { nodes }: LayoutWalk): LayoutRoot[] {
  const byDigest = grouped(manifests, ({ digest }) => digest);
  const images = manifests.filter((manifest) => /\/image(?:Index)?$/.test(kindOf(manifest)));
  const byName = new Map(images.map((image) => [namesOf(image)[0]?.text, image.digest]));
  const subjectOf = (mention: Descriptor) =>
    byName.get(namesOf(mention)[0]?.text) ?? (images.length === 1 ? images[0]?.digest : undefined);
  const roots = [...byDigest].map(([digest, mentions]): LayoutRoot => {
    const accessory = mentions.map((mention) => accessoryIn(mention, subjectOf)).find((found) => found !== undefined);
    const names = accessory?.names ?? distinctBy(mentions.flatMap(namesOf), ({ text }) => text);
    const tagged = names.map(({ tag = '' }) => subjectInTag(tag)).find((subject) => subject);
    const attested = mentions.map(({ annotations }) => annotations.get(ATTESTED)).find((subject) => subject);
    const subject = nodes.get(digest)?.manifest.subject ?? accessory?.subject ?? tagged ?? attested;
    return { digest, names, ...(subject === undefined ? {} : { subject }) };
  });
  return subjectsFirst(roots);
}

/** What the annotations of a descriptor call it. */
export function namesOf({ annotations }: Descriptor): Reference[] {
  // The full name says all that the other annotation says: containerd writes both, Jib and rules_oci only the second.
  const name = parseReference(annotations.get(CONTAINERD_NAME) ?? '') ?? parseRefName(annotations.get(REF_NAME) ?? '');
  return name ? [name] : [];
}

/** The descriptors of a Zarf package, each with the name that older versions write elsewhere. */
export function withZarfNames(manifests: readonly Descriptor[]): Descriptor[] {
  return manifests.map((manifest) => {
    const base = manifest.annotations.get(BASE_NAME);
    if (base === undefined || namesOf(manifest).length > 0) return manifest;
    return { ...manifest, annotations: new Map([...manifest.annotations, [REF_NAME, base]]) };
  });
}

interface Accessory {
  readonly names: readonly Reference[];
  readonly subject?: string;
}

// cosign and Hauler save signatures under the very name of the image, and tell them apart by kind.
function accessoryIn(
  mention: Descriptor,
  subjectOf: (mention: Descriptor) => string | undefined,
): Accessory | undefined {
  const [, role = '', suffix] = /\/((sig|att|sbom)s|referrers\/.*)$/.exec(kindOf(mention)) ?? [];
  if (role.startsWith('referrers/')) return { names: [] };
  if (suffix === undefined) return undefined;
  const subject = subjectOf(mention);
  if (subject === undefined) return { names: [] };
  const tag = signatureTag(subject, suffix);
  return { names: [{ text: tag, tag }], subject };
}

function kindOf({ annotations }: Descriptor): string {
  return annotations.get(KIND) ?? '';
}

function subjectsFirst(roots: readonly LayoutRoot[]): LayoutRoot[] {
  const byDigest = new Map(roots.map((root) => [root.digest, root]));
  // What a referrer is about can be a platform inside any of the images, so these come first.
  const ordered = new Set(roots.filter(({ subject }) => subject === undefined));
  for (const root of roots) {
    const chain = new Set([root]);
    // An annotation can point in a circle, unlike a digest inside a manifest.
    for (const link of chain) {
      const subject = byDigest.get(link.subject ?? '');
      if (subject && !ordered.has(subject)) chain.add(subject);
    }
    for (const link of [...chain].reverse()) ordered.add(link);
  }
  return [...ordered];
}
