import { confirm, isCancel } from '@clack/prompts';
import type { Cloud } from '../local/cloud';
import { type Aws, aws, isConfigured } from './aws';
import { CommandError } from './command-error';
import { findDeployed } from './deployed';
import { startLocal } from './local-command';
import { pushReport } from './push-report';
import { pushTarball } from './push-tarball';
import { reporter } from './reporter';

export interface PushOptions {
  readonly stack: string;
  readonly local?: boolean;
}

/** Folder of the local AWS that a push starts for itself. */
const LOCAL_DATA = '.slipway';

/** `slipway push`: drops a tarball, follows its push, and tells what came of it. Gives the exit code. */
export async function pushCommand(
  tarball: string,
  destination: string | undefined,
  { stack, local = false }: PushOptions,
): Promise<number> {
  const target = await chooseTarget(local);
  try {
    const progress = reporter(process.stderr);
    const deployed = await findDeployed(target.aws, stack);
    const outcome = await pushTarball(target.aws, deployed, tarball, destination, progress).finally(progress.close);
    const region = await target.aws.ecr.config.region();
    process.stdout.write(`${pushReport(outcome, region, target.registry)}\n`);
    if (target.cloud)
      process.stdout.write(`kept     in ${LOCAL_DATA}: npm run slipway -- local --data ${LOCAL_DATA}\n`);
    return outcome.kind === 'pushed' ? 0 : 1;
  } finally {
    await target.close();
  }
}

interface Target {
  readonly aws: Aws;
  /** Host to pull from, where it is not the one of ECR. */
  readonly registry?: string;
  /** The local AWS that was started for this push. */
  readonly cloud?: Cloud;
  close(): Promise<void>;
}

async function chooseTarget(local: boolean): Promise<Target> {
  const configured = aws();
  if (!local && (await isConfigured(configured))) {
    const endpoint = process.env.AWS_ENDPOINT_URL;
    const registry = endpoint === undefined ? {} : { registry: new URL(endpoint).host };
    return { aws: configured, ...registry, close: async () => undefined };
  }
  if (!local) await offerLocal();
  const { cloud, close } = await startLocal(0, LOCAL_DATA);
  return { aws: aws(cloud.environment), registry: cloud.registry, cloud, close };
}

async function offerLocal(): Promise<void> {
  const accepted =
    process.stdin.isTTY &&
    (await confirm({ message: 'No AWS region and credentials are configured. Push to a small AWS on this machine?' }));
  if (accepted === true && !isCancel(accepted)) return;
  throw new CommandError(
    'No AWS region and credentials are configured',
    'Set AWS_REGION and credentials, set AWS_ENDPOINT_URL to a local AWS, or try it out with --local.',
  );
}
