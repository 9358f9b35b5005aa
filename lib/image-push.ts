import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  Map as MapState,
  Pass,
  ProvideItems,
  QueryLanguage,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { LayersNotFound } from '../lambda/contract/errors';
import type { PushFunctions, StepName } from './push-functions';
import { nameOf, RETRY_POLICIES } from './retry-policies';

const INPUT = '{% $states.input %}';
const RESULT = '{% $states.result.Payload %}';

export interface ImagePushProps {
  readonly functions: PushFunctions;
  /** Layers on their way to ECR at once. */
  readonly layerConcurrency: number;
}

/** The workflow that pushes one tarball, top to bottom as in the README's picture. */
export class ImagePush extends Construct {
  readonly stateMachine: StateMachine;
  private readonly functions: PushFunctions;

  constructor(scope: Construct, id: string, { functions, layerConcurrency }: ImagePushProps) {
    super(scope, id);
    this.functions = functions;

    const inspectTarball = this.task('InspectTarball', {
      payload: "{% {'request': $states.input, 'execution': $states.context.Execution.Name} %}",
      outputs: RESULT,
    });
    const prepareRepositories = this.task('PrepareRepositories', { payload: INPUT, outputs: INPUT });
    const stageLayers = MapState.jsonata(this, 'StageLayers', {
      items: ProvideItems.jsonata('{% $states.input.plainLayers %}'),
      itemSelector: { plan: '{% $states.input.plan %}', index: '{% $states.context.Map.Item.Value %}' },
      maxConcurrency: layerConcurrency,
      outputs: INPUT,
    }).itemProcessor(this.task('StageLayer', { payload: INPUT, outputs: RESULT }));
    const findMissingLayers = this.task('FindMissingLayers', { payload: INPUT, outputs: RESULT });
    const verifyLayers = MapState.jsonata(this, 'VerifyLayers', {
      items: ProvideItems.jsonata('{% $states.input.unverified %}'),
      itemSelector: { uploads: '{% $states.input.uploads %}', index: '{% $states.context.Map.Item.Value %}' },
      maxConcurrency: layerConcurrency,
      outputs: INPUT,
    }).itemProcessor(this.task('VerifyLayer', { payload: INPUT, outputs: RESULT }));
    const uploadLayers = MapState.jsonata(this, 'UploadLayers', {
      items: ProvideItems.jsonata('{% $states.input.missing %}'),
      itemSelector: {
        uploads: '{% $states.input.uploads %}',
        index: '{% $states.context.Map.Item.Value %}',
        bytesSent: 0,
        restarts: 0,
      },
      maxConcurrency: layerConcurrency,
      outputs: "{% $merge([$states.input, {'layers': $append($states.input.layers, $states.result)}]) %}",
    }).itemProcessor(this.uploadLayer());
    const putImages = this.task('PutImages', { payload: INPUT, outputs: INPUT });
    const writeReceipt = this.task('WriteReceipt', { payload: INPUT, outputs: RESULT });

    // ECR may drop a layer that no image names yet: what is missing then is sent again, and counted.
    putImages.addCatch(findMissingLayers, { errors: [nameOf(LayersNotFound)], outputs: INPUT });
    const diagnoseFailure = this.diagnoseFailure();
    for (const step of [
      inspectTarball,
      prepareRepositories,
      stageLayers,
      findMissingLayers,
      verifyLayers,
      uploadLayers,
      putImages,
      writeReceipt,
    ]) {
      step.addCatch(diagnoseFailure, { outputs: { step: step.id, error: '{% $states.errorOutput %}' } });
    }

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      queryLanguage: QueryLanguage.JSONATA,
      comment: 'Pushes the images of one tarball to Amazon ECR.',
      timeout: Duration.days(2),
      definitionBody: DefinitionBody.fromChainable(
        inspectTarball
          .next(prepareRepositories)
          .next(stageLayers)
          .next(findMissingLayers)
          .next(verifyLayers)
          .next(uploadLayers)
          .next(putImages)
          .next(writeReceipt)
          .next(Succeed.jsonata(this, 'Succeeded')),
      ),
    });
  }

  /** One layer: initiate, parts until the last byte, complete; and again from byte 0 whenever ECR loses the upload. */
  private uploadLayer(): IChainable {
    const initiateLayerUpload = this.task('InitiateLayerUpload', { payload: INPUT, outputs: RESULT });
    const uploadLayerParts = this.task('UploadLayerParts', { payload: INPUT, outputs: RESULT });
    const completeLayerUpload = this.task('CompleteLayerUpload', { payload: INPUT, outputs: RESULT });
    const checkLayerAvailability = this.task('CheckLayerAvailability', { payload: INPUT, outputs: RESULT });
    const restartLayerUpload = this.task('RestartLayerUpload', { payload: INPUT, outputs: RESULT });
    const spaceOutRestarts = Wait.jsonata(this, 'SpaceOutRestarts', {
      time: WaitTime.seconds('{% $states.input.waitSeconds %}'),
    });
    const layerDone = Pass.jsonata(this, 'LayerDone', {
      outputs: {
        index: '{% $states.input.index %}',
        bytesSent: '{% $states.input.bytesSent %}',
        restarts: '{% $states.input.restarts %}',
      },
    });
    const layerAvailable = Choice.jsonata(this, 'LayerAvailable?')
      .when(Condition.jsonata('{% $states.input.available %}'), layerDone)
      .otherwise(restartLayerUpload.next(spaceOutRestarts).next(initiateLayerUpload));
    const lastByteSent = Choice.jsonata(this, 'LastByteSent?')
      .when(Condition.jsonata('{% $exists($states.input.lost) %}'), checkLayerAvailability.next(layerAvailable))
      .when(Condition.jsonata('{% $states.input.allSent %}'), completeLayerUpload.next(layerAvailable))
      .otherwise(uploadLayerParts);
    return initiateLayerUpload.next(uploadLayerParts).next(lastByteSent);
  }

  /** Names the cause, and fails the execution with it. */
  private diagnoseFailure(): IChainable {
    const execution = '$states.context.Execution';
    return this.task('DiagnoseFailure', {
      payload: `{% $merge([$states.input, {'executionArn': ${execution}.Id, 'execution': ${execution}.Name, 'request': ${execution}.Input}]) %}`,
      outputs: RESULT,
    }).next(Fail.jsonata(this, 'Failed', { error: '{% $states.input.code %}', cause: '{% $string($states.input) %}' }));
  }

  private task(name: StepName, { payload, outputs }: { payload: string; outputs: string }): LambdaInvoke {
    const task = LambdaInvoke.jsonata(this, name, {
      lambdaFunction: this.functions[name],
      payload: TaskInput.fromText(payload),
      outputs,
      // Lambda ends a function at its own limit; this is for the answer that never comes.
      taskTimeout: Timeout.duration(Duration.minutes(16)),
      retryOnServiceExceptions: false,
    });
    for (const policy of RETRY_POLICIES) task.addRetry(policy);
    return task;
  }
}
