import { REQUEST_ERRORS, TARBALL_ERRORS, TRANSIENT_ERRORS, UPLOAD_ERRORS } from '../lambda/contract/errors';
import { bytes } from '../lambda/contract/figures';
import type { WriteReceiptOutput } from '../lambda/contract/steps';
import { counted } from './format';
import type { PushOutcome } from './push-tarball';

/** Codes that the runbook has a section for; who stops a push gives a name of his own. */
const RUNBOOK: ReadonlySet<string> = new Set([
  ...[...TARBALL_ERRORS, ...REQUEST_ERRORS, ...TRANSIENT_ERRORS, ...UPLOAD_ERRORS],
  ...['PartialPush', 'TimedOut', 'OutOfMemory', 'Internal'],
]);

/**
 * What a push has come to, in lines for people.
 * @param registry host to pull from, by the account that owns the registry; without it no pull command is told
 */
export function pushReport(outcome: PushOutcome, registry?: (registryId: string) => string): string {
  return outcome.kind === 'pushed' ? pushed(outcome.receipt, registry) : failed(outcome);
}

/** What a push has come to, as `--json` prints it: the execution's output, or its diagnosis. */
export function pushJson(outcome: PushOutcome, tarball: string) {
  const { executionArn } = outcome;
  if (outcome.kind === 'pushed') return { tarball, executionArn, ...outcome.receipt };
  const { diagnosis } = outcome;
  return { tarball, executionArn, result: diagnosis.code === 'PartialPush' ? 'PARTIAL' : 'FAILED', diagnosis };
}

/** What several pushes have come to together. */
export function pushSummary(outcomes: readonly PushOutcome[]): string {
  const receipts = outcomes.flatMap((outcome) => (outcome.kind === 'pushed' ? [outcome.receipt] : []));
  const sent = receipts.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
  const failed = outcomes.length - receipts.length;
  return `${counted(outcomes.length, 'tarball')}: ${receipts.length} pushed, ${failed} failed, ${bytes(sent)} sent`;
}

function pushed(receipt: WriteReceiptOutput, registry?: (registryId: string) => string): string {
  const { bytesSent, bytesSkipped, layersSent, layersSkipped, restarts, images } = receipt;
  const lines = images.flatMap((image) => {
    const [tag] = image.tags;
    const pull = tag === undefined ? `${image.repository}@${image.digest}` : `${image.repository}:${tag}`;
    return [
      `pushed   ${image.repository}${image.tags.map((name) => `:${name}`).join(', ')}`,
      `digest   ${image.digest}`,
      ...(registry ? [`pull     docker pull ${registry(image.registryId)}/${pull}`] : []),
    ];
  });
  const restarted = restarts === 0 ? '' : `, ${counted(restarts, 'restart')}`;
  return [
    ...lines,
    `sent     ${bytes(bytesSent)} in ${counted(layersSent, 'layer')}${restarted}`,
    `skipped  ${bytes(bytesSkipped)} in ${counted(layersSkipped, 'layer')} that ECR had`,
  ].join('\n');
}

function failed({ diagnosis, executionArn }: Extract<PushOutcome, { kind: 'failed' }>): string {
  const { code, step, subject, cause, remedy, evidence } = diagnosis;
  return [
    `failed   ${code}${step === '' ? '' : ` in ${step}`}: ${subject}`,
    `cause    ${cause}`,
    ...Object.entries(evidence).map(([name, value]) => `${name.padEnd(8)} ${value}`),
    `remedy   ${remedy}`,
    `see      ${RUNBOOK.has(code) ? `docs/runbook.md, under ${code}; ` : ''}execution ${executionArn}`,
  ].join('\n');
}
