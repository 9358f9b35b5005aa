import { NetworkUnreachable } from '../contract/errors';
import type { ObjectVersion } from '../contract/push-plan';
import { giveBack } from '../image/give-back';
import { rangePieces, sentOtherLength } from './source-object';

/**
 * The bytes from `firstByte` on, at least one, as S3 sends them, and no faster than they are asked for. Where a connection
 * breaks, another goes on from the byte that it came to. Errors of the object, and NetworkUnreachable where a connection
 * brings nothing.
 * @param reused a piece is good until the next is asked for: its memory is given back
 */
export async function* streamRange(
  object: ObjectVersion,
  owner: string,
  firstByte: number,
  size: number,
  { reused = false } = {},
): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < size; ) {
    const before = sent;
    try {
      for await (const piece of rangePieces(object, owner, { firstByte: firstByte + sent, length: size - sent })) {
        sent += piece.length;
        if (sent > size) throw sentOtherLength(sent, size);
        yield piece;
        if (reused) giveBack(piece);
      }
    } catch (error) {
      const goesOn = error instanceof NetworkUnreachable && sent > before && sent < size;
      if (!goesOn) throw error;
    }
    if (sent === before) throw sentOtherLength(sent, size);
  }
}
