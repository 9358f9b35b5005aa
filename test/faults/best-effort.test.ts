import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-ecr';
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { USUAL_PART_SIZE } from '../../lambda/upload/part-plan';
import { dockerArchive } from '../support/docker-archive-builder';
import { digestOf, type LayerParts, layerOf } from '../support/image-parts';
import { OciLayoutBuilder, ociLayout } from '../support/oci-layout-builder';
import { keyedSlipway } from './permissions/granted';

/** An invocation that takes longer notes how far it is. */
const NOTES_BEGIN_MS = 5_000;

const keyed = keyedSlipway();

describe('without what it does its best with', () => {
  test.each([
    ['InspectTarball', 'OuterCorrupt', () => gzipSync(ociLayout({ seed: 1 }).tarball.toBuffer()).subarray(0, -9)],
    [
      'StageLayer',
      'DiffIdMismatch',
      () => dockerArchive({ seed: 2, diffIds: [digestOf('another')] }).tarball.toBuffer(),
    ],
  ])('%s leaves the parts of a stream that failed to the lifecycle of the bucket', async (step, code, tarball) => {
    const { slipway } = keyed;
    const { iam, workBucket: Bucket } = slipway.cloud;
    const open = async () => (await slipway.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];
    const push = async (key: string) => {
      const ended = await slipway.drop(key, tarball(), { 'slipway-repository': 'new/broken', 'slipway-tags': '1' });
      return ended.diagnosis?.code;
    };
    expect([await push(`in/with-${step}.tar`), await open()]).toEqual([code, []]);
    iam.revoke(step, 's3:AbortMultipartUpload');
    expect(await push(`in/without-${step}.tar`)).toBe(code);
    const left = await open();
    expect(left).toHaveLength(1);
    for (const { Key: key, UploadId } of left) {
      await slipway.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId }));
    }
  });

  test.each<[string, (layer: LayerParts) => Buffer]>([
    [
      'UploadLayerParts',
      (layer) => {
        const builder = new OciLayoutBuilder();
        return builder.tarball([builder.image({ layers: [layer] })]).toBuffer();
      },
    ],
    ['StageLayer', (layer) => dockerArchive({ layers: [layer] }).tarball.toBuffer()],
  ])('%s sends a large layer, which nobody is told of meanwhile', async (step, tarballOf) => {
    const { slipway } = keyed;
    const { iam, faults, workBucket: Bucket } = slipway.cloud;
    const name = `there/large-${step.toLowerCase()}`;
    await slipway.ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
    const push = async (key: string) => {
      const layer = layerOf({ seed: key.length + step.length, size: 50 * 1024 ** 2 });
      for (const partFirstByte of [USUAL_PART_SIZE, 2 * USUAL_PART_SIZE]) {
        const slow = { where: { partFirstByte }, meanwhile: () => sleep(NOTES_BEGIN_MS) };
        faults.add({ service: 'ecr', operation: 'UploadLayerPart', ...slow });
      }
      const { status } = await slipway.drop(`in/${step}-${key}`, tarballOf(layer), { 'slipway-repository': name });
      faults.clear();
      return status;
    };
    const noted = async () => {
      const { Contents = [] } = await slipway.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'pushes/' }));
      return Contents.filter(({ Key }) => Key?.includes(`${step}-`) && Key.includes('/progress/')).length;
    };
    iam.revoke(step, 's3:PutObject', '*/progress/*');
    expect([await push('untold.tar'), await noted()]).toEqual(['SUCCEEDED', 0]);
    iam.reset();
    expect([await push('told-of.tar'), await noted()]).toEqual(['SUCCEEDED', 1]);
  });

  test.each(['DiagnoseFailure', 'DiagnoseImage'])('%s diagnoses without names that are near', async (step) => {
    const { slipway } = keyed;
    const { iam, faults } = slipway.cloud;
    const push = async (repositoryName: string) => {
      const create = (name: string) => slipway.ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
      await Promise.all([create(repositoryName), create(`${repositoryName}s`)]);
      const remove = () => slipway.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
      // What is gone before the push prepares is a matter of the tarball, later of the image.
      const operation = step === 'DiagnoseImage' ? 'FindMissingLayers' : 'PrepareRepositories';
      faults.add({ service: 'lambda', operation, meanwhile: remove });
      const tarball = ociLayout({ seed: 3 }).tarball.toBuffer();
      const metadata = { 'slipway-repository': repositoryName, 'slipway-tags': '1' };
      return (await slipway.drop(`in/${repositoryName}/1.tar`, tarball, metadata)).diagnosis;
    };
    const near = expect.stringContaining(`there/near-${step.toLowerCase()}s`);
    expect(await push(`there/near-${step.toLowerCase()}`)).toMatchObject({
      code: 'RepositoryNotFound',
      evidence: { near },
    });
    iam.revoke(step, 'ecr:DescribeRepositories');
    const without = await push(`there/lone-${step.toLowerCase()}`);
    expect(without).toMatchObject({ code: 'RepositoryNotFound' });
    expect(without?.evidence).not.toHaveProperty('near');
  });
});
