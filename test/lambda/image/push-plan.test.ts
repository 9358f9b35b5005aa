import { PushPlan } from '../../../lambda/contract/push-plan';
import { destinationsFor } from '../../../lambda/image/destination';
import { planPush } from '../../../lambda/image/push-plan';
import { dockerArchive } from '../../support/docker-archive-builder';
import { imageTarball } from '../../support/image-tarball';
import { named, OciLayoutBuilder, ociLayout } from '../../support/oci-layout-builder';
import { imagesIn } from '../../support/read-tarball';
import type { Tarball } from '../../support/tar-writer';

async function planFor(tarball: Tarball, key: string, request: { registryId?: string; verify?: 'by-ecr' } = {}) {
  const found = await imagesIn(tarball);
  const drops = [{ prefix: '', repositories: ['*'] }];
  const destinations = destinationsFor({ images: found.images, key, request: {}, metadata: {}, drops });
  const source = { bucket: 'drop', key, versionId: 'v1', etag: '"e"', size: tarball.size };
  return planPush({ found, destinations, source, request, createWith: () => undefined });
}

test('a plan is one that the other states can read, and it survives JSON', async () => {
  for (const { tarball } of [ociLayout({ platforms: ['linux/amd64', 'linux/arm64'] }), dockerArchive({ layers: 2 })]) {
    const plan = await planFor(tarball, 'team-a/app/1.tar');
    expect(PushPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(plan.images).toMatchObject([{ repository: 'team-a/app', tags: ['1'] }]);
  }
});

test('layers are verified before they are sent, unless the request leaves that to ECR', async () => {
  const tarball = imageTarball({ layers: 2 });
  expect((await planFor(tarball, 'app/1.tar')).verify).toBe('before');
  const plan = await planFor(tarball, 'app/1.tar', { verify: 'by-ecr', registryId: '123456789012' });
  expect(plan).toMatchObject({ verify: 'by-ecr', registryId: '123456789012' });
});

test('an image of several repositories is planned for each, its blobs once', async () => {
  const { tarball } = dockerArchive({ tags: ['one:1', 'two:1'] });
  const plan = await planFor(tarball, 'x.tar');
  expect(plan.images.map(({ repository }) => repository)).toEqual(['one', 'two']);
  expect(plan.plainLayers).toHaveLength(1);
});

test('two images with one name are an EntryConflict', async () => {
  const builder = new OciLayoutBuilder();
  const roots = [1, 2].map((seed) => named(builder.image({ seed }), { full: 'docker.io/library/app:1' }));
  await expect(planFor(builder.tarball(roots), 'x.tar')).rejects.toMatchObject({ name: 'EntryConflict' });
});

test('an image at the top of the bucket goes where its tarball says', async () => {
  for (const format of ['oci', 'docker'] as const) {
    const plan = await planFor(imageTarball({ format, name: 'docker.io/library/app:1' }), 'app.tar');
    expect(plan.images).toMatchObject([{ repository: 'app', tags: ['1'] }]);
  }
});
