import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CompleteLayerUploadCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';

// What a first version of such a pipeline looks like: one layer in memory, one part after another, nothing but the SDK.
const [, , Bucket = '', Key = '', repositoryName = '', imageTag = ''] = process.argv;
const PART_SIZE = 10 * 1024 * 1024;
const s3 = new S3Client({});
const ecr = new ECRClient({});

interface Entry {
  readonly firstByte: number;
  readonly size: number;
}

async function main(): Promise<void> {
  const entries = await indexTarball();
  const read = async (name: string) => {
    const { firstByte, size } = entries.get(name) as Entry;
    return readRange(firstByte, firstByte + size - 1);
  };
  const layout = entries.get('index.json');
  const imageManifest = layout ? await pushLayout(read) : await pushDockerArchive(read);
  await unlessThere(ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest })));
}

async function pushLayout(read: (name: string) => Promise<Buffer>): Promise<string> {
  const blob = (digest: string) => read(`blobs/${digest.replace(':', '/')}`);
  const { manifests } = JSON.parse((await read('index.json')).toString());
  const text = (await blob(manifests[0].digest)).toString();
  const { config, layers } = JSON.parse(text);
  for (const { digest } of [config, ...layers]) await upload(await blob(digest));
  return text;
}

async function pushDockerArchive(read: (name: string) => Promise<Buffer>): Promise<string> {
  const [{ Config, Layers }] = JSON.parse((await read('manifest.json')).toString());
  const config = await upload(await read(Config));
  const layers = [];
  for (const name of Layers as string[]) layers.push(await upload(gzipSync(await read(name), { level: 6 })));
  const type = (name: string) => `application/vnd.docker.${name}`;
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: type('distribution.manifest.v2+json'),
    config: { mediaType: type('container.image.v1+json'), ...config },
    layers: layers.map((layer) => ({ mediaType: type('image.rootfs.diff.tar.gzip'), ...layer })),
  });
}

async function upload(blob: Buffer): Promise<{ digest: string; size: number }> {
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  for (let partFirstByte = 0; partFirstByte < blob.length; partFirstByte += PART_SIZE) {
    const layerPartBlob = blob.subarray(partFirstByte, partFirstByte + PART_SIZE);
    const partLastByte = partFirstByte + layerPartBlob.length - 1;
    await ecr.send(
      new UploadLayerPartCommand({ repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob }),
    );
  }
  const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
  await unlessThere(ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] })));
  return { digest, size: blob.length };
}

async function unlessThere(call: Promise<unknown>): Promise<void> {
  await call.catch((error: Error) => {
    if (!/^(Layer|Image)AlreadyExistsException$/.test(error.name)) throw error;
  });
}

async function indexTarball(): Promise<Map<string, Entry>> {
  const { ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 512 <= ContentLength; ) {
    const header = await readRange(at, at + 511);
    const name = header.toString('latin1', 0, 100).replace(/\0.*$/, '');
    if (!name) break;
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    entries.set(name, { firstByte: at + 512, size });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

async function readRange(firstByte: number, lastByte: number): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${firstByte}-${lastByte}` }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

void main();
