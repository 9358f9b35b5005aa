import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ExpectedImage } from '../fixtures/fixture';
import { digestOf } from '../support/image-parts';

/** Where an image was pulled to, or can be pulled from. */
export interface ImageSource {
  /** The manifest of a digest; the root's where absent. */
  manifest(digest?: string): Promise<Buffer>;
  blob(digest: string): Promise<Buffer>;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly urls?: readonly string[];
}

interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

/** Reads an image with all that it names; throws unless each digest and size is right. diffIds are those of the bytes. */
export async function pulledImage(source: ImageSource): Promise<Required<Omit<ExpectedImage, 'at'>>> {
  const root = await source.manifest();
  return { digest: digestOf(root), configs: await configsOf(root, source) };
}

async function configsOf(bytes: Buffer, source: ImageSource): Promise<ExpectedImage['configs'][number][]> {
  const { manifests = [], config, layers = [] } = JSON.parse(bytes.toString()) as Manifest;
  const below: ExpectedImage['configs'][number][] = [];
  for (const child of manifests) {
    below.push(...(await configsOf(verified(child, await source.manifest(child.digest)), source)));
  }
  if (!config) return below;
  verified(config, await source.blob(config.digest));
  const diffIds: string[] = [];
  for (const layer of layers) diffIds.push(await diffIdOf(layer, source));
  const isImage = /container\.image\.v1|image\.config\.v1/.test(config.mediaType);
  return isImage ? [...below, { digest: config.digest, diffIds }] : below;
}

async function diffIdOf(layer: Descriptor, source: ImageSource): Promise<string> {
  if (layer.urls) return 'foreign';
  return digestOf(unpacked(verified(layer, await source.blob(layer.digest))));
}

function verified({ digest, size }: Descriptor, bytes: Buffer): Buffer {
  if (digestOf(bytes) === digest && bytes.length === size) return bytes;
  throw new Error(`${digest} of ${size} bytes came back as ${digestOf(bytes)} of ${bytes.length} bytes`);
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes.readUInt16BE() === 0x1f8b) return gunzipSync(bytes);
  const first = bytes.length < 4 ? 0 : bytes.readUInt32LE();
  const isSkippable = first >= 0x184d2a50 && first <= 0x184d2a5f;
  return isSkippable || first === 0xfd2fb528 ? allFrames(bytes) : bytes;
}

// zlib stops after the first zstd frame, and says how far it came.
function allFrames(bytes: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { buffer, engine } = zstdDecompressSync(bytes.subarray(at), { info: true }) as unknown as InflatedFrame;
    frames.push(buffer);
    at += engine.bytesWritten;
  }
  return Buffer.concat(frames);
}

/** What the option `info` adds. https://nodejs.org/api/zlib.html#class-options */
interface InflatedFrame {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
