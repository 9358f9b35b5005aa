import type { CrcKind } from './reflected-crc';

/** The CRC of some bytes and how many they are. */
export interface CrcOfPart {
  readonly crc: Buffer;
  /** Bytes. */
  readonly size: number;
}

/** The CRC of the parts put end to end, from their own CRCs alone: what S3 calls a FULL_OBJECT checksum. */
export function combineCrcs(kind: CrcKind, parts: readonly CrcOfPart[]): Buffer {
  // Parts are nearly all of one size, so the costly power is worked out once for each size.
  const shifts = new Map<number, bigint>();
  let combined = 0n;
  for (const { crc, size } of parts) {
    const shift = shifts.get(size) ?? powerOfX(kind, size);
    shifts.set(size, shift);
    combined = multiply(kind, combined, shift) ^ BigInt(`0x${crc.toString('hex')}`);
  }
  return Buffer.from(combined.toString(16).padStart(kind.width / 4, '0'), 'hex');
}

/** x to the power of 8 × bytes, modulo the polynomial. */
function powerOfX(kind: CrcKind, bytes: number): bigint {
  const one = 1n << BigInt(kind.width - 1);
  let power = one;
  let square = one >> 8n;
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(kind, power, square);
    square = multiply(kind, square, square);
  }
  return power;
}

/** Product of two reflected polynomials: the highest bit is x to the power of 0. */
function multiply(kind: CrcKind, left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = 1n << BigInt(kind.width - 1); bit > 0n; bit >>= 1n) {
    if (left & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ kind.polynomial : shifted >> 1n;
  }
  return product;
}
