import { Diagnosis, WriteReceiptOutput } from '../lambda/contract/steps';
import type { Aws } from './aws';
import type { Deployed } from './deployed';
import { dropTarball, type ReadyTarball } from './drop/drop-tarball';
import { followPush, type PushEvent } from './follow/follow-push';
import { PushLayers } from './follow/layer-progress';
import { pushDocuments } from './follow/push-documents';
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

/** Notes are left every few seconds. */
const LOOK_EVERY_MS = 2_000;

/** Follows an execution to its end. */
export async function followToEnd(
  aws: Aws,
  executionArn: string,
  subject: string,
  reporter: Reporter,
): Promise<PushOutcome> {
  const layers = new PushLayers(pushDocuments(aws, executionArn));
  let lookedAt = Date.now();
  for await (const event of followPush(aws, executionArn)) {
    if (event.kind === 'ended') return outcomeOf(event, executionArn, subject);
    if (event.kind === 'asked' && Date.now() - lookedAt < LOOK_EVERY_MS) continue;
    if (event.kind === 'asked') lookedAt = Date.now();
    if (event.kind === 'entered') reporter.state(event.state);
    const changed = event.kind === 'asked' ? await layers.look() : await layers.take(event);
    if (changed.length > 0) reporter.layers(changed, layers.all);
  }
  throw new Error('the history of the execution ended before the execution');
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
