import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Diagnosis, type Pointer, WriteReceiptOutput } from '../lambda/contract/steps';
import { UploadPlan } from '../lambda/contract/upload-plan';
import type { Aws } from './aws';
import type { Deployed } from './deployed';
import { dropTarball, type ReadyTarball } from './drop/drop-tarball';
import { followPush, type PushEvent } from './follow/follow-push';
import { PushLayers } from './follow/layer-progress';
import type { Reporter } from './follow/reporter';

/** How a push ended. */
export type PushOutcome =
  | { readonly kind: 'pushed'; readonly executionArn: string; readonly receipt: WriteReceiptOutput }
  | { readonly kind: 'failed'; readonly executionArn: string; readonly diagnosis: Diagnosis };

/** Drops a tarball and follows its push to the end. */
export async function pushTarball(
  aws: Aws,
  deployed: Deployed,
  tarball: ReadyTarball,
  reporter: Reporter,
): Promise<PushOutcome> {
  const subject = `s3://${deployed.dropBucket}/${tarball.key}`;
  const executionArn = await dropTarball(aws, deployed, tarball, reporter.uploading);
  reporter.dropped(subject, tarball.size, executionArn);
  return followToEnd(aws, executionArn, subject, reporter);
}

/** Follows an execution to its end. */
export async function followToEnd(
  aws: Aws,
  executionArn: string,
  subject: string,
  reporter: Reporter,
): Promise<PushOutcome> {
  const layers = new PushLayers((pointer) => readUploadPlan(aws, pointer));
  for await (const event of followPush(aws, executionArn)) {
    if (event.kind === 'ended') return outcomeOf(event, executionArn, subject);
    if (event.kind === 'entered') reporter.state(event.state);
    const changed = await layers.take(event);
    if (changed.length > 0) reporter.layers(changed, layers.all);
  }
  throw new Error('the history of the execution ended before the execution');
}

/** Reads the upload plan of one image. */
async function readUploadPlan({ s3 }: Aws, { bucket, key }: Pointer): Promise<UploadPlan> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return UploadPlan.parse(JSON.parse((await Body?.transformToString()) ?? ''));
}

/** What an ended execution has come to. */
function outcomeOf(
  { status, output, error, cause }: Omit<Extract<PushEvent, { kind: 'ended' }>, 'kind'>,
  executionArn: string,
  subject: string,
): PushOutcome {
  if (status === 'SUCCEEDED') return { kind: 'pushed', executionArn, receipt: WriteReceiptOutput.parse(output) };
  const diagnosis = Diagnosis.safeParse(parseJson(cause));
  if (diagnosis.success) return { kind: 'failed', executionArn, diagnosis: diagnosis.data };
  // Stopped or timed out from outside: no step was there to diagnose it.
  return {
    kind: 'failed',
    executionArn,
    diagnosis: {
      code: error || status,
      step: '',
      subject,
      cause: cause || `the execution ended as ${status}`,
      evidence: {},
      remedy: 'Drop the tarball again, or run `slipway retry`: what ECR has is not sent again.',
      retryable: true,
      executionArn,
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
