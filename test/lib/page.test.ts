import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Slipway, SlipwayStack } from '../../lib';
import { quickApp } from '../support/apps';

const stack = new SlipwayStack(quickApp(), 'SlipwayStack', { page: true });
const template = Template.fromStack(stack);

test('the page is open to everybody, and nothing else is', () => {
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => Properties);
  const open = methods.filter(({ AuthorizationType }) => AuthorizationType !== 'AWS_IAM');
  expect(open.map(({ HttpMethod, OperationName }) => `${HttpMethod} ${OperationName}`)).toEqual(['GET ServePage']);
});

test('who asks for the page uses nothing up that others need', () => {
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: Match.arrayWith([
      Match.objectLike({ ResourcePath: '/*', ThrottlingRateLimit: 20 }),
      Match.objectLike({ ResourcePath: '/~1page', HttpMethod: 'GET', ThrottlingRateLimit: 5, DataTraceEnabled: false }),
    ]),
  });
});

test('what serves it may write its log, and nothing more', () => {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.includes('ServePage'),
  );
  const actions = policies.flatMap(([, { Properties }]) =>
    Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
  );
  expect(actions.filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
});

test('a browser may upload into the drop bucket from the page, and from nowhere else', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    CorsConfiguration: {
      CorsRules: [
        {
          AllowedMethods: ['PUT'],
          AllowedHeaders: Match.absent(),
          ExposedHeaders: ['x-amz-version-id'],
          AllowedOrigins: [
            {
              'Fn::Join': [
                '',
                [
                  'https://',
                  { Ref: Match.stringLikeRegexp('RestApi') },
                  '.execute-api.',
                  { Ref: 'AWS::Region' },
                  '.',
                  { Ref: 'AWS::URLSuffix' },
                ],
              ],
            },
          ],
        },
      ],
    },
  });
});

test('the stack says where it is', () => {
  template.hasOutput('PageUrl', { Value: { 'Fn::Join': ['', Match.arrayWith(['/page'])] } });
});

test('the rules of a bucket that was there before are left to its owner', () => {
  const scope = new Stack(quickApp(), 'Stack');
  const dropBucket = Bucket.fromBucketName(scope, 'Theirs', 'theirs');
  new Slipway(scope, 'Slipway', { drops: [{ prefix: '', repositories: ['*'] }], dropBucket, api: true, page: true });
  const buckets = Object.values(Template.fromStack(scope).findResources('AWS::S3::Bucket'));
  expect(buckets.filter(({ Properties }) => Properties.CorsConfiguration)).toEqual([]);
});

test('without being asked for there is no page, no rule for it and no output', () => {
  const without = Template.fromStack(new SlipwayStack(quickApp(), 'SlipwayStack'));
  expect(JSON.stringify(without.toJSON())).not.toMatch(/ServePage|CorsConfiguration|PageUrl/);
});
