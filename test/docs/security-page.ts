import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Slipway } from '../../lib';
import { REASONS } from '../../lib/acknowledged';
import { reasonOf } from '../../lib/statement-reasons';
import { type Described, describedStatements, nameOf, type Resource, referredTo } from './described-template';

/** docs/security.md: every role and statement of a synthesized template, and why it is there. */
export function securityPage(): string {
  const resources = Object.entries(synthesized());
  const roles = resources.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  const statements = (id: string) => statementsOf(id, resources);
  const [first = ''] = roles.map(([id]) => id);
  const common = statements(first)
    .filter(isCommon)
    .map((one) => (one.sid === 'WriteLog' ? OWN_LOG : one));
  const every = ['### Every function', 'Has these, and what its own section says.', tableOf('every function', common)];
  const sections = roles.map(([id, role]) => roleSection(id, role, statements(id)));
  return `${[HEAD, ...every, ...sections, onResources(resources), ACKNOWLEDGED].join('\n\n')}\n`;
}

const HEAD = `# Security

Written by \`npm run docs\` from a synthesized template: a drop \`team-a/\` to \`team-a/*\`, whose repositories a push creates with tags and a key, another registry, keys of buckets, a VPC, the API and its page. The reasons are those of [the table](../lib/permissions.ts) that the statements are made of; a statement without one fails the test of this page.

## What it holds to

- Default deny: a key that lies under no drop, a repository, tag or registry that is not allowed is refused before a call on ECR; and the roles could not do it either.
- Nothing is deleted from ECR, no policy or setting of a repository is changed, and nothing is written to the drop bucket but through presigned uploads of the API.
- No action by a wildcard. \`npm run test:permissions\` takes each action of the workflow away, and the push is denied: none is too many.
- Reads name one version of a tarball, and the account that must own the bucket.
- Each function has a role of its own, which trusts Lambda for this account alone. Policies of cdk-nag, AwsSolutions and Serverless, find nothing, and a matrix of keys, repositories and registries is judged by the roles: \`npm run test:security\`.
- Buckets take TLS 1.2 and newer alone, are encrypted, versioned, and never public.

\`<partition>\`, \`<region>\` and \`<account>\` are those of the deployment. Other angle brackets are resources of the template.

## Roles`;

function synthesized(): Record<string, Resource> {
  const outdir = mkdtempSync(join(tmpdir(), 'slipway-security-'));
  try {
    const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'Images');
    const key = (id: string) =>
      Key.fromKeyArn(stack, id, `arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/${id}`);
    const subnets = { availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] };
    new Slipway(stack, 'Slipway', {
      drops: [
        {
          prefix: 'team-a/',
          repositories: ['team-a/*'],
          createRepositories: { encryptionKey: key('of-repositories'), tags: { team: 'a' } },
        },
      ],
      registries: ['111122223333'],
      dropBucketKey: key('of-drops'),
      workBucketKey: key('of-work'),
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', ...subnets }),
      api: true,
      page: true,
    });
    return Template.fromStack(stack).toJSON().Resources as Record<string, Resource>;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

type Entries = readonly (readonly [string, Resource])[];

function statementsOf(role: string, resources: Entries): Described[] {
  return resources
    .filter(
      ([, { Type, Properties }]) =>
        /^AWS::IAM::(Managed)?Policy$/.test(Type) && referredTo(Properties.Roles).includes(role),
    )
    .flatMap(([, policy]) => describedStatements(policy.Properties.PolicyDocument));
}

// What the functions have in common; the log alone is another one for each.
const OWN_LOG: Described = {
  sid: 'WriteLog',
  effect: 'Allow',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: ['<its log>'],
  conditions: [],
};

function isCommon({ sid = '', actions }: Described): boolean {
  const isTrace = sid === '' && actions.includes('xray:PutTraceSegments') && actions.length === 2;
  return isTrace || ['WriteLog', 'AttachToVpc', 'DenyNetworkToCode'].includes(sid);
}

function roleSection(id: string, { Properties }: Resource, all: readonly Described[]): string {
  const statements = all.filter((one) => !isCommon(one));
  const trusts = describedStatements(Properties.AssumeRolePolicyDocument).flatMap(({ conditions }) => conditions);
  const managed = [Properties.ManagedPolicyArns ?? []].flat().length > 0 ? [MANAGED] : [];
  const name = nameOf(id).replace(/Role$/, '');
  const principal = JSON.stringify(Properties.AssumeRolePolicyDocument).match(/[\w.]+\.amazonaws\.com/)?.[0];
  const trust = `Trusts \`${principal}\`${trusts.map((condition) => `, where \`${condition}\``).join('')}.`;
  return [`### ${name}`, trust, ...managed, ...(statements.length > 0 ? [tableOf(name, statements)] : [])].join('\n\n');
}

const MANAGED =
  'Has the managed policy `AmazonAPIGatewayPushToCloudWatchLogs`: API Gateway writes the logs of all APIs of an account and region with one role, and asks for this policy on it.';

function tableOf(role: string, statements: readonly Described[]): string {
  const rows = statements.map((statement) => {
    const why = reasonOf(statement);
    if (why === undefined)
      throw new Error(`nobody says why ${role} has ${statement.sid ?? statement.actions.join(', ')}`);
    const { sid = '', effect, actions, resources, conditions } = statement;
    const denied = effect === 'Deny' ? '**denied**<br>' : '';
    return `| ${sid} | ${denied}${coded(actions)} | ${coded([...resources, ...conditions.map((one) => `where ${one}`)])} | ${why} |`;
  });
  return ['| statement | actions | on | why |', '|---|---|---|---|', ...rows].join('\n');
}

function coded(texts: readonly string[]): string {
  return texts.map((text) => `\`${text.replaceAll('|', '\\|')}\``).join('<br>');
}

function onResources(resources: Entries): string {
  const policies = resources.filter(([, { Type }]) => /^AWS::(S3::Bucket|SQS::Queue|SNS::Topic)Policy$/.test(Type));
  const rows = policies.flatMap(([id, { Properties }]) =>
    describedStatements(Properties.PolicyDocument).map(
      ({ effect, actions, conditions }) =>
        `| ${nameOf(id).replace(/Policy$/, '')} | ${effect === 'Deny' ? 'denies' : 'allows'} | ${coded(actions)} | ${coded(conditions)} |`,
    ),
  );
  const invoked = resources.flatMap(([, { Type, Properties }]) =>
    Type === 'AWS::Lambda::Permission'
      ? [
          `| ${referredTo(Properties.FunctionName).map(nameOf).join()} | allows \`${Properties.Principal}\` | ${coded([String(Properties.Action)])} | ${coded(['one rule or method of this template'])} |`,
        ]
      : [],
  );
  const head = ['## Policies of resources', '', '| resource | | actions | where |', '|---|---|---|---|'];
  return [...head, ...rows, ...new Set(invoked)].join('\n');
}

const ACKNOWLEDGED = [
  '## Rules of cdk-nag that are not followed',
  '',
  '| rule | why |',
  '|---|---|',
  ...Object.entries(REASONS).map(([rule, why]) => `| ${rule.replaceAll('|', '\\|').replace(/\[.*/, '')} | ${why} |`),
].join('\n');
