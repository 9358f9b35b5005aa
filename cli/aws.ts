import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CommandError } from './command-error';

/** Clients for the services that the commands talk to. */
export interface Aws {
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly ecr: ECRClient;
  readonly cloudFormation: CloudFormationClient;
}

/**
 * Clients as the environment configures them, or for one endpoint.
 * @param environment the variables of a local AWS; without them the SDK's own search for region and credentials counts
 */
export function aws(environment?: Readonly<Record<string, string>>): Aws {
  const configuration = environment === undefined ? {} : explicit(environment);
  return {
    s3: new S3Client(configuration),
    sfn: new SFNClient(configuration),
    ecr: new ECRClient(configuration),
    cloudFormation: new CloudFormationClient(configuration),
  };
}

/** What the SDK needs and does not find. The region is looked for first: the search for credentials takes seconds. */
export async function missingConfiguration({ sfn }: Aws): Promise<'region' | 'credentials' | undefined> {
  const [region] = await Promise.allSettled([sfn.config.region()]);
  if (region.status === 'rejected') return 'region';
  const [credentials] = await Promise.allSettled([sfn.config.credentials()]);
  return credentials.status === 'rejected' ? 'credentials' : undefined;
}

/** CommandError where region or credentials are not configured. */
export async function requireConfiguration(clients: Aws): Promise<void> {
  const missing = await missingConfiguration(clients);
  if (missing === undefined) return;
  throw new CommandError(
    `No AWS ${missing} ${missing === 'region' ? 'is' : 'are'} configured`,
    'Set AWS_REGION and credentials, or AWS_ENDPOINT_URL and what else `slipway local` says.',
  );
}

function explicit(environment: Readonly<Record<string, string>>) {
  return {
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    region: environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
}
