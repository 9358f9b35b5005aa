import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { OuterCorrupt, SlipwayError } from '../contract/errors';
import { REMAKE, UPLOAD_AGAIN } from '../tar/remedies';
import { zstdFrames } from './zstd-frames';

/** Compressions that are unpacked. */
export type Compression = 'gzip' | 'zstd';

// One turn of the engine gives at most this many bytes. It takes one piece at a time, so that none waits in memory.
const OPTIONS = { chunkSize: 128 * 1024, writableHighWaterMark: 1 };

/**
 * Decompresses a whole stream: gzip with any number of members, zstd with any number of frames. Zeros after the last
 * gzip member are padding, as for `gzip -d`; anything else there is refused. OuterCorrupt, and those of zstd frames.
 */
export function decompress(compression: Compression, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return compression === 'gzip'
    ? run('gzip', createGunzip(OPTIONS), pieces)
    : run('zstd', createZstdDecompress(OPTIONS), zstdFrames(pieces));
}

type Engine = Gunzip | ZstdDecompress;

async function* run(name: Compression, engine: Engine, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const fed = feed(engine, pieces);
  // An error of the source ends the engine, and comes out where its bytes would, or after the last of them.
  engine.on('error', () => undefined);
  fed.catch((error: Error) => engine.destroy(error));
  try {
    for await (const piece of engine) yield piece as Buffer;
    await fed;
  } catch (error) {
    throw isOfEngine(error) ? corrupt(name, error, engine.bytesWritten) : error;
  } finally {
    engine.destroy();
    await fed.catch(() => undefined);
  }
}

async function feed(engine: Engine, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let firstByte = 0;
  let isOver = false;
  for await (const piece of pieces) {
    if (!isOver) await written(engine, piece);
    if (engine.destroyed) return;
    const end = firstByte + piece.length;
    // What the engine leaves lies behind the last member.
    isOver ||= engine.bytesWritten < end;
    if (isOver) refuseTrailing(piece, firstByte, engine.bytesWritten);
    firstByte = end;
  }
  // Without a single frame there is no content, which is no fault of the engine.
  if (firstByte > 0) engine.end();
  else engine.push(null);
}

/** Resolves when the engine has taken the piece, or will take no more. */
function written(engine: Engine, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      engine.off('drain', done).off('close', done);
      resolve();
    };
    engine.once('drain', done).once('close', done);
    if (engine.destroyed || engine.write(piece)) done();
  });
}

/** Looks at what lies behind the last byte that the engine took. */
function refuseTrailing(piece: Uint8Array, firstByte: number, taken: number): void {
  const from = Math.max(taken - firstByte, 0);
  const at = piece.subarray(from).findIndex((byte) => byte !== 0);
  if (at < 0) return;
  throw new OuterCorrupt({
    found: 'bytes follow the padding after the gzip data',
    offset: firstByte + from + at,
    expected: 'zeros, or the end of the object',
    remedy: REMAKE,
  });
}

function isOfEngine(error: unknown): error is NodeJS.ErrnoException {
  if (error instanceof SlipwayError) return false;
  return /^(?:Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '');
}

function corrupt(name: Compression, error: NodeJS.ErrnoException, taken: number): OuterCorrupt {
  const isShort = error.code === 'Z_BUF_ERROR';
  const finding = {
    found: isShort ? `the ${name} data ends early` : `the ${name} data cannot be decompressed: ${error.message}`,
    offset: taken,
    expected: isShort ? 'its checksum at its end' : `data that "${name} -t" finds no fault with`,
    remedy: isShort ? UPLOAD_AGAIN : REMAKE,
  };
  return new OuterCorrupt(finding, { cause: error });
}
