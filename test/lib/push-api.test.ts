import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SlipwayStack } from '../../lib';
import { quickApp } from '../support/apps';

const stack = new SlipwayStack(quickApp(), 'SlipwayStack', {
  drops: [
    { prefix: 'team-a/', repositories: ['team-a/*'] },
    { prefix: 'shared/base', repositories: ['base/*'] },
  ],
});
const role = (id: string) => new Role(stack, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const { api } = stack.slipway;
api?.grantStartPush(role('Starter'));
api?.grantReadPushes(role('Reader'));
api?.grantStopPush(role('Stopper'));
api?.grantPresignDrop(role('Dropper'), 'team-a/');
api?.grantPresignDrop(role('WholeBucketDropper'), '');
const template = Template.fromStack(stack);

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The statements of the role whose logical id has this in it: each action, and what it may be used on. */
function allowed(of: string): [string, string][] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.includes(of));
  return policies
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource): [string, string] => [action, text(resource)])),
    )
    .filter(([action]) => !/^(xray|logs):/.test(action));
}

/** An ARN with the names of resources in it instead of references. */
function text(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [[key, value] = ['', undefined]] = Object.entries(resource as object);
  if (key === 'Fn::Join') return (value as [string, unknown[]])[1].map(text).join('');
  return String([value].flat()[0]).replace(/^Slipway|[0-9A-F]{8}$/g, '');
}

test('every method asks for IAM, and has the validator', () => {
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));
  expect(methods.map(({ Properties }) => Properties.OperationName).sort()).toEqual([
    'CreatePush',
    'GetPush',
    'ListPushes',
    'PresignDrop',
    'PresignDrop',
    'StopPush',
  ]);
  for (const { Properties } of methods) {
    expect(Properties).toMatchObject({ AuthorizationType: 'AWS_IAM', RequestValidatorId: { Ref: expect.any(String) } });
    expect(Properties.RequestModels !== undefined).toBe(Properties.HttpMethod === 'POST');
  }
  template.hasResourceProperties('AWS::ApiGateway::RequestValidator', {
    ValidateRequestBody: true,
    ValidateRequestParameters: true,
  });
});

test('models refuse what they do not know, in the one draft that API Gateway reads', () => {
  template.resourceCountIs('AWS::ApiGateway::Model', 3);
  template.allResourcesProperties('AWS::ApiGateway::Model', {
    Schema: { $schema: 'http://json-schema.org/draft-04/schema#', additionalProperties: false },
  });
});

test('the stage is throttled, and leaves an access log', () => {
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [{ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40, DataTraceEnabled: false }],
    TracingEnabled: true,
  });
  const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
  expect(JSON.parse(stage?.Properties.AccessLogSetting.Format)).toMatchObject({
    caller: '$context.identity.userArn',
    status: '$context.status',
  });
});

test('what the gateway answers on its own has code, message and remedy', () => {
  const responses = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse'));
  expect(responses.length).toBeGreaterThan(10);
  for (const { Properties } of responses) {
    const body = Properties.ResponseTemplates['application/json'].replace('$context.error.messageString', '""');
    expect(Object.keys(JSON.parse(body))).toEqual(['code', 'message', 'remedy']);
  }
});

test.each<[string, [string, string][]]>([
  [
    'CreatePush',
    [
      ['states:StartExecution', 'ImagePushStateMachine'],
      ['states:DescribeExecution', 'execution'],
    ],
  ],
  [
    'GetPush',
    [
      ['states:DescribeExecution', 'execution'],
      ['states:GetExecutionHistory', 'execution'],
      ['s3:GetObject', 'WorkBucket/pushes/*/plan.json'],
      ['s3:GetObject', 'WorkBucket/pushes/*/uploads-*.json'],
      ['s3:GetObject', 'WorkBucket/pushes/*/progress/*.json'],
      ['s3:GetObject', 'WorkBucket/pushes/*/image-*.json'],
      ['s3:ListBucket', 'WorkBucket'],
    ],
  ],
  ['ListPushes', [['states:ListExecutions', 'ImagePushStateMachine']]],
  [
    'StopPush',
    [
      ['states:DescribeExecution', 'execution'],
      ['states:StopExecution', 'execution'],
    ],
  ],
  [
    'PresignDrop',
    [
      ['s3:PutObject', 'DropBucket/team-a/*'],
      ['s3:PutObject', 'DropBucket/shared/base/*'],
    ],
  ],
])('%s may do just what it calls', (name, expected) => {
  const simple = allowed(`PushApi${name}`).map(([action, resource]): [string, string] => [
    action,
    resource.includes(':execution:') ? 'execution' : resource,
  ]);
  expect(simple.sort()).toEqual(expected.sort());
});

test.each<[string, string[]]>([
  ['Starter', ['POST/pushes', 'GET/pushes/*']],
  ['Reader', ['GET/pushes', 'GET/pushes/*']],
  ['Stopper', ['POST/pushes/*/stop']],
  ['DropperDefault', ['POST/drops/team-a']],
  ['WholeBucketDropper', ['POST/drops']],
])('a grant lets %s call %s', (id, operations) => {
  const granted = allowed(id).filter(([, resource]) => id !== 'DropperDefault' || !resource.endsWith('/drops'));
  expect(granted.map(([action]) => action)).toEqual(operations.map(() => 'execute-api:Invoke'));
  expect(granted.map(([, resource]) => resource.replace(/^.*?\/v1\//, ''))).toEqual(operations);
});

test('without being asked for, the construct has no API', () => {
  const without = new SlipwayStack(quickApp(), 'SlipwayStack', { api: false });
  Template.fromStack(without).resourceCountIs('AWS::ApiGateway::RestApi', 0);
});
