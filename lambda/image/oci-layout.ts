import type { TarIndex } from '../tar/tar-index';
import type { Descriptor } from './descriptor';
import { distinctBy, grouped } from './grouped';
import { type JsonDocument, readNamedDocument, type Tarball } from './json-document';
import { LayoutWalk } from './layout-walk';
import { type ImageIndex, parseManifest } from './manifest';
import { OCI_INDEX } from './media-type';
import { parseReference, parseRefName, type Reference } from './reference';

/** One image that index.json lists. */
export interface LayoutRoot {
  readonly digest: string;
  readonly names: readonly Reference[];
  /** Digest of what it refers to, where it is a referrer (a signature, an SBOM, an attestation). */
  readonly subject?: string;
  /** Why this is not the manifest that index.json names. */
  readonly changed?: string;
}

/** An OCI layout, read as far as the tarball has it. */
export interface OciLayout {
  readonly roots: readonly LayoutRoot[];
  readonly walk: LayoutWalk;
  readonly notes: readonly string[];
}

/** Full image name by containerd and BuildKit. https://github.com/containerd/containerd/blob/main/images/annotations.go */
const CONTAINERD_NAME = 'io.containerd.image.name';
/** Tag or full name. https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const REF_NAME = 'org.opencontainers.image.ref.name';
/** Manifest that a BuildKit attestation is about. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const ATTESTED = 'vnd.docker.reference.digest';

/** Whether the tarball is laid out as https://github.com/opencontainers/image-spec/blob/main/image-layout.md says. */
export function isOciLayout({ find, entries }: TarIndex): boolean {
  // apko puts an index.json into a docker archive: that alone is no layout.
  return Boolean(find('index.json') && (find('oci-layout') || entries.some(({ name }) => name.startsWith('blobs/'))));
}

/** Reads index.json and all manifests below it; what is absent is left out. ManifestInvalid, DigestMismatch, SizeMismatch. */
export async function readOciLayout(tarball: Tarball): Promise<OciLayout> {
  const document = await readNamedDocument(tarball, 'index.json');
  const index = parseManifest(document, OCI_INDEX);
  if (index.kind !== 'index') throw document.root.invalid('index.json is an image manifest', 'an index');
  const walk = new LayoutWalk(tarball);
  await walk.from(index.manifests);
  if (isImageItself(index)) return indexAsImage(document, index, walk);
  return { roots: rootsOf(index.manifests, walk), walk, notes: [] };
}

// kaniko, apko and Paketo write the platforms of one image straight into index.json, without a name.
function isImageItself({ manifests }: ImageIndex): boolean {
  return (
    manifests.length > 1 &&
    manifests.some(({ hasPlatform }) => hasPlatform) &&
    manifests.every((child) => namesOf(child).length === 0 && (child.hasPlatform || child.artifactType !== undefined))
  );
}

function indexAsImage(document: JsonDocument, index: ImageIndex, walk: LayoutWalk): OciLayout {
  walk.add(document, index);
  const note = 'index.json itself is the index of a multi-platform image: it is pushed byte for byte.';
  return { roots: [{ digest: document.digest, names: [] }], walk, notes: [note] };
}

function rootsOf(manifests: readonly Descriptor[], { nodes }: LayoutWalk): LayoutRoot[] {
  const byDigest = grouped(manifests, ({ digest }) => digest);
  const roots = [...byDigest].map(([digest, mentions]): LayoutRoot => {
    const named = mentions.flatMap(namesOf);
    const names = distinctBy(named, ({ text }) => text);
    const attested = mentions.map(({ annotations }) => annotations.get(ATTESTED)).find((subject) => subject);
    const subject = nodes.get(digest)?.manifest.subject ?? attested;
    return { digest, names, ...(subject === undefined ? {} : { subject }) };
  });
  return subjectsFirst(roots);
}

// The full name says all that the other annotation says: containerd writes both, Jib and rules_oci only the second.
function namesOf({ annotations }: Descriptor): Reference[] {
  const name = parseReference(annotations.get(CONTAINERD_NAME) ?? '') ?? parseRefName(annotations.get(REF_NAME) ?? '');
  return name ? [name] : [];
}

function subjectsFirst(roots: readonly LayoutRoot[]): LayoutRoot[] {
  const byDigest = new Map(roots.map((root) => [root.digest, root]));
  const ordered = new Set<LayoutRoot>();
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
