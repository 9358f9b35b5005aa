import type { PushPlan } from '../contract/push-plan';
import type { LayerResult, WriteReceiptOutput } from '../contract/steps';
import type { UploadPlan } from '../contract/upload-plan';

/** What WriteReceipt leaves in the work bucket. */
export interface Receipt {
  readonly source: PushPlan['source'];
  readonly notes: readonly string[];
  readonly images: {
    name: string;
    repository: string;
    registryId: string;
    tags: string[];
    digest: string;
    /** Why the digest is not one that the tarball names. */
    changed?: string;
    manifests: { digest: string; mediaType: string; size: number }[];
  }[];
  readonly layers: {
    repository: string;
    digest: string;
    size: number;
    entry: string;
    /** 0 where ECR had the layer already. */
    bytesSent: number;
    restarts: number;
  }[];
}

type Totals = Pick<WriteReceiptOutput, 'bytesSent' | 'bytesSkipped' | 'layersSent' | 'layersSkipped' | 'restarts'>;

/** Adds up what moved; a layer that took several rounds counts all of them. */
export function writeReceipt(
  plan: PushPlan,
  uploads: UploadPlan,
  results: readonly LayerResult[],
  ownRegistry: string,
): { document: Receipt; totals: Totals } {
  const registryId = uploads.registryId ?? ownRegistry;
  const layers = uploads.layers.map(({ repository, digest, size, entry }, index) => {
    const rounds = results.filter((result) => result.index === index);
    const bytesSent = sum(rounds.map((round) => round.bytesSent));
    return { repository, digest, size, entry, bytesSent, restarts: sum(rounds.map(({ restarts }) => restarts)) };
  });
  const sent = new Set(results.map(({ index }) => index));
  const skipped = layers.filter((_, index) => !sent.has(index));
  const images = uploads.images.map(({ manifests, ...image }) => ({
    ...withoutUndefined(image),
    registryId,
    manifests: manifests.map(({ digest, mediaType, size }) => ({ digest, mediaType, size })),
  }));
  return {
    document: { source: plan.source, notes: plan.notes, images, layers },
    totals: {
      bytesSent: sum(layers.map((layer) => layer.bytesSent)),
      bytesSkipped: sum(skipped.map(({ size }) => size)),
      layersSent: sent.size,
      layersSkipped: skipped.length,
      restarts: sum(layers.map(({ restarts }) => restarts)),
    },
  };
}

function withoutUndefined({ changed, ...image }: Omit<UploadPlan['images'][number], 'manifests'>) {
  return changed === undefined ? image : { ...image, changed };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
