import { invalidParameter } from './errors';
import { type Fields, isStructure } from './input';
import type { Descriptor } from './manifest';

/** Docker v2 schema 1, signed and unsigned. https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-1.md */
export const SCHEMA_1_TYPES = [
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v1+json',
];

/** The layers of a schema 1 manifest, which has neither sizes nor media types. */
export function schema1Layers(fields: Fields): Descriptor[] {
  const { fsLayers } = fields;
  if (fields.schemaVersion !== 1 || !Array.isArray(fsLayers)) throw malformed();
  if (fsLayers.length === 0) throw invalidParameter('ImageManifest', 'Image has to have at least 1 layer');
  return fsLayers.map((layer: unknown) => {
    if (!isStructure(layer) || typeof layer.blobSum !== 'string') throw malformed();
    return { mediaType: 'application/vnd.docker.container.image.rootfs.diff+x-gtar', digest: layer.blobSum, size: 0 };
  });
}

/** The bytes a schema 1 digest is over: the manifest without its signatures, as `protected` says where they were put in. */
export function unsignedBytes(bytes: Buffer, fields: Fields): Buffer {
  if (fields.signatures === undefined) return bytes;
  const first: unknown = Array.isArray(fields.signatures) ? fields.signatures[0] : undefined;
  if (!isStructure(first) || typeof first.protected !== 'string') throw malformed();
  const { formatLength, formatTail } = parseProtected(first.protected);
  return Buffer.concat([bytes.subarray(0, formatLength), Buffer.from(formatTail, 'base64url')]);
}

function parseProtected(encoded: string): { formatLength: number; formatTail: string } {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    throw malformed();
  }
  if (!isStructure(value)) throw malformed();
  const { formatLength, formatTail } = value;
  if (typeof formatLength !== 'number' || typeof formatTail !== 'string') throw malformed();
  return { formatLength, formatTail };
}

function malformed() {
  return invalidParameter('ImageManifest', 'Invalid JSON syntax');
}
