import type { WriteReceiptOutput } from '../lambda/contract/steps';
import { bytes } from './format';
import type { PushOutcome } from './push-tarball';

/**
 * What a push has come to, in lines for people.
 * @param registry host to pull from, by the account that owns the registry; without it no pull command is told
 */
export function pushReport(outcome: PushOutcome, registry?: (registryId: string) => string): string {
  return outcome.kind === 'pushed' ? pushed(outcome.receipt, registry) : failed(outcome);
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
  const restarted = restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  return [
    ...lines,
    `sent     ${bytes(bytesSent)} in ${layers(layersSent)}${restarted}`,
    `skipped  ${bytes(bytesSkipped)} in ${layers(layersSkipped)} that ECR had`,
  ].join('\n');
}

function failed({ diagnosis, executionArn }: Extract<PushOutcome, { kind: 'failed' }>): string {
  const { code, step, subject, cause, remedy, evidence } = diagnosis;
  return [
    `failed   ${code}${step === '' ? '' : ` in ${step}`}: ${subject}`,
    `cause    ${cause}`,
    ...Object.entries(evidence).map(([name, value]) => `${name.padEnd(8)} ${value}`),
    `remedy   ${remedy}`,
    `see      docs/runbook.md, under ${code}; execution ${executionArn}`,
  ].join('\n');
}

function layers(count: number): string {
  return `${count} ${count === 1 ? 'layer' : 'layers'}`;
}
