import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { combineCrcs } from './combine-crc';
import { CRC32, CRC32C, CRC64NVME, type CrcKind, ReflectedCrc } from './reflected-crc';

/** Algorithms this S3 knows. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
/** One of them. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** COMPOSITE is a checksum of part checksums; FULL_OBJECT is one of all bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** The checksum kept with an object or part. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** A checksum that bytes are fed to. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** Begins a checksum. */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'CRC32') return new NativeCrc32();
  const kind = CRC_KINDS[algorithm];
  if (kind) return new ReflectedCrc(kind);
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

/** Length of a digest in bytes. */
export function digestLength(algorithm: ChecksumAlgorithm): number {
  return { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 }[algorithm];
}

/** Reads an algorithm's name as it stands in a header; `undefined` where it is none of ours. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm | undefined {
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
}

/** The types an algorithm can have in a multipart upload, the default first. */
export function checksumTypes(algorithm: ChecksumAlgorithm): readonly ChecksumType[] {
  if (algorithm === 'CRC64NVME') return ['FULL_OBJECT'];
  return CRC_KINDS[algorithm] ? ['COMPOSITE', 'FULL_OBJECT'] : ['COMPOSITE'];
}

/** The checksum of an object from those of its parts. */
export function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly { readonly value: string; readonly size: number }[],
): Checksum {
  const digests = parts.map(({ value, size }) => ({ crc: Buffer.from(value, 'base64'), size }));
  const kind = CRC_KINDS[algorithm];
  if (type === 'FULL_OBJECT' && kind) {
    return { algorithm, type, value: combineCrcs(kind, digests).toString('base64') };
  }
  const checksum = startChecksum(algorithm);
  for (const { crc } of digests) checksum.update(crc);
  return { algorithm, type: 'COMPOSITE', value: `${checksum.digest().toString('base64')}-${parts.length}` };
}

const CRC_KINDS: Partial<Record<ChecksumAlgorithm, CrcKind>> = { CRC32, CRC32C, CRC64NVME };

class NativeCrc32 implements RunningChecksum {
  private crc = 0;

  update(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.crc);
    return bytes;
  }
}
