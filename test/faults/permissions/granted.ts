import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { roleSpecs } from '../../../local/deployed-roles';
import { createIam } from '../../../local/iam';
import { synthesize } from '../../../local/synthesize';
import { deploy } from '../../../local/template';
import { quickApp } from '../../support/apps';
import { RunningSlipway } from '../../support/running-slipway';
import type { Grant } from './situations';

const PLACE = { stackName: 'SlipwayStack', accountId: '000000000000', region: 'us-east-1' };
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/of-the-customer';
const key = Key.fromKeyArn(new Stack(quickApp(), 'Keys'), 'Key', KEY);

/** Bytes of the largest layer that shares an invocation. */
export const LARGEST_PACKED = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'slipway-permissions-'));
const assembly = synthesize(
  PLACE.stackName,
  {
    drops: [{ prefix: 'in/', repositories: ['*'], createRepositories: { repositories: ['new/*'] } }],
    ...{ dropBucketKey: key, workBucketKey: key, largestPackedLayer: Size.bytes(LARGEST_PACKED) },
  },
  folder,
);
const deployment = deploy(assembly.template, PLACE);
const [machine] = deployment.resources('AWS::StepFunctions::StateMachine');
const isStep = (step: string) => String(machine?.properties.DefinitionString).includes(`"${step}":{`);

/** What the roles of the workflow may do on S3, ECR and KMS. */
export const grants: readonly (Grant & { principal: string })[] = createIam({
  ...PLACE,
  roles: roleSpecs(deployment),
  bucketKey: () => undefined,
})
  .grants()
  .filter(({ step, action }) => isStep(step) && /^(s3|ecr|kms):/.test(action));

/** A Slipway in which customer's keys encrypt both buckets, for the tests of a file; its roles are as before after each. */
export function keyedSlipway(): { readonly slipway: RunningSlipway } {
  const holder = {} as { slipway: RunningSlipway };
  beforeAll(async () => {
    holder.slipway = await RunningSlipway.start({ assembly });
  });
  afterEach(() => {
    holder.slipway.cloud.iam.reset();
    holder.slipway.cloud.faults.clear();
  });
  afterAll(async () => {
    await holder.slipway.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return holder;
}
