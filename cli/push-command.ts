import { confirm, isCancel } from '@clack/prompts';
import { type Aws, aws, missingConfiguration } from './aws';
import { CommandError } from './command-error';
import { findDeployed } from './deployed';
import { readyTarball } from './drop-tarball';
import { startLocal } from './local-command';
import { LOCAL_PORT } from './local-port';
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
  const ready = await readyTarball(tarball, destination);
  const target = await chooseTarget(local);
  try {
    const progress = reporter(process.stderr);
    const deployed = await findDeployed(target.aws, stack);
    const outcome = await pushTarball(target.aws, deployed, ready, progress).finally(progress.close);
    process.stdout.write(`${pushReport(outcome, target.registry)}\n`);
    if (target.note) process.stdout.write(`${target.note}\n`);
    return outcome.kind === 'pushed' ? 0 : 1;
  } finally {
    await target.close();
  }
}

interface Target {
  readonly aws: Aws;
  /** Host to pull from, by the account that owns the registry. */
  registry(registryId: string): string;
  /** Said after the report. */
  readonly note?: string;
  close(): Promise<void>;
}

async function chooseTarget(local: boolean): Promise<Target> {
  if (local) return localTarget();
  const configured = aws();
  const missing = await missingConfiguration(configured);
  if (missing === undefined) return configuredTarget(configured);
  await offerLocal(missing);
  return localTarget();
}

async function configuredTarget(configured: Aws): Promise<Target> {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const region = await configured.ecr.config.region();
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    aws: configured,
    registry: (registryId) => (endpoint ? new URL(endpoint).host : `${registryId}.dkr.ecr.${region}.${suffix}`),
    close: async () => undefined,
  };
}

/** A local AWS for this push alone; what it holds is kept, and served again by `slipway local`. */
async function localTarget(): Promise<Target> {
  const { cloud, close } = await startLocal(0, LOCAL_DATA);
  return {
    aws: aws(cloud.environment),
    registry: () => `127.0.0.1:${LOCAL_PORT}`,
    note: `kept     in ${LOCAL_DATA}; to pull it, start: npm run slipway -- local --data ${LOCAL_DATA}`,
    close,
  };
}

async function offerLocal(missing: string): Promise<void> {
  const found = `No AWS ${missing} ${missing === 'region' ? 'is' : 'are'} configured`;
  const accepted =
    process.stdin.isTTY && (await confirm({ message: `${found}. Push to a small AWS on this machine?` }));
  if (accepted === true && !isCancel(accepted)) return;
  throw new CommandError(
    found,
    'Set AWS_REGION and credentials, set AWS_ENDPOINT_URL to a local AWS, or try it out with --local.',
  );
}
