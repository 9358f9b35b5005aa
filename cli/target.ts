import { confirm, isCancel } from '@clack/prompts';
import { type Aws, aws, missingConfiguration } from './aws';
import { CommandError } from './command-error';
import { LOCAL_PORT } from './local-port';

/** The AWS that a push goes to. */
export interface Target {
  readonly aws: Aws;
  /** Host to pull from, by the account that owns the registry. */
  registry(registryId: string): string;
  /** Said after the report. */
  readonly note?: string;
  close(): Promise<void>;
}

/** Folder of the local AWS that a push starts for itself. */
const LOCAL_DATA = '.slipway';

/** The AWS that is configured, or a local one where that is asked for or, at a terminal, agreed to. */
export async function chooseTarget(local: boolean): Promise<Target> {
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
  const { startLocal } = await import('./local-command.ts');
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
