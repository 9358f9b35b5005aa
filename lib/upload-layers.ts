import { Choice, Condition, type IChainable, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { INPUT, INPUT_AND_EXECUTION, RESULT, type StepTask } from './step-tasks';

const STAGED = "{% $merge([$states.input, {'from': $states.result.Payload.object}]) %}";

/**
 * A pack of small layers: one invocation. Any other layer, and one that a pack has lost: initiate, parts until the
 * last byte, complete; and again from byte 0 whenever ECR loses the upload, compressed once more where its bytes went to
 * ECR alone. While layers are held, each stops before it
 * is completed, and goes round once more.
 */
export function uploadLayers(scope: Construct, task: StepTask): IChainable {
  const uploadSmallLayers = task('UploadSmallLayers', INPUT, RESULT);
  const initiateLayerUpload = task('InitiateLayerUpload', INPUT, RESULT);
  const uploadLayerParts = task('UploadLayerParts', INPUT, RESULT);
  const completeLayerUpload = task('CompleteLayerUpload', INPUT, RESULT);
  const checkLayerAvailability = task('CheckLayerAvailability', INPUT, RESULT);
  const restageLayer = task('RestageLayer', '{% $states.input.toStage %}', STAGED);
  const restartLayerUpload = task('RestartLayerUpload', INPUT_AND_EXECUTION, RESULT);
  const spaceOutRestarts = Wait.jsonata(scope, 'SpaceOutRestarts', {
    time: WaitTime.seconds('{% $states.input.waitSeconds %}'),
  });
  const layerStaged = Choice.jsonata(scope, 'LayerStaged?')
    .when(Condition.jsonata('{% $exists($states.input.toStage) %}'), restageLayer)
    .otherwise(initiateLayerUpload);
  const layerDone = Pass.jsonata(scope, 'LayerDone', {
    outputs: {
      layers: [
        {
          index: '{% $states.input.index %}',
          bytesSent: '{% $states.input.bytesSent %}',
          restarts: '{% $states.input.restarts %}',
        },
      ],
    },
  });
  const layerHeld = Pass.jsonata(scope, 'LayerHeld', {
    outputs: {
      left: [
        {
          index: '{% $states.input.index %}',
          bytesSent: '{% $states.input.bytesSent %}',
          restarts: '{% $states.input.restarts %}',
          upload: '{% $states.input.upload %}',
          allSent: true,
        },
      ],
    },
  });
  const layerAvailable = Choice.jsonata(scope, 'LayerAvailable?')
    .when(Condition.jsonata('{% $states.input.available %}'), layerDone)
    .otherwise(restartLayerUpload.next(spaceOutRestarts).next(layerStaged));
  const lastByteSent = Choice.jsonata(scope, 'LastByteSent?')
    .when(Condition.jsonata('{% $exists($states.input.lost) %}'), checkLayerAvailability.next(layerAvailable))
    .when(Condition.jsonata('{% $states.input.allSent and $states.input.hold %}'), layerHeld)
    .when(Condition.jsonata('{% $states.input.allSent %}'), completeLayerUpload.next(layerAvailable))
    .otherwise(uploadLayerParts);
  restageLayer.next(initiateLayerUpload);
  initiateLayerUpload.next(uploadLayerParts).next(lastByteSent);
  return Choice.jsonata(scope, 'UploadBegun?')
    .when(Condition.jsonata('{% $exists($states.input.pack) %}'), uploadSmallLayers)
    .when(Condition.jsonata('{% $exists($states.input.lost) %}'), restartLayerUpload)
    .when(Condition.jsonata('{% $exists($states.input.upload) %}'), lastByteSent)
    .when(Condition.jsonata('{% $exists($states.input.toStage) %}'), restageLayer)
    .otherwise(initiateLayerUpload);
}
