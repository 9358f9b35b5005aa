import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  Map as MapState,
  ProvideItems,
  QueryLanguage,
  StateMachine,
  StateMachineType,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { PushFunctions } from './push-functions';
import { pushImage } from './push-image';
import { failureOf, INPUT, RESULT, type StepTask, stepTasks } from './step-tasks';

export interface ImagePushProps {
  readonly functions: PushFunctions;
  /** Layers on their way to ECR at once. */
  readonly layerConcurrency: number;
}

/** The workflow that pushes one tarball, top to bottom as in the README's picture. */
export class ImagePush extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { functions, layerConcurrency }: ImagePushProps) {
    super(scope, id);
    const task = stepTasks(this, functions);

    const inspectTarball = task(
      'InspectTarball',
      "{% {'request': $states.input, 'execution': $states.context.Execution.Name} %}",
      RESULT,
    );
    const prepareRepositories = task('PrepareRepositories', INPUT, INPUT);
    const pushImages = MapState.jsonata(this, 'PushImages', {
      items: ProvideItems.jsonata('{% $states.input.images %}'),
      itemSelector: {
        execution: '{% $states.input.execution %}',
        plan: '{% $states.input.plan %}',
        image: '{% $states.context.Map.Item.Value.image %}',
        plainLayers: '{% $states.context.Map.Item.Value.plainLayers %}',
      },
      // One after another: what an image shares with an earlier one is in the registry by then.
      maxConcurrency: 1,
      outputs: INPUT,
    }).itemProcessor(pushImage(this, task, layerConcurrency));
    const writeReceipt = task(
      'WriteReceipt',
      "{% {'plan': $states.input.plan, 'execution': $states.input.execution, 'executionArn': $states.context.Execution.Id} %}",
      RESULT,
    );
    const failed = Fail.jsonata(this, 'Failed', {
      error: '{% $states.input.code %}',
      cause: '{% $string($states.input) %}',
    });
    const allPushed = Choice.jsonata(this, 'AllPushed?')
      .when(Condition.jsonata("{% $states.input.result = 'SUCCEEDED' %}"), Succeed.jsonata(this, 'Succeeded'))
      .when(Condition.jsonata('{% true %}'), failed, { outputs: '{% $states.input.diagnosis %}' });

    const diagnosed = diagnoseFailure(task).next(failed);
    for (const step of [inspectTarball, prepareRepositories, pushImages, writeReceipt]) {
      step.addCatch(diagnosed, failureOf(step.id));
    }
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      queryLanguage: QueryLanguage.JSONATA,
      comment: 'Pushes the images of one tarball to Amazon ECR.',
      timeout: Duration.days(2),
      definitionBody: DefinitionBody.fromChainable(
        inspectTarball.next(prepareRepositories).next(pushImages).next(writeReceipt).next(allPushed),
      ),
    });
    allowOwnHistory(this.stateMachine, functions);
  }
}

/** Lets those steps that must know how much of the history is used up read it. */
function allowOwnHistory(stateMachine: StateMachine, functions: PushFunctions): void {
  const { stateMachineName } = stateMachine;
  const executions = Stack.of(stateMachine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  // Apart from the roles' other policies, which the state machine waits for and which cannot name it therefore.
  const policy = new Policy(stateMachine, 'OwnHistory', {
    statements: [new PolicyStatement({ actions: ['states:GetExecutionHistory'], resources: [executions] })],
  });
  for (const name of ['FindMissingLayers', 'RestartLayerUpload'] as const) {
    if (functions[name].role) policy.attachToRole(functions[name].role);
  }
}

/** Names the cause of a failure that concerns the whole tarball. */
function diagnoseFailure(task: StepTask) {
  const execution = '$states.context.Execution';
  return task(
    'DiagnoseFailure',
    `{% $merge([$states.input, {'executionArn': ${execution}.Id, 'execution': ${execution}.Name, 'request': ${execution}.Input}]) %}`,
    RESULT,
  );
}
