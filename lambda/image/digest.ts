import { createHash } from 'node:crypto';
import type { RangedReader } from '../tar/ranged-reader';

/** Digest in the form `algorithm:hex`. https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests */
export type DigestKind = 'sha256' | 'foreign' | 'malformed';

const READ_SIZE = 4 * 1024 * 1024;

/** Whether a text is a sha256 digest, one of another algorithm (well formed, but ECR cannot take it), or neither. */
export function digestKind(text: string): DigestKind {
  if (/^sha256:[a-f0-9]{64}$/.test(text)) return 'sha256';
  const algorithm = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):[a-zA-Z0-9=_-]+$/.exec(text)?.[1];
  return algorithm === undefined || algorithm === 'sha256' ? 'malformed' : 'foreign';
}

/** sha256 digest of bytes at hand. */
export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** sha256 digest of `size` bytes of an object, read 4 MiB at a time. */
export async function sha256OfRange(reader: RangedReader, firstByte: number, size: number): Promise<string> {
  const hash = createHash('sha256');
  for (let done = 0; done < size; done += READ_SIZE) {
    hash.update(await reader.read(firstByte + done, Math.min(READ_SIZE, size - done)));
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Where an OCI layout keeps the blob of a digest. https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The sha256 digest that a file name carries: `<hex>`, `sha256:<hex>`, each with or without extensions. */
export function digestInName(name: string): string | undefined {
  const hex = /(?:^|[/:])([a-f0-9]{64})(?:\.[^/]*)?$/.exec(name)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}
