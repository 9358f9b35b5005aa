import type { IncomingMessage } from 'node:http';

/**
 * The body of a request as it comes. A piece is good until the next but one is asked for: Node's HTTP parser gives each its
 * own memory, which is given back at once, for left to be collected it costs more than all that is done with it.
 */
export async function* requestBytes(request: IncomingMessage): AsyncGenerator<Buffer> {
  let before: Buffer | undefined;
  // Not destroyed on an early end: the socket must live to carry the refusal.
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    yield piece;
    if (before) giveBack(before as Buffer<ArrayBuffer>);
    before = piece;
  }
}

function giveBack({ buffer, length }: Buffer<ArrayBuffer>): void {
  // Node 20 cannot.
  if (buffer.byteLength === length) buffer.transfer?.(0);
}
