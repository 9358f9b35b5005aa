import { DescribeImagesCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { dockerArchive } from '../support/docker-archive-builder';
import { flipped, hexOf, layersOf } from '../support/image-parts';
import { type BuiltDescriptor, OciLayoutBuilder } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';
import { file, tarball } from '../support/tar-writer';

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start();
});
afterAll(() => slipway.stop());

interface BadInput {
  readonly bytes: Uint8Array;
  readonly code: string;
  /** What the cause names: an entry, mostly. */
  readonly names: string;
}

const page = '<!DOCTYPE html><html><head><title>403 Forbidden</title></head></html>';
const archive = () => dockerArchive({ layers: 2 });
const layout = layoutOf(2);

const BAD_INPUT: Record<string, () => BadInput> = {
  'bytes that are no tar': () => ({ bytes: Buffer.alloc(4096, 'x'), code: 'NotAnArchive', names: 'offset 0' }),
  'an HTML page': () => ({ bytes: Buffer.from(page), code: 'NotAnArchive', names: 'an HTML page' }),
  'an empty object': () => ({ bytes: Buffer.alloc(0), code: 'EmptyObject', names: 'no bytes' }),
  'a tar without images': () => ({
    bytes: tarball([file('notes.txt', 'x')]).toBuffer(),
    code: 'ManifestMissing',
    names: 'manifest.json',
  }),
  'a truncated layout': () => {
    const whole = layout.builder.tarball([layout.manifest]).toBuffer();
    const lastByte = whole.indexOf(layout.builder.bytesOf(layout.layer)) + layout.layer.size - 1;
    return { bytes: whole.subarray(0, lastByte), code: 'TarTruncated', names: entryOf(layout.layer) };
  },
  'a layout without one of its layers': () => ({
    bytes: layout.builder.tarball([layout.manifest], { without: [layout.layer.digest] }).toBuffer(),
    code: 'BlobMissing',
    names: layout.layer.digest,
  }),
  'a docker archive without one of its layers': () => {
    const absent = archive().list[0]?.Layers[1] ?? '';
    const { tarball } = dockerArchive({ layers: 2, without: (name) => name === absent });
    return { bytes: tarball.toBuffer(), code: 'BlobMissing', names: absent };
  },
  'a docker archive without its config': () => {
    const absent = archive().list[0]?.Config ?? '';
    const { tarball } = dockerArchive({ layers: 2, without: (name) => name === absent });
    return { bytes: tarball.toBuffer(), code: 'BlobMissing', names: absent };
  },
  'a layout whose manifest has another digest': () => damaged(layout.manifest),
  'a layout whose config has another digest': () => damaged(layout.config),
  'a layout whose layer has another digest': () => damaged(layout.layer),
  'a layout whose layer has another size': () => ({
    bytes: withBlob(layout.layer, Buffer.concat([layout.builder.bytesOf(layout.layer), Buffer.from('x')])),
    code: 'SizeMismatch',
    names: entryOf(layout.layer),
  }),
  'a docker archive whose config has another digest': () => {
    const [name = '', { config } = { config: Buffer.alloc(0) }] = [archive().list[0]?.Config, archive().images[0]];
    const extra = [file(name, Buffer.from(config.toString().replace('amd64', 'arm64')))];
    const { tarball } = dockerArchive({ layers: 2, without: (entry) => entry === name, extra });
    return { bytes: tarball.toBuffer(), code: 'DigestMismatch', names: name };
  },
  'a docker archive whose plain layer has another diffId': () => {
    const layers = layersOf(2);
    const [first, last] = layers.map(({ diffId }) => diffId);
    const { tarball, list } = dockerArchive({ layers, diffIds: [first ?? '', last?.replace(/.$/, opposite) ?? ''] });
    return { bytes: tarball.toBuffer(), code: 'DiffIdMismatch', names: list[0]?.Layers[1] ?? '' };
  },
  'a docker archive whose compressed layer has another digest': () => {
    const [layer] = layersOf(1, { compression: 'gzip' });
    if (!layer) throw new RangeError('one layer is made');
    const broken = { ...layer, stored: flipped(layer.stored) };
    const { tarball, list } = dockerArchive({ style: 'ggcr', layers: [broken] });
    return { bytes: tarball.toBuffer(), code: 'DigestMismatch', names: list[0]?.Layers[0] ?? '' };
  },
};

test.each(Object.keys(BAD_INPUT))('%s fails by name, before anything is uploaded', async (name) => {
  const { bytes, code, names } = BAD_INPUT[name]?.() ?? { bytes: Buffer.alloc(0), code: '', names: '' };
  const key = `team-a/${name.replaceAll(/\W+/g, '-').toLowerCase()}/1.tar`;
  const push = await slipway.drop(key, bytes);

  expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code, retryable: false } });
  expect(push.diagnosis?.cause).toContain(names);
  expect(push.diagnosis?.remedy).toMatch(/^[A-Z].+\.$/);
  expect(push.diagnosis?.subject).toBe(`s3://${slipway.cloud.dropBucket}/${key}`);
  expect(await slipway.document(push, 'failure')).toEqual(push.diagnosis);

  const { calls } = slipway.cloud.ecr.sent;
  const written = ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'];
  expect(written.filter((operation) => calls.has(operation))).toEqual([]);
  expect(await imagesInRegistry()).toBe(0);
  expect(await attempts(push)).toBe(push.states.filter((state) => TASKS.has(state)).length);
  expect(await versionsOf(key)).toEqual([bytes.length]);
  expect(Buffer.compare(await storedBytes(key), bytes)).toBe(0);
});

const TASKS = new Set([
  'InspectTarball',
  'PrepareRepositories',
  'StageLayer',
  'FindMissingLayers',
  'VerifyPack',
  'DiagnoseImage',
  'WriteReceipt',
  'DiagnoseFailure',
]);

/** Tries of all Task states together. */
async function attempts({ executionArn }: EndedPush): Promise<number> {
  return (await slipway.history(executionArn)).filter(({ type }) => type === 'TaskScheduled').length;
}

async function imagesInRegistry(): Promise<number> {
  const { repositories = [] } = await slipway.ecr.send(new DescribeRepositoriesCommand({}));
  const listed = await Promise.all(
    repositories.map(({ repositoryName }) => slipway.ecr.send(new DescribeImagesCommand({ repositoryName }))),
  );
  return listed.flatMap(({ imageDetails = [] }) => imageDetails).length;
}

async function versionsOf(key: string): Promise<(number | undefined)[]> {
  const list = new ListObjectVersionsCommand({ Bucket: slipway.cloud.dropBucket, Prefix: key });
  return ((await slipway.s3.send(list)).Versions ?? []).map(({ Size }) => Size);
}

async function storedBytes(key: string): Promise<Uint8Array> {
  const { Body } = await slipway.s3.send(new GetObjectCommand({ Bucket: slipway.cloud.dropBucket, Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

function layoutOf(layers: number) {
  const builder = new OciLayoutBuilder();
  const manifest = builder.image({ layers });
  const body = JSON.parse(builder.bytesOf(manifest).toString()) as {
    config: BuiltDescriptor;
    layers: [BuiltDescriptor, ...BuiltDescriptor[]];
  };
  return { builder, manifest, config: body.config, layer: body.layers[0] };
}

/** The layout with one bit of a blob turned over. */
function damaged(blob: BuiltDescriptor): BadInput {
  const bytes = withBlob(blob, flipped(layout.builder.bytesOf(blob)));
  return { bytes, code: 'DigestMismatch', names: entryOf(blob) };
}

function entryOf({ digest }: BuiltDescriptor): string {
  return `in entry "blobs/sha256/${hexOf(digest)}"`;
}

/** The layout with other bytes for one blob. */
function withBlob({ digest }: BuiltDescriptor, bytes: Uint8Array): Uint8Array {
  const extra = [file(`blobs/sha256/${hexOf(digest)}`, bytes)];
  return layout.builder.tarball([layout.manifest], { without: [digest], extra }).toBuffer();
}

function opposite(digit: string): string {
  return digit === '0' ? '1' : '0';
}
