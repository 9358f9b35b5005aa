import { Duration, Stack } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { NOTICE_SOURCE, NOTICE_TYPES } from '../lambda/contract/notice';
import { DeadLetterQueue } from './dead-letter-queue';
import { type Drop, dropsJson } from './drop';
import { HandlerFunction } from './handler-function';
import { type CompleteSurroundings, grantPermissions } from './permission';
import { PERMISSIONS } from './permissions';

export interface NoticesProps extends CompleteSurroundings {
  /** Key of the topics that are made here. */
  readonly topicKey?: IKey | undefined;
}

/** One event on the default bus for each push that ends, whatever its end, and from there to the topics of its drop. */
export class Notices extends Construct {
  /** Takes the ends of pushes that SendNotice could not tell of, and the notices that no topic took. */
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    const { stateMachine, drops } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    const sendNotice = this.sendNotice(props);
    this.rule('ExecutionEnded', 'a push ended', {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [stateMachine.stateMachineArn],
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    }).addTarget(new LambdaTarget(sendNotice, { deadLetterQueue: this.deadLetterQueue, retryAttempts: 185 }));
    for (const [index, drop] of drops.entries()) this.notify(drop, index, props);
  }

  private sendNotice(props: NoticesProps): HandlerFunction {
    const { account } = Stack.of(this);
    const sendNotice = new HandlerFunction(this, 'SendNotice', {
      memorySize: 256,
      timeout: Duration.seconds(30),
      environment: {
        SLIPWAY_WORK_BUCKET: props.workBucket.bucketName,
        SLIPWAY_ACCOUNT_ID: account,
        SLIPWAY_DROPS: dropsJson(props.drops),
      },
    });
    sendNotice.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(this.deadLetterQueue) });
    grantPermissions(sendNotice, PERMISSIONS.SendNotice, props);
    return sendNotice;
  }

  private notify({ prefix, notify, notifyEmails = [] }: Drop, index: number, props: NoticesProps): void {
    const topics = notify ? [notify] : [];
    if (notifyEmails.length > 0) topics.push(this.topicFor(notifyEmails, index, props));
    if (topics.length === 0) return;
    const rule = this.rule(`Drop${index}Notices`, `a push of the drop "${prefix}" ended`, {
      source: [NOTICE_SOURCE],
      detailType: Object.values(NOTICE_TYPES),
      resources: [props.stateMachine.stateMachineArn],
      detail: { drop: [prefix] },
    });
    const deadLetterQueue = this.deadLetterQueue;
    for (const topic of topics) rule.addTarget(new SnsTopic(topic, { deadLetterQueue, retryAttempts: 185 }));
  }

  private topicFor(emails: readonly string[], index: number, { topicKey }: NoticesProps): Topic {
    const topic = new Topic(this, `Drop${index}Topic`, {
      enforceSSL: true,
      ...(topicKey && { masterKey: topicKey }),
    });
    for (const address of emails)
      topic.addSubscription(new EmailSubscription(address, { deadLetterQueue: this.deadLetterQueue }));
    return topic;
  }

  private rule(id: string, what: string, eventPattern: EventPattern): Rule {
    return new Rule(this, id, { description: `Slipway: ${what}`, eventPattern });
  }
}
