import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { LayerCompression } from '../../lambda/contract/push-request';
import { StagedLayer } from '../../lambda/contract/upload-plan';
import { inParallel } from '../../lambda/image/in-parallel';
import { stagedLayerPointers } from '../../lambda/upload/staged-layer-pointers';
import type { Aws } from '../aws';

const MOST_READS = 16;

/** What earlier pushes left compressed in the work bucket of these plain layers, by diffId. */
export async function stagedBefore(
  { s3 }: Pick<Aws, 's3'>,
  workBucket: string | undefined,
  diffIds: readonly string[],
  compression: LayerCompression,
): Promise<Map<string, StagedLayer>> {
  if (workBucket === undefined) return new Map();
  const found = await inParallel(diffIds, MOST_READS, async (diffId) => {
    const { record } = stagedLayerPointers({ diffId, compression }, workBucket);
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: record.bucket, Key: record.key }));
      return StagedLayer.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    } catch (error) {
      // Who may not look counts them as yet to be compressed.
      if (/^(NoSuchKey|AccessDenied)$/.test((error as Error).name)) return undefined;
      throw error;
    }
  });
  return new Map(found.flatMap((layer) => (layer ? [[layer.diffId, layer] as const] : [])));
}
