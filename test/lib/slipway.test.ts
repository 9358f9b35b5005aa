import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SlipwayStack } from '../../lib';
import { quickApp } from '../support/apps';

const template = Template.fromStack(
  new SlipwayStack(quickApp(), 'SlipwayStack', {
    drops: [{ prefix: 'team-a/', repositories: ['team-a/*'], createRepositories: { repositories: ['team-a/new-*'] } }],
    api: false,
  }),
);

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
}

interface Resource {
  readonly Properties: Readonly<Record<string, unknown>>;
}

const resources = (type: string): [string, Resource][] => Object.entries(template.findResources(type)) as never;

/** Statements that allow something, as identity policies and policies of resources have them. */
const allowed: Statement[] = ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy']
  .flatMap(resources)
  .flatMap(([, { Properties }]) => [Properties.PolicyDocument, Properties.AssumeRolePolicyDocument])
  .flatMap((document) => (document as { Statement: Statement[] } | undefined)?.Statement ?? [])
  .filter(({ Effect }) => Effect === 'Allow');

const actionsOf = ({ Action }: Statement): string[] => [Action].flat();
const resourcesOf = ({ Resource }: Statement): string[] => [Resource].flat().map((one) => JSON.stringify(one));
const allowing = (pattern: RegExp) =>
  allowed.filter((statement) => actionsOf(statement).some((name) => pattern.test(name)));

describe('the drop bucket', () => {
  test('keeps versions and tells EventBridge of every object', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('is not written to or deleted from by anything that is deployed', () => {
    const writing = allowing(/^s3:(Put|Delete|Abort|Restore|Replicate)/).flatMap(resourcesOf);
    expect(writing.length).toBeGreaterThan(0);
    expect(writing.filter((resource) => resource.includes('DropBucket'))).toEqual([]);
  });
});

test('the work bucket lets plans, staged layers and broken uploads expire', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [
        {
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          ExpiredObjectDeleteMarker: true,
          Status: 'Enabled',
        },
        { Prefix: 'unpacked/', ExpirationInDays: 7, Status: 'Enabled' },
        { Prefix: 'staged/', ExpirationInDays: 30, Status: 'Enabled' },
        { Prefix: 'pushes/', ExpirationInDays: 90, Status: 'Enabled' },
      ],
    },
  });
});

test('no bucket is public, each keeps versions, is encrypted, and takes TLS only', () => {
  const all = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  template.resourceCountIs('AWS::S3::Bucket', 2);
  template.allResourcesProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: all,
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: Match.anyValue(),
  });
  template.resourceCountIs('AWS::S3::BucketPolicy', 2);
  template.allResourcesProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Action: 's3:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    },
  });
});

test('an object created in the drop bucket goes to StartPush, and to the dead-letter queue where that fails', () => {
  const startPush = idOf('AWS::Lambda::Function', 'StartPush');
  const queue = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'StartOnDropDeadLetterQueue'), 'Arn'] };
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [{ Ref: idOf('AWS::S3::Bucket', 'DropBucket') }] } },
    },
    Targets: [{ Arn: { 'Fn::GetAtt': [startPush, 'Arn'] }, DeadLetterConfig: { Arn: queue } }],
  });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: startPush },
    DestinationConfig: { OnFailure: { Destination: queue } },
  });
});

test('what holds data or is named by others keeps its id, so that no upgrade replaces it', () => {
  expect([idOf('AWS::S3::Bucket', 'DropBucket'), idOf('AWS::S3::Bucket', 'WorkBucket')]).toEqual([
    'SlipwayDropBucket5D2BC628',
    'SlipwayWorkBucket20BEA277',
  ]);
  expect(idOf('AWS::StepFunctions::StateMachine', '')).toBe('SlipwayImagePushStateMachineC86FBB2E');
});

test('the workflow is a Standard one', () => {
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineType: 'STANDARD' });
});

test('every function runs Node 24 on arm64, keeps its log for a month, and has a role of its own', () => {
  template.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  const functions = resources('AWS::Lambda::Function');
  const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties.Role));
  expect(functions.length).toBe(17);
  expect(new Set(roles).size).toBe(functions.length);
  const logs = functions.map(([, { Properties }]) => JSON.stringify(Properties.LoggingConfig));
  expect(new Set(logs).size).toBe(functions.length);
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

describe('policies', () => {
  test('allow no action of a whole service', () => {
    const actions = allowed.flatMap(actionsOf);
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => /^(\*|\w+:\*)$/.test(action))).toEqual([]);
  });

  test('allow calls to ECR on repositories of the drops only, in the own account, beside listing the names of all', () => {
    const listing = (statement: Statement) =>
      JSON.stringify(actionsOf(statement)) === '["ecr:DescribeRepositories"]' &&
      resourcesOf(statement).every((resource) => resource.includes('{"Ref":"AWS::AccountId"},":repository/*"'));
    const elsewhere = allowing(/^ecr:/)
      .filter((statement) => !actionsOf(statement).includes('ecr:CreateRepository') && !listing(statement))
      .flatMap(resourcesOf)
      .filter((resource) => !/:ecr:.*"AWS::AccountId"},":repository\/team-a\/\*"/.test(resource));
    expect(elsewhere).toEqual([]);
  });

  test('allow repositories to be created where the deployment says so, by one function', () => {
    const creating = allowing(/^ecr:CreateRepository$/);
    const steps = ['UploadSmallLayers', 'InitiateLayerUpload'];
    expect(creating.map(actionsOf)).toEqual(steps.map(() => ['ecr:DescribeRepositories', 'ecr:CreateRepository']));
    expect(creating.flatMap(resourcesOf)).toEqual(
      steps.map(() => expect.stringContaining(':repository/team-a/new-*"')),
    );
  });

  test('allow of ECR just what a push calls: nothing is deleted, no policy or setting is changed', () => {
    const actions = allowing(/^ecr:/).flatMap(actionsOf);
    expect([...new Set(actions)].sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:CreateRepository',
      'ecr:DescribeRepositories',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ]);
  });

  test('let the workflow call its own functions, and StartPush start this workflow', () => {
    const invoked = allowing(/^lambda:InvokeFunction$/).flatMap(resourcesOf);
    expect(invoked.filter((resource) => resource === '"*"')).toEqual([]);
    const started = allowing(/^states:StartExecution$/);
    expect(started.flatMap(actionsOf)).toEqual(['states:StartExecution']);
    expect(started.flatMap(resourcesOf)).toEqual([
      JSON.stringify({ Ref: idOf('AWS::StepFunctions::StateMachine', 'ImagePush') }),
    ]);
  });
});

test('two steps may read the history of pushes, which ends at 25,000 events, and nothing else of Step Functions', () => {
  const others = allowing(/^states:(?!StartExecution$)/);
  expect(others.flatMap(actionsOf)).toEqual(['states:GetExecutionHistory']);
  expect(others.flatMap(resourcesOf)).toEqual([expect.stringContaining(':execution:')]);
  const [[, policy] = []] = resources('AWS::IAM::Policy').filter(([id]) => id.includes('OwnHistory'));
  const roles = JSON.stringify(policy?.Properties.Roles);
  expect(roles.match(/FindMissingLayers|RestartLayerUpload/g)?.sort()).toEqual([
    'FindMissingLayers',
    'RestartLayerUpload',
  ]);
});

test('a key of the customer encrypts both buckets, and each role may use it as its calls need it', () => {
  const app = quickApp();
  const keys = new Stack(app, 'Keys');
  const key = new Key(keys, 'Key');
  const stack = new SlipwayStack(app, 'SlipwayStack', { dropBucketKey: key, workBucketKey: key });
  const encrypted = Template.fromStack(stack);
  encrypted.allResourcesProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      ],
    },
  });
  const using = (action: string) =>
    Object.values(encrypted.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes(action))
      .map(({ Properties }) => String(Properties.PolicyName));
  expect(using('kms:GenerateDataKey')).toContainEqual(expect.stringContaining('StageLayer'));
  expect(using('kms:GenerateDataKey')).not.toContainEqual(expect.stringContaining('VerifyPack'));
  expect(using('kms:Decrypt')).toContainEqual(expect.stringContaining('VerifyPack'));
});

test('a deployment that creates no repositories may not', () => {
  const stack = new SlipwayStack(quickApp(), 'SlipwayStack', { drops: [{ prefix: '', repositories: ['*'] }] });
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('ecr:CreateRepository');
});

/** Logical id of the only resource of this type whose id has this name in it. */
function idOf(type: string, name: string): string {
  const [id, ...others] = resources(type)
    .map(([logicalId]) => logicalId)
    .filter((logicalId) => logicalId.includes(name));
  if (id === undefined || others.length > 0) throw new RangeError(`${others.length + (id ? 1 : 0)} are called ${name}`);
  return id;
}
