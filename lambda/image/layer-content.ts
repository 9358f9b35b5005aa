import { createHash } from 'node:crypto';
import { LayerCorrupt, LimitExceeded, OuterCorrupt, Unsupported } from '../contract/errors';
import type { Finding } from '../contract/finding';
import { type Compression, decompress } from './decompress';
import { kindOf, PEEK } from './magic';
import { mostUnpacked } from './outer-compression';

/** Where a layer lies: in the tarball, or in an object of its own. */
interface LayerPlace {
  readonly entry: string;
  readonly firstByte: number;
  /** Bytes, as they lie. */
  readonly size: number;
}

/**
 * The diffId of a layer, told from its bytes: decompressed as a stream where they are gzip or zstd. LayerCorrupt where
 * that cannot be done; LimitExceeded for a zstd window above 128 MiB, or more than 1 GiB that is more than 1,100 times
 * the layer; Unsupported for zstd with a dictionary.
 */
export async function diffIdOf(layer: LayerPlace, pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  const most = mostUnpacked(layer.size, Number.POSITIVE_INFINITY);
  let size = 0;
  try {
    for await (const piece of content(pieces)) {
      hash.update(piece);
      size += piece.length;
      if (size > most) throw tooMuch(most);
    }
  } catch (error) {
    throw ofLayer(error, layer);
  }
  return `sha256:${hash.digest('hex')}`;
}

async function* content(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (let next = await source.next(); !next.done; next = await source.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= PEEK) break;
  }
  const whole = joined(head, source);
  const kind = kindOf(head.subarray(0, PEEK));
  yield* isCompression(kind) ? decompress(kind, whole) : whole;
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function isCompression(kind: string): kind is Compression {
  return kind === 'gzip' || kind === 'zstd';
}

const SAVE_AGAIN = 'Build or save the image again: no container runtime could unpack this layer.';
const NOT_DEEP = 'Compress the layer with the usual settings of its tool, or push it with "verify": "before".';

function tooMuch(most: number): LimitExceeded {
  return new LimitExceeded({
    found: 'the layer unpacks to more than it may',
    expected: `at most ${most} bytes: 1,100 times its size, and 1 GiB is always taken`,
    remedy: NOT_DEEP,
  });
}

/** What decompression finds is told of a whole tarball: here it is a layer. */
function ofLayer(error: unknown, layer: LayerPlace): unknown {
  if (error instanceof OuterCorrupt)
    return new LayerCorrupt(placed(error.finding, layer, SAVE_AGAIN), { cause: error });
  if (error instanceof LimitExceeded)
    return new LimitExceeded(placed(error.finding, layer, NOT_DEEP), { cause: error });
  if (error instanceof Unsupported) return new Unsupported(placed(error.finding, layer, NOT_DEEP), { cause: error });
  return error;
}

function placed(finding: Finding, { entry, firstByte }: LayerPlace, remedy: string): Finding {
  return { ...finding, entry, offset: firstByte + (finding.offset ?? 0), remedy };
}
