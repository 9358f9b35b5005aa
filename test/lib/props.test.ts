import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Slipway, type SlipwayProps } from '../../lib';
import { quickApp, validatedApp } from '../support/apps';

const app = validatedApp();
const theirs = new Stack(app, 'Theirs');
const key = Key.fromKeyArn(theirs, 'Key', `arn:${Aws.PARTITION}:kms:eu-central-1:000000000000:key/of-the-customer`);
const isolated = { subnetType: SubnetType.PRIVATE_ISOLATED };

const DROPS = [{ prefix: 'team-a', repositories: ['team-a/*'] }];

/** A stack with a Slipway in it; all are made before the first is looked at. */
function deployed(id: string, props: Partial<SlipwayProps>): () => Template {
  const stack = new Stack(app, id);
  const slipway = new Slipway(stack, 'Slipway', { ...props, drops: props.drops ?? DROPS });
  const person = (name: string) => new Role(stack, name, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  if (id === 'FullStack') {
    slipway.grantDrop(person('Dropper'), 'team-a/');
    slipway.grantDrop(new AccountPrincipal('444455556666'), 'team-a/');
    slipway.grantStartPush(person('Starter'));
  }
  return () => Template.fromStack(stack);
}

const fullStack = deployed('FullStack', {
  drops: [
    {
      ...{ prefix: 'team-a', repositories: ['team-a/*'] },
      createRepositories: { immutableTags: true, scanOnPush: true, encryptionKey: key, tags: { team: 'a' } },
    },
  ],
  registries: ['111122223333'],
  dropBucketKey: key,
  workBucketKey: key,
  dropBucketRemovalPolicy: RemovalPolicy.DESTROY,
  receiptRetention: Duration.days(365),
  accessLogBucket: new Bucket(theirs, 'AccessLogs'),
  vpc: new Vpc(theirs, 'Vpc', { natGateways: 0, maxAzs: 2 }),
  vpcSubnets: isolated,
  permissionsBoundary: ManagedPolicy.fromManagedPolicyName(theirs, 'Boundary', 'boundary'),
  logRetention: RetentionDays.ONE_YEAR,
  logRemovalPolicy: RemovalPolicy.RETAIN,
  pushTimeout: Duration.hours(4),
  memorySizes: { PutImage: 1024, GetPush: 2048 },
  reservedConcurrency: { UploadLayerParts: 12 },
  tracing: false,
  api: true,
  apiRequestsPerSecond: 5,
  apiBurst: 7,
  setApiLogRole: false,
  alarmTopic: new Topic(theirs, 'OnCall'),
});
const alone = deployed('Alone', {
  vpc: new Vpc(theirs, 'Isolated', { natGateways: 0, maxAzs: 2 }),
  vpcSubnets: isolated,
  vpcEndpoints: true,
});
const existing = deployed('Existing', {
  dropBucket: Bucket.fromBucketAttributes(theirs, 'Existing', { bucketName: 'existing', encryptionKey: key }),
});
const late = deployed('Late', {
  drops: [{ prefix: 'app/', repositories: [new Repository(theirs, 'Repository').repositoryName] }],
});
const full = fullStack();

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function statements(template: Template, of: string): Statement[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.includes(of))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

const ours = (template: Template, type: string) =>
  Object.entries(template.findResources(type)).filter(([id]) => id.startsWith('Slipway'));

test('every role has the permissions boundary, and trusts its service for this account alone', () => {
  const roles = ours(full, 'AWS::IAM::Role').map(([, { Properties }]) => Properties);
  expect(roles.length).toBeGreaterThan(20);
  for (const role of roles) {
    expect(JSON.stringify(role.PermissionsBoundary)).toContain('boundary');
    for (const statement of role.AssumeRolePolicyDocument.Statement) {
      expect(statement.Condition.StringEquals).toHaveProperty('aws:SourceAccount');
    }
  }
});

test('functions run in the subnets of the VPC, and their code may not touch its network interfaces', () => {
  for (const [, { Properties }] of ours(full, 'AWS::Lambda::Function')) {
    expect(Properties.VpcConfig.SubnetIds).toHaveLength(2);
  }
  const denied = statements(full, 'SlipwayPutImage').filter(({ Effect }) => Effect === 'Deny');
  expect(denied).toMatchObject([{ Action: expect.arrayContaining(['ec2:CreateNetworkInterface']), Resource: '*' }]);
});

test('without a way out, a VPC gets the endpoints that a push needs', () => {
  alone();
  const endpoints = Object.values(Template.fromStack(theirs).findResources('AWS::EC2::VPCEndpoint'));
  const names = endpoints.map(({ Properties }) => JSON.stringify(Properties.ServiceName));
  for (const service of ['s3', 'ecr.api', 'states', 'events', 'logs', 'xray']) {
    expect(names).toContainEqual(expect.stringContaining(`.${service}"`));
  }
});

test('logs are kept as long as they are to be, beyond the stack', () => {
  const groups = ours(full, 'AWS::Logs::LogGroup');
  expect(groups.length).toBeGreaterThan(20);
  for (const [, group] of groups) {
    expect(group).toMatchObject({ Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Retain' });
  }
});

test('memory, concurrency, time and tracing are as they are set', () => {
  const named = (name: string) => ours(full, 'AWS::Lambda::Function').find(([id]) => id.includes(name))?.[1].Properties;
  expect(named('PutImage').MemorySize).toBe(1024);
  expect(named('GetPush').MemorySize).toBe(2048);
  expect(named('UploadLayerParts').ReservedConcurrentExecutions).toBe(12);
  expect(named('PutImage').TracingConfig).toBeUndefined();
  const [[, machine] = []] = ours(full, 'AWS::StepFunctions::StateMachine');
  expect(JSON.stringify(machine?.Properties.DefinitionString)).toContain('TimeoutSeconds\\":14400');
  expect(machine?.Properties.TracingConfiguration?.Enabled ?? false).toBe(false);
});

test('the API is throttled as it is set, and leaves the log role of the account alone', () => {
  full.hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 })],
  });
  full.resourceCountIs('AWS::ApiGateway::Account', 0);
});

test('buckets take the key, the access logs and the retention that they are given', () => {
  full.hasResource('AWS::S3::Bucket', {
    Properties: { LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'drop/' }) },
    DeletionPolicy: 'Delete',
  });
  full.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([Match.objectLike({ Prefix: 'pushes/', ExpirationInDays: 365 })]),
    },
  });
  for (const [, { Properties }] of ours(full, 'AWS::S3::Bucket')) {
    const [{ ServerSideEncryptionByDefault: rule }] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule).toMatchObject({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: theirs.resolve(key.keyArn) });
  }
});

test('repositories are called in the own account and in the registries that are named, created in the own one alone', () => {
  const put = statements(full, 'SlipwayPutImage').find(({ Sid }) => Sid === 'CallRepositoriesOfDrops');
  const accounts = JSON.stringify(put?.Resource).match(/("AWS::AccountId"|\d{12})[^\]]*?:repository/g) ?? [];
  expect(accounts.map((one) => one.slice(0, 12))).toEqual(
    ['"AWS::Account', '111122223333'].map((one) => one.slice(0, 12)),
  );
  const initiate = statements(full, 'SlipwayInitiateLayerUpload');
  const created = initiate.filter(({ Sid }) => /Created?Repositories$/.test(Sid ?? ''));
  expect(created.map(({ Sid }) => Sid)).toEqual([
    'CreateRepositories',
    'TagCreatedRepositories',
    'LendKeyToCreatedRepositories',
  ]);
  expect(JSON.stringify(created)).not.toContain('111122223333');
});

test('keys are used through S3 and ECR alone', () => {
  const uses = ours(full, 'AWS::IAM::Policy')
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('kms:')));
  expect(uses.length).toBeGreaterThan(15);
  for (const { Condition } of uses) {
    expect(JSON.stringify(Condition.StringLike['kms:ViaService'])).toMatch(
      /"(s3|ecr)\.",\{"Ref":"AWS::Region"\},"\.amazonaws/,
    );
  }
});

test('grantDrop lets a principal write into the folder of one drop, with the key, and nothing else', () => {
  const granted = statements(full, 'Dropper');
  expect(granted.flatMap(({ Action }) => Action).sort()).toEqual([
    'kms:Decrypt',
    'kms:GenerateDataKey',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
    's3:PutObject',
  ]);
  expect(JSON.stringify(granted)).toContain('/team-a/*');
});

test('grantDrop lets another account in by the policy of the bucket', () => {
  full.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
          Principal: { AWS: { 'Fn::Join': ['', Match.arrayWith([':iam::444455556666:root'])] } },
        }),
      ]),
    },
  });
});

test('grantStartPush lets a principal start pushes and follow them', () => {
  expect(statements(full, 'Starter').flatMap(({ Action }) => Action)).toEqual([
    'states:StartExecution',
    'states:DescribeExecution',
    'states:GetExecutionHistory',
  ]);
});

test('a bucket that exists is used as it is: no other drop bucket is made, and reads without a version are allowed', () => {
  const template = existing();
  expect(ours(template, 'AWS::S3::Bucket').map(([id]) => id)).toEqual([expect.stringContaining('WorkBucket')]);
  const reading = statements(template, 'SlipwayVerifyPack');
  expect(reading.map(({ Sid }) => Sid)).toContain('ReadTarballWithoutVersion');
  expect(JSON.stringify(reading)).toContain('key/of-the-customer');
});

test('names that are known only when it is deployed are taken', () => {
  expect(JSON.stringify(statements(late(), 'SlipwayPutImage'))).toContain('Repository');
});

test('no ARN names the partition of one part of the world', () => {
  expect(JSON.stringify(full.toJSON())).not.toContain('arn:aws:');
});

test('a grant for a drop that is not there is refused', () => {
  const stack = new Stack(quickApp(), 'Stack');
  const slipway = new Slipway(stack, 'Slipway', { drops: DROPS });
  const person = new Role(stack, 'Person', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  expect(() => slipway.grantDrop(person, 'team')).toThrow('there is no drop "team"; there are "team-a"');
});
