import { DigestMismatch, LimitExceeded, ManifestInvalid, ManifestMissing } from '../contract/errors';
import type { RangedReader } from '../tar/ranged-reader';
import { readEntry } from '../tar/read-entry';
import type { TarEntry, TarIndex } from '../tar/tar-index';
import { sha256 } from './digest';
import { JsonNode } from './json-node';

/** A tar and what lies where in it. */
export interface Tarball {
  readonly reader: RangedReader;
  readonly index: TarIndex;
}

/** A manifest, index or config. */
export interface JsonDocument {
  /** Where it lies. */
  readonly entry: Pick<TarEntry, 'name' | 'size' | 'firstByte'>;
  /** Its bytes, where a descriptor in `entry` carries them. */
  readonly data?: Uint8Array;
  /** Digest of its bytes. */
  readonly digest: string;
  readonly root: JsonNode;
}

/** Bytes that a manifest, an index or a config may have: what ECR's PutImage takes. */
const LARGEST = 4_194_304;
const DEEPEST = 64;
const REMEDY = 'The tarball is damaged, or not written by an image tool: save the image again.';

/**
 * Reads a JSON entry, and holds it against the digest it is known by before it is parsed. DigestMismatch,
 * LimitExceeded over 4,194,304 bytes or 64 levels, ManifestInvalid where it is no JSON.
 */
export async function readDocument(tarball: Tarball, entry: TarEntry, claimed?: string): Promise<JsonDocument> {
  const bytes = await readEntry(tarball.reader, entry, LARGEST);
  const digest = sha256(bytes);
  if (claimed !== undefined && digest !== claimed) throw otherDigest(entry, digest, claimed);
  return { entry, digest, root: new JsonNode(parseJson(bytes, entry), entry.name) };
}

/** The JSON that a descriptor in the entry of this name carries. LimitExceeded, ManifestInvalid. */
export function inlineDocument(data: Uint8Array, name: string): JsonDocument {
  const root = new JsonNode(parseJson(data, { name }), name);
  return { entry: { name, size: data.length, firstByte: 0 }, data, digest: sha256(data), root };
}

/** Reads the JSON file of this name; ManifestMissing where the tarball has none. */
export async function readNamedDocument(tarball: Tarball, name: string): Promise<JsonDocument> {
  const member = tarball.index.find(name);
  if (member) return readDocument(tarball, tarball.index.resolve(member));
  throw new ManifestMissing({ found: `the tarball has no ${name}`, expected: name, remedy: REMEDY });
}

function otherDigest(entry: TarEntry, found: string, claimed: string): DigestMismatch {
  return new DigestMismatch({
    found: `the bytes have digest ${found}`,
    entry: entry.name,
    offset: entry.firstByte,
    expected: claimed,
    remedy: 'The tarball is damaged: save the image again and drop it again.',
  });
}

function parseJson(bytes: Uint8Array, { name: entry, firstByte }: Partial<TarEntry> & { name: string }): unknown {
  const place = { entry, ...(firstByte === undefined ? {} : { offset: firstByte }) };
  if (depthOf(bytes) > DEEPEST) {
    const found = 'the JSON document is nested too deep';
    throw new LimitExceeded({ ...place, found, expected: `at most ${DEEPEST} levels`, remedy: REMEDY });
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const finding = { ...place, found: 'the entry is not JSON', expected: 'a JSON document in UTF-8', remedy: REMEDY };
    throw new ManifestInvalid(finding, { cause });
  }
}

// Counted before parsing, on bytes: no byte of a longer UTF-8 sequence equals a bracket, a quote or a backslash.
function depthOf(bytes: Uint8Array): number {
  let deepest = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const character = bytes[at];
    if (quoted) {
      if (character === BACKSLASH) at += 1;
      else if (character === QUOTE) quoted = false;
    } else if (character === QUOTE) quoted = true;
    else if (character === OPEN_BRACE || character === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [...Buffer.from('"\\{}[]')];
