import type { FailedImage, ImageOutcome, PushedImage } from '../contract/image-outcome';
import type { PushPlan } from '../contract/push-plan';
import type { Receipt } from '../contract/receipt';
import type { Diagnosis, PushTotals, WriteReceiptOutput } from '../contract/steps';
import { diagnose } from './diagnosis';

/** The execution that a receipt is of; times in ISO 8601. */
export interface ReceiptOf {
  readonly executionArn: string;
  readonly startedAt: string;
  readonly writtenAt: string;
}

/** The receipt of a push, and what the execution tells of it; `outcomes`: of the plan's images, in their order. */
export function writeReceipt(
  plan: PushPlan,
  outcomes: readonly ImageOutcome[],
  execution: ReceiptOf,
): { document: Receipt; outcome: Omit<WriteReceiptOutput, 'receipt'> } {
  const { executionArn } = execution;
  const images = [...outcomes, ...setAside(plan, executionArn)];
  const pushed = images.filter((image): image is PushedImage => image.outcome === 'pushed');
  const failed = images.filter((image): image is FailedImage => image.outcome === 'failed');
  const totals = totalsOf(pushed);
  const [onlyFailure] = images.length === 1 ? failed : [];
  return {
    document: { version: '1', ...execution, source: sourceOf(plan), notes: plan.notes, images, totals },
    outcome: {
      result: failed.length === 0 ? 'SUCCEEDED' : pushed.length === 0 ? 'FAILED' : 'PARTIAL',
      images: pushed.map(({ repository, tags, digest, registryId }) => ({ repository, tags, digest, registryId })),
      ...totals,
      ...(failed.length === 0 ? {} : { diagnosis: onlyFailure?.diagnosis ?? partialPush(plan, images, executionArn) }),
    },
  };
}

function sourceOf({ dropped, source }: PushPlan): Receipt['source'] {
  const object = dropped ?? source;
  const { algorithm, type, value = '' } = object.checksum ?? {};
  if (algorithm !== 'SHA256' || type !== 'FULL_OBJECT') return object;
  return { ...object, sha256: Buffer.from(value, 'base64').toString('hex') };
}

function totalsOf(pushed: readonly PushedImage[]): PushTotals {
  const layers = pushed.flatMap((image) => image.layers);
  const skipped = layers.filter((layer) => layer.skipped);
  return {
    bytesSent: sum(layers.map(({ bytesSent }) => bytesSent)),
    bytesSkipped: sum(skipped.map(({ size }) => size)),
    layersSent: layers.length - skipped.length,
    layersSkipped: skipped.length,
    restarts: sum(layers.map(({ restarts }) => restarts)),
  };
}

/** The images that never got as far as the first step of their own. */
export function setAside({ failedImages, source, dropped }: PushPlan, executionArn: string): FailedImage[] {
  return failedImages.map(({ name, repository, tags, code, message }) => {
    const error = { Error: code, Cause: message };
    const execution = executionArn.split(':').at(-1) ?? '';
    const request = { source: dropped ?? source };
    const diagnosis = diagnose({ step: 'InspectTarball', executionArn, execution, request, error });
    return { outcome: 'failed', name, repository, tags, diagnosis };
  });
}

// A cause of Step Functions holds 32,768 characters, and a table of 150 images must fit in it.
const LONGEST_ROW = 160;

function partialPush(plan: PushPlan, images: readonly ImageOutcome[], executionArn: string): Diagnosis {
  const failed = images.filter((image): image is FailedImage => image.outcome === 'failed');
  const { bucket, key } = plan.dropped ?? plan.source;
  return {
    code: 'PartialPush',
    step: 'PushImages',
    subject: `s3://${bucket}/${key}`,
    cause: `${failed.length} of ${images.length} images could not be pushed; the others are there`,
    evidence: Object.fromEntries(images.map((image, index) => [`image ${index}`, row(image).slice(0, LONGEST_ROW)])),
    remedy: 'See the receipt for the cause and the remedy of each image, mend those, and drop the tarball again.',
    retryable: failed.every(({ diagnosis }) => diagnosis.retryable),
    executionArn,
  };
}

function row(image: ImageOutcome): string {
  const name = `${image.repository || image.name}${image.tags.map((tag) => `:${tag}`).join('')}`;
  return image.outcome === 'pushed' ? `pushed ${name}` : `${image.diagnosis.code} ${name}: ${image.diagnosis.cause}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
