import type { IncomingMessage } from 'node:http';

/** Reads a whole body; `undefined` where it is longer than `maxBytes`. Rejects when the client hangs up. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (declared > maxBytes) return undefined;
  // Filled in place where the length is known: a part is 14 MB, and joining its pieces would copy it once more.
  if (Number.isSafeInteger(declared)) return readInto(request, Buffer.allocUnsafe(declared));
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of piecesOf(request)) {
    length += piece.length;
    if (length > maxBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

/** Cuts a body of any length into slices of `size` bytes, the last one shorter. A slice is only good until the next is asked for. */
export async function* slicesOf(request: IncomingMessage, size: number): AsyncGenerator<Buffer> {
  const slice = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const piece of piecesOf(request)) {
    let taken = 0;
    while (taken < piece.length) {
      const copied = piece.copy(slice, filled, taken);
      filled += copied;
      taken += copied;
      if (filled < size) continue;
      yield slice;
      filled = 0;
    }
    giveBack(piece);
  }
  if (filled > 0) yield slice.subarray(0, filled);
}

async function readInto(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  let filled = 0;
  for await (const piece of piecesOf(request)) {
    filled += piece.copy(body, filled);
    giveBack(piece);
  }
  return body.subarray(0, filled);
}

/** Frees memory that nothing uses any more: left to be collected, that of bodies costs more than what is done with them. */
export function giveBack({ buffer, length }: Buffer): void {
  // The HTTP parser gives each piece memory of its own; small buffers of Node share theirs. Node 20 cannot.
  if (buffer.byteLength === length) (buffer as ArrayBuffer).transfer?.(0);
}

/** The request outlives a reader that stops early: its answer goes over the same socket. */
function piecesOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false });
}
