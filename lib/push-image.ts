import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Map as MapState,
  Pass,
  ProvideItems,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { LayersNotFound } from '../lambda/contract/errors';
import { nameOf } from './retry-policies';
import { failureOf, INPUT, INPUT_AND_EXECUTION, RESULT, type StepTask } from './step-tasks';
import { uploadLayers } from './upload-layers';

const ITEM = '{% $states.context.Map.Item.Value %}';

/** One image: its layers staged, looked for, verified and sent, then its manifests. A bad image is set aside. */
export function pushImage(scope: Construct, task: StepTask, layerConcurrency: number): IChainable {
  const stageLayers = MapState.jsonata(scope, 'StageLayers', {
    items: ProvideItems.jsonata('{% $states.input.plainLayers %}'),
    itemSelector: { plan: '{% $states.input.plan %}', image: '{% $states.input.image %}', index: ITEM },
    maxConcurrency: layerConcurrency,
    outputs: "{% $merge([$states.input, {'begun': $append([], $states.result.begun)}]) %}",
  }).itemProcessor(task('StageLayer', INPUT, RESULT));
  const findMissingLayers = task('FindMissingLayers', INPUT_AND_EXECUTION, RESULT);
  const verifyLayers = MapState.jsonata(scope, 'VerifyLayers', {
    items: ProvideItems.jsonata('{% $states.input.unverified %}'),
    itemSelector: { uploads: '{% $states.input.uploads %}', pack: ITEM },
    maxConcurrency: layerConcurrency,
    outputs: INPUT,
  }).itemProcessor(task('VerifyPack', INPUT, RESULT));
  const uploadMissing = MapState.jsonata(scope, 'UploadLayers', {
    items: ProvideItems.jsonata('{% $states.input.missing %}'),
    jsonataItemSelector:
      "{% $merge([$states.context.Map.Item.Value, {'uploads': $states.input.uploads, 'hold': $states.input.hold}]) %}",
    maxConcurrency: layerConcurrency,
    outputs:
      "{% $merge([$states.input, {'layers': $append($states.input.layers, $states.result.layers), 'missing': $append([], $states.result.left)}]) %}",
  }).itemProcessor(uploadLayers(scope, task));
  const putImage = task('PutImage', INPUT, RESULT);
  // What a pack lost goes round once more, each layer on its own; and what is held, to be completed when all is sent.
  const allUploaded = Choice.jsonata(scope, 'AllUploaded?')
    .when(
      Condition.jsonata('{% $count($states.input.missing) > $count($states.input.missing[allSent]) %}'),
      uploadMissing,
    )
    .when(Condition.jsonata('{% $count($states.input.missing) > 0 %}'), uploadMissing, {
      outputs: "{% $merge([$states.input, {'hold': false}]) %}",
    })
    .otherwise(putImage);

  // ECR may drop a layer that no image names yet: what is missing then is sent again, and counted.
  putImage.addCatch(findMissingLayers, { errors: [nameOf(LayersNotFound)], outputs: INPUT });
  const setAside = setImageAside(scope, task);
  for (const step of [stageLayers, findMissingLayers, verifyLayers, uploadMissing, putImage]) {
    step.addCatch(
      setAside,
      failureOf(step.id, { image: '{% $states.input.image %}', plan: '{% $states.input.plan %}' }),
    );
  }
  return stageLayers.next(findMissingLayers).next(verifyLayers).next(uploadMissing).next(allUploaded);
}

/** Diagnoses the image; the others go on, unless the failure would be theirs as well. */
function setImageAside(scope: Construct, task: StepTask): IChainable {
  const execution = '$states.context.Execution';
  return task(
    'DiagnoseImage',
    `{% $merge([$states.input, {'executionArn': ${execution}.Id, 'execution': ${execution}.Name, 'request': ${execution}.Input}]) %}`,
    RESULT,
  ).next(
    Choice.jsonata(scope, 'ImageAtFault?')
      .when(
        Condition.jsonata('{% $states.input.imageAtFault %}'),
        Pass.jsonata(scope, 'ImageFailed', { outputs: { image: '{% $states.input.image %}', pushed: false } }),
      )
      .otherwise(
        Fail.jsonata(scope, 'AllImagesAffected', {
          error: '{% $states.input.diagnosis.code %}',
          cause: '{% $string($states.input.diagnosis) %}',
        }),
      ),
  );
}
