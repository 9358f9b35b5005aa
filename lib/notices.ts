import { Duration, Stack } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { NOTICE_SOURCE, NOTICE_TYPES } from '../lambda/contract/notice';
import { type Drop, dropsJson } from './drop';
import { HandlerFunction } from './handler-function';

export interface NoticesProps {
  readonly stateMachine: StateMachine;
  readonly workBucket: IBucket;
  readonly drops: readonly Drop[];
}

/** One event on the default bus for each push that ends, whatever its end, and from there to the topics of its drop. */
export class Notices extends Construct {
  /** Takes the ends of pushes that SendNotice could not tell of, and the notices that no topic took. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { stateMachine, workBucket, drops }: NoticesProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const sendNotice = this.sendNotice(workBucket, drops);
    this.rule('ExecutionEnded', 'a push ended', {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [stateMachine.stateMachineArn],
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    }).addTarget(new LambdaTarget(sendNotice, { deadLetterQueue: this.deadLetterQueue, retryAttempts: 185 }));
    for (const [index, drop] of drops.entries()) this.notify(drop, index, stateMachine);
  }

  private sendNotice(workBucket: IBucket, drops: readonly Drop[]): HandlerFunction {
    const { account } = Stack.of(this);
    const sendNotice = new HandlerFunction(this, 'SendNotice', {
      memorySize: 256,
      timeout: Duration.seconds(30),
      environment: {
        SLIPWAY_WORK_BUCKET: workBucket.bucketName,
        SLIPWAY_ACCOUNT_ID: account,
        SLIPWAY_DROPS: dropsJson(drops),
      },
    });
    sendNotice.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(this.deadLetterQueue) });
    workBucket.grantRead(sendNotice, 'pushes/*');
    workBucket.grantPut(sendNotice, 'pushes/*');
    sendNotice.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
        conditions: {
          StringEquals: { 'events:source': NOTICE_SOURCE, 'events:detail-type': Object.values(NOTICE_TYPES) },
        },
      }),
    );
    return sendNotice;
  }

  private notify({ prefix, notify, notifyEmails = [] }: Drop, index: number, stateMachine: StateMachine): void {
    const topics = notify ? [notify] : [];
    if (notifyEmails.length > 0) topics.push(this.topicFor(notifyEmails, index));
    if (topics.length === 0) return;
    const rule = this.rule(`Drop${index}Notices`, `a push of the drop "${prefix}" ended`, {
      source: [NOTICE_SOURCE],
      detailType: Object.values(NOTICE_TYPES),
      resources: [stateMachine.stateMachineArn],
      detail: { drop: [prefix] },
    });
    const deadLetterQueue = this.deadLetterQueue;
    for (const topic of topics) rule.addTarget(new SnsTopic(topic, { deadLetterQueue, retryAttempts: 185 }));
  }

  private topicFor(emails: readonly string[], index: number): Topic {
    const topic = new Topic(this, `Drop${index}Topic`, { enforceSSL: true });
    for (const address of emails) topic.addSubscription(new EmailSubscription(address));
    return topic;
  }

  private rule(id: string, what: string, eventPattern: EventPattern): Rule {
    return new Rule(this, id, { description: `Slipway: ${what}`, eventPattern });
  }
}
