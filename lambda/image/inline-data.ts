import { DigestMismatch, SizeMismatch } from '../contract/errors';
import { sha256 } from './digest';
import type { JsonNode } from './json-node';

/**
 * The content that a descriptor carries itself, held against its digest and size; `undefined` where it carries none.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#embedded-content
 */
export function dataIn(descriptor: JsonNode, digest: string, size: number): Uint8Array | undefined {
  const node = descriptor.field('data');
  const text = node.textOrNone();
  if (text === undefined) return undefined;
  const data = Buffer.from(text, 'base64');
  const place = { entry: node.entry, remedy: 'The manifest is damaged: build the image again and drop it again.' };
  if (data.length !== size) {
    const found = `${node.path} holds ${data.length} bytes`;
    throw new SizeMismatch({ ...place, found, expected: `${size} bytes, as its descriptor says` });
  }
  const found = sha256(data);
  if (found === digest) return data;
  throw new DigestMismatch({ ...place, found: `${node.path} holds bytes of digest ${found}`, expected: digest });
}
