import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ObjectVersion } from '../../lambda/contract/push-plan';
import type { Compression } from '../../lambda/image/decompress';
import { PEEK } from '../../lambda/image/magic';
import { mostUnpacked, outerCompression, unpackTarball } from '../../lambda/image/outer-compression';
import type { RangedReader } from '../../lambda/tar/ranged-reader';
import type { Aws } from '../aws';
import { CommandError } from '../command-error';
import { fileReader } from './file-reader';
import { parseS3Url, s3Tarball } from './s3-reader';

/** A tarball that can be read at any place. */
export interface OpenTarball {
  /** A path, `s3://bucket/key`, or `-`. */
  readonly name: string;
  /** Bytes, as it lies. */
  readonly size: number;
  /** How it is compressed as a whole; `plain` is what it unpacks to then. */
  readonly compression?: Compression;
  readonly plain: RangedReader;
  /** Of one that lies in S3. */
  readonly version?: ObjectVersion;
  readonly metadata: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Standard input, as it is named on the command line. */
export const STANDARD_INPUT = '-';

/** What one push may unpack: the bound that the workflow has, too. */
const MOST_UNPACKED = 78 * 1024 ** 3;
const WINDOW = 4 * 1024 * 1024;

/**
 * Opens a file, an object in S3, or standard input, which is kept in a temporary file until it is closed. One that is
 * compressed as a whole is unpacked to such a file. CommandError, OuterCorrupt, LimitExceeded, NotAnArchive.
 */
export async function openTarball(name: string, clients: () => Pick<Aws, 's3'>): Promise<OpenTarball> {
  const opened = await opening(name, clients);
  try {
    const head = await opened.plain.read(0, Math.min(PEEK, opened.size));
    const compression = outerCompression(head);
    return compression ? await unpacked(opened, compression) : opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function opening(name: string, clients: () => Pick<Aws, 's3'>): Promise<OpenTarball> {
  const place = parseS3Url(name);
  if (place) {
    const { reader, version, metadata } = await s3Tarball(clients(), place.bucket, place.key);
    return { name, size: reader.size, plain: reader, version, metadata, close: async () => undefined };
  }
  const file = name === STANDARD_INPUT ? await kept(process.stdin) : await ofUser(name);
  return { name, size: file.size, plain: file, metadata: {}, close: file.close };
}

async function ofUser(path: string) {
  return fileReader(path).catch((error: Error) => {
    throw new CommandError(`${path} cannot be read: ${error.message}`, 'Name a tarball file that can be read.');
  });
}

async function unpacked(opened: OpenTarball, compression: Compression): Promise<OpenTarball> {
  const limits = { bytes: mostUnpacked(opened.size, MOST_UNPACKED), mayGoOn: () => true };
  const plain = await kept(unpackTarball(compression, piecesOf(opened.plain), limits));
  const close = async () => {
    await plain.close();
    await opened.close();
  };
  return { ...opened, compression, plain, close };
}

async function* piecesOf(reader: RangedReader): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < reader.size; at += WINDOW) yield reader.read(at, Math.min(WINDOW, reader.size - at));
}

/** Keeps what streams by in a temporary file. */
async function kept(pieces: AsyncIterable<Uint8Array>) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-tarball-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(Readable.from(pieces), createWriteStream(join(folder, 'plain.tar')));
    const reader = await fileReader(join(folder, 'plain.tar'));
    const close = async () => {
      await reader.close();
      await remove();
    };
    return { ...reader, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
