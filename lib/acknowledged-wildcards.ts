import { type IAspect, Stack } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeRule } from './acknowledged';

/** A wildcard in the resources of a policy that has to be there. */
interface Wildcard {
  /** What may be done to it. */
  readonly actions: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
}

const KNOWN: readonly Wildcard[] = [
  {
    actions: /^xray:Put(TraceSegments|TelemetryRecords)$|^xray:GetSampling(Rules|Targets)$/,
    resource: /^\*$/,
    reason: 'X-Ray has no resources that a policy could name.',
  },
  {
    actions: /^logs:(\w+LogDelivery|ListLogDeliveries|(Put|Describe)ResourcePolic(y|ies)|DescribeLogGroups)$/,
    resource: /^\*$/,
    reason: 'The delivery of logs by Step Functions has no resources that a policy could name.',
  },
  {
    actions: /^ec2:(\w+NetworkInterfaces?|DescribeSubnets|(Una|A)ssignPrivateIpAddresses)$/,
    resource: /^\*$/,
    reason: 'Lambda puts functions into the VPC by these; the code of the functions is denied them.',
  },
  {
    actions: /^s3:(GetObject|GetObjectVersion|PutObject|AbortMultipartUpload)$/,
    resource: /^(<\w+\.Arn>|arn:[^*]*:s3:::[^*]+)\/[^*]*\*(\/([\w-]+(-\*)?\.json|inline\/\*|progress\/\*\.json))?$/,
    reason: 'Keys under one prefix: of a drop, or of one kind of document in the work bucket.',
  },
  {
    actions: /^ecr:(?!.*(Delete|Policy|\*))\w+$/,
    resource: /^arn:[^*]*:ecr:[^*]+:repository\/[a-z0-9*./_-]+$/,
    reason: 'Repositories by the patterns that a drop was given, in named accounts.',
  },
  {
    actions: /^lambda:InvokeFunction$/,
    resource: /^<\w+\.Arn>:\*$/,
    reason: 'Versions of one function.',
  },
  {
    actions: /^states:(DescribeExecution|GetExecutionHistory|StopExecution)$/,
    resource: /:execution:[^*]+:\*$/,
    reason: 'Executions of one state machine, whose names are not known beforehand.',
  },
];

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

/** Tells cdk-nag of each wildcard that has to be there why; any other one is still found. */
export class AcknowledgedWildcards implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnPolicy)) return;
    const { Statement: statements = [] } = Stack.of(node).resolve(node.policyDocument) as { Statement?: Statement[] };
    for (const { Effect, Action, Resource } of statements) {
      if (Effect !== 'Allow') continue;
      const actions = [Action].flat();
      for (const resource of [Resource].flat().map(flattened)) {
        const reasons = actions.map((name) => reasonFor(name, resource));
        if (!resource.includes('*') || reasons.includes(undefined)) continue;
        const reason = [...new Set(reasons)].join(' ');
        acknowledgeRule(node, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
      }
    }
  }
}

function reasonFor(action: string, resource: string): string | undefined {
  return KNOWN.find((one) => one.actions.test(action) && one.resource.test(resource))?.reason;
}

/** A resource as cdk-nag writes it: references in angle brackets. */
function flattened(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (Ref !== undefined) return `<${String(Ref)}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(flattened).join(String(join[0]));
  return JSON.stringify(value);
}
