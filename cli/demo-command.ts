import { bytes } from '../lambda/contract/figures';
import type { Cloud } from '../local/cloud';
import { aws } from './aws';
import { demoImage } from './demo-image';
import { findDeployed } from './deployed';
import { readyTarball } from './drop/drop-tarball';
import { reporter } from './follow/reporter';
import { startLocal } from './local-command';
import { pushReport } from './push-report';
import { pushTarball } from './push-tarball';
import { verifyImage } from './verify-image';

/** `npm run demo`: the whole job on a local AWS, then every digest pulled back and verified. Gives the exit code. */
export async function demoCommand(tarball: string | undefined): Promise<number> {
  // A tarball of the user's own may hold an image without a name, which the key then gives.
  const destination = tarball === undefined ? undefined : 'demo/image:latest';
  const ready = await readyTarball(tarball ?? (await demoImage()), destination);
  process.stdout.write(
    'Starting a small AWS on this machine: S3, ECR, Step Functions and Lambda, with Slipway in it.\n',
  );
  const { cloud, close } = await startLocal(0);
  try {
    const clients = aws(cloud.environment);
    const progress = reporter(process.stdout);
    const deployed = await findDeployed(clients, 'SlipwayStack');
    const outcome = await pushTarball(clients, deployed, ready, progress).finally(progress.close);
    process.stdout.write(`\n${pushReport(outcome)}\n`);
    if (outcome.kind === 'failed') return 1;
    for (const { repository, digest } of outcome.receipt.images) {
      const verified = await verifyImage(clients, repository, digest);
      process.stdout.write(
        `pulled   ${repository} back, ${bytes(verified.bytes)} (manifests: ${verified.manifests}, blobs: ${verified.blobs}): every digest is right\n`,
      );
    }
    process.stdout.write(`\n${memoryTable(cloud)}\n`);
    return 0;
  } finally {
    await close();
  }
}

function memoryTable(cloud: Cloud): string {
  const used = cloud.measure().filter(({ invocations }) => invocations > 0);
  const rows = used.map(({ step, invocations, maxDurationMs, peakRssBytes, memorySize }) => [
    step,
    String(invocations),
    `${(maxDurationMs / 1000).toFixed(1)} s`,
    bytes(peakRssBytes),
    `${memorySize} MiB`,
  ]);
  const table = [['function', 'invocations', 'longest', 'peak RSS', 'memory'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
