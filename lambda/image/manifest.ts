import { LimitExceeded, Unsupported } from '../contract/errors';
import {
  type Descriptor,
  mediaTypeIn,
  parseDescriptor,
  parseTypedDescriptor,
  type TypedDescriptor,
} from './descriptor';
import type { JsonDocument } from './json-document';
import type { JsonNode } from './json-node';
import { isImageManifest, isIndex, isSchema1, OCI_INDEX, OCI_MANIFEST } from './media-type';

/** A config and its layers. https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export interface ImageManifest {
  readonly kind: 'image';
  readonly mediaType: string;
  readonly config: TypedDescriptor;
  /** Lowest first. */
  readonly layers: readonly TypedDescriptor[];
  /** Digest of the manifest that this one is about. */
  readonly subject?: string;
}

/** A list of manifests. https://github.com/opencontainers/image-spec/blob/main/image-index.md */
export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  /** Digest of the manifest that this one is about. */
  readonly subject?: string;
}

/** Layers that ECR takes in one image: undocumented, measured by two parties. */
const MOST_LAYERS = 500;

/**
 * What a document says as a manifest or index. `declared`: media type by its descriptor. ManifestInvalid where it breaks
 * its specification, Unsupported for kinds that ECR does not take.
 */
export function parseManifest({ root }: JsonDocument, declared?: string): ImageManifest | ImageIndex {
  const mediaType = agreedMediaType(root, declared);
  requireSchema2(root, mediaType);
  const subject = root.field('subject').isAbsent ? {} : { subject: parseDescriptor(root.field('subject')).digest };
  mediaTypeIn(root.field('artifactType'));
  if (!root.field('manifests').isAbsent && !root.field('layers').isAbsent) {
    throw root.invalid('the document has both "manifests" and "layers"', 'an index or an image manifest, not both');
  }
  if (isIndex(mediaType)) {
    const manifests = root.field('manifests').items().map(parseDescriptor);
    return { kind: 'index', mediaType, manifests, ...subject };
  }
  const config = parseTypedDescriptor(root.field('config'));
  const layers = root.field('layers').items().map(parseTypedDescriptor);
  return { kind: 'image', mediaType, config, layers, ...subject };
}

/** LimitExceeded over 500 layers, Unsupported without any: ECR takes neither. */
export function refuseLayerCount(layers: number, entry: string): void {
  const found = `the image has ${layers} layers`;
  if (layers > MOST_LAYERS) {
    const remedy = 'Build the image with fewer layers, or squash it.';
    throw new LimitExceeded({ found, entry, expected: `at most ${MOST_LAYERS}, the limit of ECR`, remedy });
  }
  if (layers > 0) return;
  const remedy = 'Give the image a layer: one COPY of an empty file is enough.';
  throw new Unsupported({ found, entry, expected: 'at least 1: ECR refuses an image without a layer', remedy });
}

function agreedMediaType(root: JsonNode, declared: string | undefined): string {
  const own = root.field('mediaType').textOrNone();
  if (own !== undefined && declared !== undefined && own !== declared) {
    throw root.invalid(`mediaType is "${own.slice(0, 200)}"`, `"${declared.slice(0, 200)}", as its descriptor says`);
  }
  const byShape = root.field('manifests').isAbsent ? OCI_MANIFEST : OCI_INDEX;
  return own ?? declared ?? byShape;
}

function requireSchema2(root: JsonNode, mediaType: string): void {
  const version = root.field('schemaVersion').value;
  if (version === 1 || isSchema1(mediaType)) {
    throw new Unsupported({
      found: 'the manifest is of Docker schema 1',
      entry: root.entry,
      expected: 'a Docker schema 2 or OCI manifest',
      remedy: 'Pull the image with a current docker, podman or skopeo, and save it again.',
    });
  }
  if (!isIndex(mediaType) && !isImageManifest(mediaType)) {
    throw new Unsupported({
      found: `a manifest has the media type "${mediaType.slice(0, 200)}"`,
      entry: root.entry,
      expected: 'an image manifest or index, of OCI or Docker schema 2',
      remedy: 'Write the artifact as an OCI image manifest (OCI image-spec 1.1).',
    });
  }
  if (version !== 2) throw root.invalid(`schemaVersion is ${JSON.stringify(version) ?? 'missing'}`, '2');
}
