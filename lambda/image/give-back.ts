/**
 * Gives the memory of bytes back to the machine at once, where they are all that it holds: outside the heap, it may grow to
 * a hundred MiB before it is collected, and has the whole heap collected for it. Node 20 cannot, and leaves it to be collected.
 */
export function giveBack({ buffer, length }: Uint8Array): void {
  if (buffer.byteLength === length) (buffer as ArrayBuffer).transfer?.(0);
}
