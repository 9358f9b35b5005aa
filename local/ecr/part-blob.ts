import { wrongType } from './input';

const MEMBER = '"layerPartBlob"';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);
const COLON = 0x3a;

// A multiple of four, so that each step is base64 of its own; a string of all 14 MB would be one for the garbage collector.
const STEP = 64 * 1024;

/**
 * Takes the blob out of the body of an UploadLayerPart, which is 14 MB of JSON for 10 MiB: what is left is short
 * enough to parse, with an empty string where the blob was. `blob` is absent where it is not written plainly. It lies
 * in the memory of the body, whose bytes are lost.
 */
export function liftBlob(body: Buffer): { readonly json: string; readonly blob?: Buffer } {
  const span = blobSpan(body);
  if (span === undefined) return { json: body.toString() };
  const json = body.toString('utf8', 0, span.start) + body.toString('utf8', span.end);
  return { json, blob: decodeInPlace(body.subarray(span.start, span.end)) };
}

/** Decodes base64 strictly; throws SerializationException. */
export function decodeBlob(encoded: string): Buffer {
  return decodeInPlace(Buffer.from(encoded));
}

/** What is decoded is shorter than what is still to come, so it may take its place. */
function decodeInPlace(encoded: Buffer): Buffer {
  let length = 0;
  for (let at = 0; at < encoded.length; at += STEP) {
    const step = encoded.toString('latin1', at, at + STEP);
    const padding = at + STEP < encoded.length ? 0 : step.endsWith('==') ? 2 : step.endsWith('=') ? 1 : 0;
    const written = encoded.write(step, length, 'base64');
    // Buffer passes over what is not base64, which shows in the length.
    if (written !== (step.length / 4) * 3 - padding) throw wrongType('layerPartBlob', 'base64');
    length += written;
  }
  return encoded.subarray(0, length);
}

/** Between the quotes of the member's value; `undefined` where it is no string, or one with escapes. */
function blobSpan(body: Buffer): { start: number; end: number } | undefined {
  const member = body.indexOf(MEMBER);
  if (member < 0) return undefined;
  let at = skipSpaces(body, member + MEMBER.length);
  if (body[at] !== COLON) return undefined;
  at = skipSpaces(body, at + 1);
  if (body[at] !== QUOTE) return undefined;
  const start = at + 1;
  const end = body.indexOf(QUOTE, start);
  if (end < 0 || body.subarray(start, end).includes(BACKSLASH)) return undefined;
  return { start, end };
}

function skipSpaces(body: Buffer, from: number): number {
  let at = from;
  while (SPACES.has(body[at] ?? 0)) at += 1;
  return at;
}
