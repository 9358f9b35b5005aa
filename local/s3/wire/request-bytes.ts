import type { IncomingMessage } from 'node:http';

/** The body of a request as it comes, each piece in memory of its own. */
export function piecesOf(request: IncomingMessage): AsyncIterable<Buffer> {
  // Not destroyed on an early end: the socket must live to carry the refusal.
  return request.iterator({ destroyOnReturn: false });
}

/**
 * The same, but a piece is good until the next but one is asked for: its memory is given back then, for left to be
 * collected it costs more than all that is done with it.
 */
export async function* requestBytes(request: IncomingMessage): AsyncGenerator<Buffer> {
  let before: Buffer | undefined;
  for await (const piece of piecesOf(request)) {
    yield piece;
    if (before) giveBack(before as Buffer<ArrayBuffer>);
    before = piece;
  }
}

function giveBack({ buffer, length }: Buffer<ArrayBuffer>): void {
  // Node 20 cannot.
  if (buffer.byteLength === length) buffer.transfer?.(0);
}
