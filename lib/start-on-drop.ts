import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { HandlerFunction } from './handler-function';

export interface StartOnDropProps {
  readonly dropBucket: IBucket;
  readonly stateMachine: StateMachine;
}

/** Every object created in the drop bucket starts one push; events that start none end in the dead-letter queue. */
export class StartOnDrop extends Construct {
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { dropBucket, stateMachine }: StartOnDropProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const startPush = new HandlerFunction(this, 'StartPush', {
      memorySize: 256,
      timeout: Duration.minutes(1),
      environment: { SLIPWAY_STATE_MACHINE_ARN: stateMachine.stateMachineArn },
    });
    stateMachine.grantStartExecution(startPush);
    // Lambda takes events and tries them on its own: what the function keeps failing on goes to the same queue.
    startPush.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(this.deadLetterQueue) });
    new Rule(this, 'ObjectCreated', {
      description: 'Slipway: a tarball was dropped',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [dropBucket.bucketName] } },
      },
      targets: [new LambdaTarget(startPush, { deadLetterQueue: this.deadLetterQueue, retryAttempts: 185 })],
    });
  }
}
