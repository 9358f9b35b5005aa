import { GetObjectCommand } from '@aws-sdk/client-s3';
import {
  Diagnosis,
  FindMissingLayersOutput,
  LayerState,
  type Pointer,
  WriteReceiptOutput,
} from '../lambda/contract/steps';
import { UploadPlan } from '../lambda/contract/upload-plan';
import type { Aws } from './aws';
import type { Deployed } from './deployed';
import { dropTarball, type ReadyTarball } from './drop-tarball';
import { followPush, type PushEvent } from './follow-push';
import type { Reporter } from './reporter';

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
  for await (const event of followPush(aws, executionArn)) {
    if (event.kind === 'ended') return outcome(event, executionArn, subject);
    await report(event, aws, reporter);
  }
  throw new Error('the history of the execution ended before the execution');
}

async function report(event: Exclude<PushEvent, { kind: 'ended' }>, aws: Aws, reporter: Reporter): Promise<void> {
  if (event.kind === 'entered') return reporter.state(event.state);
  if (event.state === 'FindMissingLayers') {
    const { uploads, missing } = FindMissingLayersOutput.parse(event.output);
    const { layers } = await readUploadPlan(aws, uploads);
    reporter.layers(layers, new Set(missing));
  }
  const layer = LayerState.safeParse(event.output);
  if (layer.success) reporter.layer(layer.data, event.state);
}

async function readUploadPlan({ s3 }: Aws, { bucket, key }: Pointer): Promise<UploadPlan> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return UploadPlan.parse(JSON.parse((await Body?.transformToString()) ?? ''));
}

function outcome(
  { status, output, error, cause }: Extract<PushEvent, { kind: 'ended' }>,
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
      remedy: 'Drop the tarball again: what ECR has is not sent again.',
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
