import { createHash } from 'node:crypto';
import { invalidParameter } from './errors';
import { type Fields, isStructure, matches } from './input';
import { DIGEST, QUOTA } from './rules';
import { SCHEMA_1_TYPES, schema1Layers, unsignedBytes } from './schema-1-manifest';

/** Points to a blob or a manifest. https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** What the registry needs to know of a manifest; its bytes are kept beside it. */
export interface Manifest {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly config?: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Manifests that an index names. */
  readonly children: readonly Descriptor[];
  /** Digest of the manifest that this one refers to. */
  readonly subject?: string;
  /** Type under which it is listed: its own, or that of its config. */
  readonly artifactType?: string;
  readonly annotations?: Fields;
}

const IMAGE_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
];
const INDEX_TYPES = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];
const FOREIGN_TYPE = /^application\/vnd\.(docker\.image\.rootfs\.foreign\.|oci\.image\.layer\.nondistributable\.)/;

/** Reads a manifest; `declaredType` stands in where the manifest names none. Throws InvalidParameterException. */
export function readManifest(manifest: string, declaredType?: string): Manifest {
  const fields = parse(manifest);
  const mediaType = decideType(fields, declaredType);
  const bytes = Buffer.from(manifest);
  const base = { mediaType, digest: sha256(bytes), size: bytes.length };
  if (SCHEMA_1_TYPES.includes(mediaType)) {
    return { ...base, digest: sha256(unsignedBytes(bytes, fields)), layers: schema1Layers(fields), children: [] };
  }
  if (fields.schemaVersion !== 2) throw malformed();
  const shared = { ...base, ...optionalParts(fields) };
  if (INDEX_TYPES.includes(mediaType)) return { ...shared, layers: [], children: descriptors(fields.manifests) };
  return readImage(shared, fields);
}

/** Digests that must be in the repository as layers before this manifest: config and layers, foreign ones excepted. */
export function requiredBlobs(manifest: Manifest): string[] {
  const stored = blobsOf(manifest).filter((blob) => !FOREIGN_TYPE.test(blob.mediaType));
  return [...new Set(stored.map((blob) => blob.digest))];
}

/** Descriptors of the config and all layers. */
export function blobsOf(manifest: Manifest): Descriptor[] {
  return manifest.config ? [manifest.config, ...manifest.layers] : [...manifest.layers];
}

function readImage(shared: Omit<Manifest, 'layers' | 'children'>, fields: Fields): Manifest {
  const config = descriptor(fields.config);
  const layers = descriptors(fields.layers);
  if (layers.length === 0) throw invalidParameter('ImageManifest', 'Image has to have at least 1 layer');
  if (layers.length > QUOTA.layersPerImage) {
    throw invalidParameter('ImageManifest', 'Limit on number of layers per image exceeded');
  }
  return { artifactType: config.mediaType, ...shared, config, layers, children: [] };
}

function parse(manifest: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(manifest);
  } catch {
    throw malformed();
  }
  if (!isStructure(value)) throw malformed();
  return value;
}

function decideType(fields: Fields, declaredType: string | undefined): string {
  // A schema 1 manifest never names its media type: its version alone tells.
  const own = fields.mediaType ?? (fields.schemaVersion === 1 ? (declaredType ?? SCHEMA_1_TYPES[0]) : undefined);
  const mediaType = own ?? declaredType;
  if (typeof mediaType !== 'string' || (declaredType !== undefined && declaredType !== mediaType)) throw malformed();
  if (![...IMAGE_TYPES, ...INDEX_TYPES, ...SCHEMA_1_TYPES].includes(mediaType)) throw malformed();
  return mediaType;
}

function optionalParts(fields: Fields): Pick<Manifest, 'subject' | 'artifactType' | 'annotations'> {
  const { artifactType, annotations } = fields;
  const subject = fields.subject === undefined ? undefined : descriptor(fields.subject).digest;
  if (artifactType !== undefined && !isPlainType(artifactType)) throw malformed();
  if (annotations !== undefined && !isStructure(annotations)) throw malformed();
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(isPlainType(artifactType) && artifactType !== '' ? { artifactType } : {}),
    ...(isStructure(annotations) ? { annotations } : {}),
  };
}

function descriptors(value: unknown): Descriptor[] {
  if (!Array.isArray(value)) throw malformed();
  return value.map(descriptor);
}

function descriptor(value: unknown): Descriptor {
  if (!isStructure(value)) throw malformed();
  const { mediaType, digest, size } = value;
  if (!isPlainType(mediaType) || typeof digest !== 'string' || !matches(DIGEST.pattern ?? '', digest))
    throw malformed();
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw malformed();
  return { mediaType, digest, size };
}

/** ECR refuses media types with parameters, such as `;version=0.2`. */
function isPlainType(value: unknown): value is string {
  return typeof value === 'string' && !value.includes(';');
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The text is misleading, and it is the one that ECR sends for every failure of form. */
function malformed() {
  return invalidParameter('ImageManifest', 'Invalid JSON syntax');
}
