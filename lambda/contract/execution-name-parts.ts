const LONGEST_NAME = 80;
const HASH_DIGITS = 24;

/** What the hash in a name is taken of: key and version in UTF-16, low bytes first. */
export function hashedPart(key: string, version: string): Uint8Array {
  const text = `${key}\0${version}`;
  const bytes = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at++) bytes.setUint16(2 * at, text.charCodeAt(at), true);
  return new Uint8Array(bytes.buffer);
}

/** The name: the end of the key, for people, and the beginning of the SHA-256 of {@link hashedPart} in hex. */
export function nameOf(key: string, sha256: string): string {
  const legible = key.replace(/[^A-Za-z0-9_-]/g, '_').slice(-(LONGEST_NAME - HASH_DIGITS - 1));
  return `${legible}-${sha256.slice(0, HASH_DIGITS)}`;
}
