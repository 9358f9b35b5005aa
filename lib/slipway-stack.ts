import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OUTPUTS } from '../lambda/contract/outputs';
import { type Drop, dropsJson } from './drop';
import { Slipway } from './slipway';
import type { SlipwayProps } from './slipway-props';

/** Props of a stack, and those of Slipway, each of which may be left out. */
export type SlipwayStackProps = StackProps & Partial<SlipwayProps>;

const ANYTHING: Drop = { prefix: '', repositories: ['*'], createRepositories: {} };

/** Slipway on its own: without props any drop may push anywhere in the account, missing repositories are created, and there is an API. */
export class SlipwayStack extends Stack {
  /** What is in it. */
  readonly slipway: Slipway;

  constructor(scope: Construct, id: string, props: SlipwayStackProps = {}) {
    super(scope, id, props);
    const drops = props.drops ?? [ANYTHING];
    this.slipway = new Slipway(this, 'Slipway', { ...props, drops, api: props.api ?? true });
    const { dropBucket, workBucket, imagePush, api } = this.slipway;
    new CfnOutput(this, OUTPUTS.dropBucket, { value: dropBucket.bucketName });
    new CfnOutput(this, OUTPUTS.workBucket, { value: workBucket.bucketName });
    new CfnOutput(this, OUTPUTS.stateMachineArn, { value: imagePush.stateMachine.stateMachineArn });
    new CfnOutput(this, OUTPUTS.drops, { value: dropsJson(drops) });
    new CfnOutput(this, OUTPUTS.registries, { value: JSON.stringify(props.registries ?? []) });
    if (api) new CfnOutput(this, OUTPUTS.apiUrl, { value: api.restApi.url });
    if (api?.pageUrl) new CfnOutput(this, OUTPUTS.pageUrl, { value: api.pageUrl });
  }
}
