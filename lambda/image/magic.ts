import { BLOCK, hasChecksum, hasMagic, isZero } from '../tar/header-block';

/** What bytes are, told by the bytes alone: names and extensions lie. */
export type ContentKind = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'tar' | 'json' | 'unknown';

/** Bytes from the start of some content that are enough to tell its kind. */
export const PEEK = BLOCK;

const SIGNATURES: readonly (readonly [ContentKind, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];

/** Kind of content by its first `PEEK` bytes, or all of them where there are fewer. */
export function kindOf(head: Uint8Array): ContentKind {
  // A tar can begin with any file name, so with the bytes of any signature: its header block is looked at first.
  if (isTar(head)) return 'tar';
  const signature = SIGNATURES.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (signature) return signature[0];
  if (isSkippableFrame(head)) return 'zstd';
  return isJson(head) ? 'json' : 'unknown';
}

function isTar(head: Uint8Array): boolean {
  if (head.length < BLOCK) return false;
  const block = head.subarray(0, BLOCK);
  // The layer of an empty directory is nothing but end-of-archive blocks.
  return isZero(block) || hasMagic(block) || hasChecksum(block);
}

// zstd may begin with a skippable frame (zstd:chunked, pzstd): 0x184D2A50 to 5F, little endian. RFC 8878, 3.1.2.
function isSkippableFrame(head: Uint8Array): boolean {
  return head[3] === 0x18 && head[2] === 0x4d && head[1] === 0x2a && ((head[0] ?? 0) & 0xf0) === 0x50;
}

function isJson(head: Uint8Array): boolean {
  return /^\s*[{[]/.test(Buffer.from(head).toString('latin1'));
}
