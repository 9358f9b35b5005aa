import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';
import { HandlerFunction } from './handler-function';
import { type CompleteSurroundings, grantPermissions } from './permission';
import { PERMISSIONS } from './permissions';

/** Every object created in the drop bucket starts one push; events that start none end in the dead-letter queue. */
export class StartOnDrop extends Construct {
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, surroundings: CompleteSurroundings) {
    super(scope, id);
    const { dropBucket, stateMachine } = surroundings;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    const startPush = new HandlerFunction(this, 'StartPush', {
      memorySize: 256,
      timeout: Duration.minutes(1),
      environment: { SLIPWAY_STATE_MACHINE_ARN: stateMachine.stateMachineArn },
    });
    grantPermissions(startPush, PERMISSIONS.StartPush, surroundings);
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
