// A byte order mark is part of the name: dropping it would make two names one.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of header bytes: UTF-8, else one character per byte so that names which are no UTF-8 stay distinct. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}

/** Text of a fixed-width field: up to its first NUL. */
export function decodeField(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decodeText(end < 0 ? field : field.subarray(0, end));
}
