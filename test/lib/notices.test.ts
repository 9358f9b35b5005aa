import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Slipway } from '../../lib';
import { quickApp } from '../support/apps';

const stack = new Stack(quickApp(), 'Stack');
const drops = [
  { prefix: 'team-a/', repositories: ['team-a/*'], notify: new Topic(stack, 'TeamA') },
  { prefix: 'team-b/', repositories: ['team-b/*'], notifyEmails: ['b@example.com'] },
  { prefix: 'team-c/', repositories: ['team-c/*'] },
];
new Slipway(stack, 'Slipway', { drops });
const template = Template.fromStack(stack);
const machine = { Ref: Match.stringLikeRegexp('ImagePushStateMachine') };
const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('NoticesDeadLetterQueue'), 'Arn'] };
const types = ['Image Pushed', 'Image Push Failed'];

test('every end of this workflow goes to SendNotice, with retries and a dead-letter queue', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [machine], status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    Targets: [
      Match.objectLike({
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('SendNotice'), 'Arn'] },
        DeadLetterConfig: { Arn: queue },
        RetryPolicy: { MaximumRetryAttempts: 185 },
      }),
    ],
  });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: Match.stringLikeRegexp('SendNotice') },
    DestinationConfig: { OnFailure: { Destination: queue } },
  });
});

test('SendNotice may put its two events on the default bus, and no others', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('SendNotice'),
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Sid: 'PutNotices',
          Effect: 'Allow',
          Action: 'events:PutEvents',
          Resource: { 'Fn::Join': ['', Match.arrayWith([':event-bus/default'])] },
          Condition: { StringEquals: { 'events:source': 'slipway', 'events:detail-type': types } },
        },
      ]),
    },
  });
});

test.each([
  ['team-a/', { Ref: Match.stringLikeRegexp('^TeamA') }],
  ['team-b/', { Ref: Match.stringLikeRegexp('Drop1Topic') }],
])('the topic of %s gets the notices of this workflow under this prefix', (prefix, Arn) => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['slipway'], 'detail-type': types, resources: [machine], detail: { drop: [prefix] } },
    Targets: [Match.objectLike({ Arn, DeadLetterConfig: { Arn: queue } })],
  });
});

test('a drop that wants none gets no topic and no rule', () => {
  template.resourceCountIs('AWS::SNS::Topic', 2);
  // Objects, ends, and the notices of two drops.
  template.resourceCountIs('AWS::Events::Rule', 4);
});

test('addresses subscribe to a topic that takes TLS only', () => {
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'b@example.com' });
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Action: 'sns:Publish' })]),
    },
  });
});
