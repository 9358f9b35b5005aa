import { type JsonDocument, readNamedDocument, type Tarball } from './json-document';
import { type LayoutRoot, namesOf, rootsOf, withZarfNames } from './layout-roots';
import { LayoutWalk } from './layout-walk';
import { type ImageIndex, parseManifest } from './manifest';
import { OCI_INDEX } from './media-type';

/** An OCI layout, read as far as the tarball has it. */
export interface OciLayout {
  readonly roots: readonly LayoutRoot[];
  readonly walk: LayoutWalk;
  readonly notes: readonly string[];
}

/** Reads index.json and all manifests below it; what is absent is left out. ManifestInvalid, DigestMismatch, SizeMismatch. */
export async function readOciLayout(tarball: Tarball, { isZarf = false } = {}): Promise<OciLayout> {
  const document = await readNamedDocument(tarball, 'index.json');
  const index = parseManifest(document, OCI_INDEX);
  if (index.kind !== 'index') throw document.root.invalid('index.json is an image manifest', 'an index');
  const walk = new LayoutWalk(tarball);
  await walk.from(index.manifests);
  if (isImageItself(index)) return indexAsImage(document, index, walk);
  const manifests = isZarf ? withZarfNames(index.manifests) : index.manifests;
  return { roots: rootsOf(manifests, walk), walk, notes: [] };
}

// kaniko, apko and Paketo write the platforms of one image straight into index.json, without a name.
function isImageItself({ manifests }: ImageIndex): boolean {
  return (
    manifests.length > 1 &&
    manifests.some(({ platform }) => platform) &&
    manifests.every((child) => namesOf(child).length === 0 && (child.platform || child.artifactType !== undefined))
  );
}

function indexAsImage(document: JsonDocument, index: ImageIndex, walk: LayoutWalk): OciLayout {
  walk.add(document, index);
  const note = 'index.json itself is the index of a multi-platform image: it is pushed byte for byte.';
  return { roots: [{ digest: document.digest, names: [] }], walk, notes: [note] };
}
