import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { type Aws, missingConfiguration } from '../aws';
import { CommandError } from '../command-error';
import { type Deployed, findDeployed } from '../deployed';
import { duration } from '../format';
import { bad, type Check, ok, probe } from './check';

const SET_THEM = 'Set AWS_REGION and credentials (AWS_PROFILE, AWS_ACCESS_KEY_ID, or a role).';

/** Region, credentials, and the stack; without them nothing else can be looked at. */
export async function configurationChecks(
  clients: Aws,
  stack: string,
): Promise<{ checks: Check[]; deployed?: Deployed }> {
  const missing = await missingConfiguration(clients);
  if (missing === 'region') return { checks: [bad('region', 'WrongRegistry', 'no region is configured', SET_THEM)] };
  const region = ok('region', await clients.sfn.config.region());
  if (missing) return { checks: [region, bad('credentials', 'CredentialsInvalid', 'none are found', SET_THEM)] };
  const { accessKeyId, expiration } = await clients.sfn.config.credentials();
  const left = expiration ? `, good for ${duration((expiration.getTime() - Date.now()) / 1000)}` : '';
  const credentials = ok('credentials', `access key ${accessKeyId.slice(0, 4)}…${left}`);
  const found: { deployed?: Deployed } = {};
  const remedies = { remedy: '' };
  const check = await probe('stack', 'cloudformation:DescribeStacks', async () => {
    found.deployed = await findDeployed(clients, stack).catch((error: Error) => {
      if (error instanceof CommandError) remedies.remedy = error.remedy;
      throw error;
    });
  });
  const isAbsent = check.result === 'bad' && remedies.remedy !== '';
  const told = isAbsent ? bad('stack', undefined, `no Slipway in ${stack}`, remedies.remedy) : check;
  return { checks: [region, credentials, told], ...found };
}

/** The drop bucket and the workflow: what a push by these credentials needs of them. */
export async function dropChecks(
  { s3, sfn }: Aws,
  { dropBucket: Bucket, stateMachineArn }: Deployed,
): Promise<Check[]> {
  const versions: { status?: string } = {};
  const versioning = await probe('drop bucket', 's3:GetBucketVersioning', async () => {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    if (Status) versions.status = Status;
  });
  const kept =
    versioning.result === 'ok' && versions.status !== 'Enabled'
      ? bad(
          'drop bucket',
          'SourceChanged',
          `${Bucket} keeps no versions`,
          'Turn versioning on: a push reads one version.',
        )
      : versioning;
  return [
    kept,
    // An upload that is begun and ended leaves nothing, and starts no push.
    await probe('drops', 's3:PutObject', async () => {
      const Key = `slipway-doctor-${randomUUID()}`;
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }),
    await probe('workflow', 'states:ListExecutions', () =>
      sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 })),
    ),
    await staleUploads({ s3 }, Bucket),
  ];
}

const STALE_AFTER_SECONDS = 24 * 3600;

/** Uploads of tarballs that nobody went on with: they cost storage until the bucket's lifecycle ends them. */
async function staleUploads({ s3 }: Pick<Aws, 's3'>, Bucket: string): Promise<Check> {
  const stale: string[] = [];
  const check = await probe('interrupted drops', 's3:ListBucketMultipartUploads', async () => {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    for (const { Key = '', Initiated } of Uploads) {
      const seconds = (Date.now() - (Initiated?.getTime() ?? Date.now())) / 1000;
      if (seconds > STALE_AFTER_SECONDS) stale.push(`${Key}, begun ${duration(seconds)} ago`);
    }
  });
  if (stale.length === 0) return check;
  const remedy = 'Push these files again to go on with them; the bucket ends them after seven days.';
  return bad('interrupted drops', 'SourceGone', stale.join('; '), remedy);
}
