import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Rules of cdk-nag that are not followed somewhere, and why; docs/security.md lists them. */
export const REASONS = {
  'AwsSolutions-APIG3':
    'Callers are known by IAM before a request is looked at; a web ACL may be associated with the stage.',
  'AwsSolutions-APIG4':
    'The page is the same for everybody and holds nothing of the deployment; what it asks the API for is signed.',
  'AwsSolutions-COG4': 'Callers are known by IAM: machines and people of AWS accounts, none of a user pool.',
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
    'The policy that API Gateway asks for, on the role by which it writes the logs of all APIs of the account.',
  'AwsSolutions-EC23':
    'HTTPS from within the VPC alone: its range of addresses is a reference that the rule cannot read.',
  'AwsSolutions-S1':
    'Access logs need a bucket of their own: accessLogBucket takes one. Data events of CloudTrail tell more.',
  'AwsSolutions-SQS3': 'It is a dead-letter queue.',
  'Serverless-SQSRedrivePolicy': 'It is a dead-letter queue.',
  'Serverless-LambdaDLQ':
    'Called by the state machine, which handles its failures, or it has an on-failure destination, which tells more.',
} as const;

/** Says of a construct that it does not follow a rule, and why. */
export function acknowledge(construct: IConstruct, ...rules: (keyof typeof REASONS)[]): void {
  for (const id of rules) acknowledgeRule(construct, id, REASONS[id]);
}

/** As {@link acknowledge}, for a rule that is about one finding. */
export function acknowledgeRule(construct: IConstruct, id: string, reason: string): void {
  // The oldest CDK that the package goes with has no such place, and no plugins that look there.
  Validations?.of(construct).acknowledge({ id, reason });
}
