import { Readable } from 'node:stream';
import { UploadLayerPartCommand, type UploadLayerPartCommandOutput } from '@aws-sdk/client-ecr';
import { ecr } from './clients/ecr';
import type { Gate } from './gate';
import type { PartHead } from './part-body';

/** What the socket is given at once: TLS copies it, so memory above the part grows with it. */
const SLICE = 512 * 1024;

// What ends the JSON.
const HELD_BACK = 2;

/** A part whose request body is written already. */
export interface WrittenPart {
  readonly head: PartHead;
  readonly bytes: Uint8Array;
  /** Of `bytes`, in hex. */
  readonly sha256: string;
}

/**
 * UploadLayerPart with a body that is written already: the SDK signs it, repeats it and reads its answer as always, but
 * neither encodes nor hashes. The bytes must stay as they are until the promise has settled. Behind a gate the last ones wait,
 * and the request is not repeated.
 */
export async function sendWrittenPart(part: WrittenPart, gate?: Gate): Promise<UploadLayerPartCommandOutput> {
  const connection = gate?.abandoned ?? new AbortController();
  const unfinished = new Set<Readable>();
  try {
    return await ecr.send(commandOf(part, unfinished, gate), { abortSignal: connection.signal });
  } finally {
    // ECR may answer before it has the whole body, and the rest must not go out: the memory is used again.
    if (unfinished.size > 0) connection.abort();
  }
}

function commandOf(
  { head, bytes, sha256 }: WrittenPart,
  unfinished: Set<Readable>,
  gate: Gate | undefined,
): UploadLayerPartCommand {
  // Serialized from an empty blob in no time, and replaced before the length is taken.
  const command = new UploadLayerPartCommand({ ...head, layerPartBlob: new Uint8Array(0) });
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as HttpRequest;
      request.body = bytes;
      // The signature takes the digest from here where it finds one.
      request.headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { name: 'writtenBody', step: 'build', priority: 'high' },
  );
  // Innermost, once for each attempt: who repeats the request holds bytes, which can be sent again; a stream cannot.
  command.middlewareStack.add(
    (next) => async (args) => {
      if (gate?.tried) throw new Error('a part behind a gate is not sent again');
      if (gate) gate.tried = true;
      const body = Readable.from(slices(bytes, gate));
      unfinished.add(body.once('end', () => unfinished.delete(body)));
      try {
        return await next({ ...args, request: { ...(args.request as HttpRequest), body } });
      } finally {
        body.destroy();
      }
    },
    { name: 'slicedBody', step: 'deserialize', priority: 'low' },
  );
  return command;
}

interface HttpRequest {
  body: unknown;
  readonly headers: Record<string, string>;
}

async function* slices(bytes: Uint8Array, gate: Gate | undefined): AsyncGenerator<Uint8Array> {
  const end = gate ? bytes.length - HELD_BACK : bytes.length;
  if (gate) gate.begun = true;
  for (let at = 0; at < end; at += SLICE) yield bytes.subarray(at, Math.min(at + SLICE, end));
  if (await gate?.passed()) yield bytes.subarray(end);
}
