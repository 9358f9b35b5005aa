/** Bytes of a part of an object that is written as a stream. */
export const PIECE_SIZE = 8 * 1024 * 1024;

/**
 * A buffer of 8 MiB, with whatever was in it. A function keeps those that are given back for its next invocation: memory
 * of this size, thrown away, has the whole heap collected for it.
 */
export function lendBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(PIECE_SIZE);
}

/** Takes back a lent buffer, which nothing reads or writes any more. */
export function giveBuffer(buffer: Buffer): void {
  free.push(buffer);
}

const free: Buffer[] = [];
