/**
 * A mail for every push that fails: EventBridge tells of the end of each execution, and what stands in its cause is the
 * diagnosis, with the remedy.
 */
import { App, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Slipway } from 'ecr-slipway';

const stack = new Stack(new App(), 'Images');
const { imagePush } = new Slipway(stack, 'Slipway', {
  drops: [{ prefix: '', repositories: ['*'], createRepositories: {} }],
});

const topic = new Topic(stack, 'FailedPushes', { enforceSSL: true });
topic.addSubscription(new EmailSubscription('platform@example.com'));
new Rule(stack, 'PushFailed', {
  eventPattern: {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [imagePush.stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
  },
  targets: [
    new SnsTopic(topic, {
      message: RuleTargetInput.fromText(
        `${EventField.fromPath('$.detail.name')} has ${EventField.fromPath('$.detail.status')}: ${EventField.fromPath('$.detail.cause')}`,
      ),
    }),
  ],
});
