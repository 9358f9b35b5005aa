import { SECRET_IN_CONFIG } from '../../support/image-parts';
import type { EndedPush } from '../../support/running-slipway';
import { allowedFailures, mostBytesSent, mostRestarts, requiredEnding } from './expectations';
import type { Run } from './run';

/** What holds after every run, whatever the faults: each breach in one sentence, none where all is well. */
export function violationsOf(run: Run): string[] {
  return [
    ...ofEnding(run),
    ...ofImage(run),
    ...ofBytes(run),
    ...ofSecondPush(run),
    ...ofSource(run),
    ...ofNotices(run),
    ...ofLog(run),
  ];
}

/** How a push ended: `SUCCEEDED`, or the name it failed with. */
export function endingOf({ status, diagnosis }: EndedPush): string {
  return status === 'FAILED' ? (diagnosis?.code ?? 'FAILED without a diagnosis') : status;
}

function* ofEnding({ plan, push, met }: Run): Generator<string> {
  const ending = endingOf(push);
  if (ending !== 'SUCCEEDED' && !allowedFailures(plan).has(ending)) {
    yield `it ended as ${ending} in ${push.diagnosis?.step ?? '?'}: ${push.diagnosis?.cause ?? ''}`;
  }
  const required = requiredEnding(plan, met) ?? ending;
  if (ending !== required) yield `it ended as ${ending}, not as ${required}`;
  if (push.diagnosis && push.diagnosis.remedy === '') yield 'the diagnosis has no remedy';
}

function* ofImage({ push, tagged, expectedDigest, taggedElsewhere }: Run): Generator<string> {
  const succeeded = push.status === 'SUCCEEDED';
  if (tagged && tagged.faults.length > 0) yield `what is tagged is not whole: ${tagged.faults.join(', ')}`;
  if (succeeded && !tagged) yield 'it succeeded, and there is no such tag';
  if (!tagged || tagged.digest === taggedElsewhere) return;
  if (!succeeded && endingOf(push) !== 'Superseded') yield 'it failed, and the tag has moved';
  const right = push.receipt?.images[0]?.digest ?? expectedDigest;
  if (tagged.digest !== right) yield `the tag leads to ${tagged.digest}, the receipt says ${right}`;
  if (expectedDigest && tagged.digest !== expectedDigest) yield 'the digest is not that of the tarball';
}

function* ofBytes({ plan, push, met, size, bytesSent }: Run): Generator<string> {
  const { restarts = push.states.filter((state) => state === 'RestartLayerUpload').length } = push.receipt ?? {};
  const most = mostBytesSent(plan, met, size, restarts);
  if (bytesSent > most)
    yield `${bytesSent} bytes were sent, of ${size}, with ${restarts} restarts; at most ${most} expected`;
  const explained = mostRestarts(plan, met);
  if (restarts > explained) yield `${restarts} restarts, where the faults explain ${explained}`;
}

function* ofSecondPush({ again, taggedByAgain, bytesSentAgain, bytesMissing, expectedDigest }: Run): Generator<string> {
  if (again.status !== 'SUCCEEDED') yield `the same drop without faults ended as ${endingOf(again)}`;
  if (!taggedByAgain || taggedByAgain.faults.length > 0) yield 'the same drop without faults left no whole image';
  if (expectedDigest && taggedByAgain?.digest !== expectedDigest) yield 'the second push left another digest';
  if (bytesMissing !== undefined && bytesSentAgain !== bytesMissing) {
    yield `the second push sent ${bytesSentAgain} bytes, of which ${bytesMissing} were missing`;
  }
}

function* ofSource({ plan, sourceEtag }: Run): Generator<string> {
  const mayGo = plan.faults.some(({ fault }) => fault === 'source-deleted');
  if (sourceEtag === undefined && !mayGo) yield 'the dropped version is gone';
}

function* ofNotices({ plan, push, again, notices, noticesOfAgain }: Run): Generator<string> {
  // EventBridge has no token to know an event again by: who tells may tell twice, where its own calls fail.
  const mayRepeat = plan.faults.some(({ step }) => step === 'SendNotice');
  const first = mayRepeat ? [...new Set(notices)] : notices;
  for (const [{ status }, told] of [[push, first] as const, [again, noticesOfAgain] as const]) {
    const expected = status === 'SUCCEEDED' ? 'Image Pushed' : 'Image Push Failed';
    if (told.join() !== expected)
      yield `a push that ended as ${status} was told of as: ${told.join(', ') || 'nothing'}`;
  }
}

const SECRETS = new RegExp(`${SECRET_IN_CONFIG}|X-Amz-Signature|X-Amz-Credential|AWS4-HMAC-SHA256|AWS_SECRET`);

function* ofLog({ log }: Run): Generator<string> {
  const secret = SECRETS.exec(log)?.[0];
  if (secret) yield `a log line holds ${secret}`;
}
