import { EmptyObject, LimitExceeded } from '../contract/errors';
import { requireTarHead } from '../tar/look-alike';
import { UPLOAD_AGAIN } from '../tar/remedies';
import { type Compression, decompress } from './decompress';
import { kindOf } from './magic';

/** Bounds of one unpacking. */
export interface UnpackLimits {
  /** Most bytes that may come out. */
  readonly bytes: number;
  /** Whether there is time for more. */
  mayGoOn(): boolean;
}

const GIB = 1024 ** 3;
// Deflate cannot do better than 1,032 to 1, so only a zstd bomb meets this before it meets the bound in bytes.
const MOST_RATIO = 1_100;

/** How a tarball is compressed as a whole, told by its first bytes; undefined where it is none that is unpacked. */
export function outerCompression(head: Uint8Array): Compression | undefined {
  const kind = kindOf(head);
  return kind === 'gzip' || kind === 'zstd' ? kind : undefined;
}

/** Most bytes that `size` compressed bytes may unpack to: the smaller of `most` and 1,100 to 1, the first GiB free. */
export function mostUnpacked(size: number, most: number): number {
  return Math.min(most, Math.max(GIB, size * MOST_RATIO));
}

/**
 * Unpacks a tarball that is compressed as a whole; gives nothing before it is known that a tar may begin there.
 * OuterCorrupt, LimitExceeded, EmptyObject, NotAnArchive, and Unsupported for what is compressed twice.
 */
export async function* unpackTarball(
  compression: Compression,
  pieces: AsyncIterable<Uint8Array>,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  const subject = `the content of the ${compression} data`;
  // As much as shows a disk image, whose name stands behind its first 32 KiB.
  const head = Buffer.alloc(64 * 1024);
  let size = 0;
  for await (const piece of decompress(compression, pieces)) {
    const kept = Math.min(size, head.length);
    head.set(piece.subarray(0, head.length - kept), kept);
    size += piece.length;
    refuseExcess(size, limits);
    if (size < head.length) continue;
    if (kept < head.length) {
      await requireTarHead(head, subject);
      yield head;
    }
    yield piece.subarray(head.length - kept);
  }
  if (size === 0) throw nothingInside(subject);
  if (size >= head.length) return;
  await requireTarHead(head.subarray(0, size), subject);
  yield head.subarray(0, size);
}

function refuseExcess(size: number, { bytes, mayGoOn }: UnpackLimits): void {
  const remedy = 'Decompress the tarball before you drop it: a plain tar is read in place, whatever its size.';
  if (size > bytes) {
    const found = 'the tarball unpacks to more than it may';
    const rule = '1,100 times the size of the object (1 GiB is always taken), and 78 GiB at most';
    throw new LimitExceeded({ found, expected: `at most ${bytes} bytes: ${rule}`, remedy });
  }
  if (mayGoOn()) return;
  const found = `${size} bytes were unpacked when the time of the function was nearly used up`;
  throw new LimitExceeded({ found, expected: 'a tarball that is unpacked within 15 minutes', remedy });
}

function nothingInside(subject: string): EmptyObject {
  return new EmptyObject({ found: `${subject} has no bytes`, expected: 'a tar', remedy: UPLOAD_AGAIN });
}
