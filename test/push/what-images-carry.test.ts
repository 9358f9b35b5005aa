import { aws } from '../../cli/aws';
import { verifyImage } from '../../cli/verify-image';
import { dockerArchive } from '../support/docker-archive-builder';
import { hexOf } from '../support/image-parts';
import { named, OciLayoutBuilder } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';
import type { Tarball } from '../support/tar-writer';

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start();
});
afterAll(() => slipway.stop());

const verify = (repository: string, digest = '') => verifyImage(aws(slipway.cloud.environment), repository, digest);

async function push(tarball: Tarball, repository: string, more: Record<string, string | readonly string[]> = {}) {
  const metadata = Object.entries(more).map(([name, value]) => [`slipway-${name}`, String(value)]);
  return slipway.drop(`${repository}/1.tar`, tarball.toBuffer(), Object.fromEntries(metadata));
}

function partial(seed: number) {
  const builder = new OciLayoutBuilder();
  const [here, elsewhere] = [
    builder.image({ platform: 'linux/amd64', seed }),
    builder.image({ platform: 'linux/arm64', seed: seed + 1 }),
  ];
  const index = builder.index([here, elsewhere]);
  return { index, here, elsewhere, tarball: builder.tarball([index], { without: [elsewhere.digest] }) };
}

test('a partial tarball fails before any write, and is pushed as the request says', async () => {
  const { index, here, elsewhere, tarball } = partial(1);
  const strict = await push(tarball, 'partial/strict', { missing: 'strict' });
  expect(strict).toMatchObject({ status: 'FAILED', diagnosis: { code: 'BlobMissing' } });
  expect(strict.diagnosis?.cause).toContain(elsewhere.digest);
  expect(await slipway.images()).toEqual({});

  const dropped = await push(tarball, 'partial/drop', { missing: 'drop' });
  expect(dropped.diagnosis).toBeUndefined();
  const digest = dropped.receipt?.images[0]?.digest ?? '';
  expect([index.digest, here.digest]).not.toContain(digest);
  expect(await verify('partial/drop', digest)).toMatchObject({ manifests: 2, blobs: 2 });

  await push(tarball, 'partial/only', { missing: 'only', platforms: ['linux/amd64'] });
  expect((await slipway.images())['partial/only:1']).toBe(here.digest);
});

test('content that a descriptor alone carries arrives as the blob that it is', async () => {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ seed: 20 });
  const signature = builder.referrer(image);
  const manifest = JSON.parse(builder.bytesOf(signature).toString());
  const config = { ...manifest.config, data: Buffer.from('{}').toString('base64') };
  const inline = builder.blob(signature.mediaType, JSON.stringify({ ...manifest, config }));
  const tarball = builder.tarball([image, inline], { without: [manifest.config.digest] });
  const outcome = await slipway.drop('inline/app/1.tar', tarball.toBuffer());
  expect(outcome.diagnosis).toBeUndefined();
  expect(await verify('inline/app', image.digest)).toMatchObject({ manifests: 1 });
  expect(await verify('inline/app', inline.digest)).toMatchObject({ manifests: 1, blobs: 2 });
});

test('a signature by tag arrives beside its image, under its own tag', async () => {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ seed: 30 });
  const tag = `sha256-${hexOf(image.digest)}.sig`;
  const signature = named(builder.image({ seed: 31 }), { full: `ghcr.io/team/app:${tag}` });
  const outcome = await slipway.drop('signed/app/1.tar', builder.tarball([signature, image]).toBuffer());
  expect(outcome.diagnosis).toBeUndefined();
  const images = await slipway.images();
  expect([images['signed/app:1'], images[`signed/app:${tag}`]]).toEqual([image.digest, signature.digest]);
});

test('plain layers that are to be preserved arrive as they lie, and nothing is compressed', async () => {
  const { tarball, images } = dockerArchive({ layers: 2, seed: 40 });
  const outcome = await push(tarball, 'preserve/app', { layers: 'preserve' });
  expect(outcome.diagnosis).toBeUndefined();
  const verified = await verify('preserve/app', outcome.receipt?.images[0]?.digest);
  expect(verified).toMatchObject({ manifests: 1, blobs: 3 });
  expect(outcome.receipt?.bytesSent).toBe(
    (images[0]?.config.length ?? 0) + (images[0]?.layers ?? []).reduce((sum, { plain }) => sum + plain.length, 0),
  );
});
