/** Random access to the bytes of one unchanging object. */
export interface RangedReader {
  /** Bytes in the object. */
  readonly size: number;
  /** Exactly `length` bytes from `firstByte`; both lie inside the object, else a RangeError. */
  read(firstByte: number, length: number): Promise<Uint8Array>;
}
