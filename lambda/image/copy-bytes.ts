/**
 * Copies all bytes of `from` into `to`, where `at` says. Their own `set` goes byte by byte where threads share one of the
 * two and their addresses are not alike.
 */
export function copyBytes(from: Uint8Array, to: Uint8Array, at: number): void {
  Buffer.from(from.buffer, from.byteOffset, from.length).copy(to, at);
}
