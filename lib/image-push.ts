import { Aws, type Duration, Names } from 'aws-cdk-lib';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  LogLevel,
  Map as MapState,
  ProvideItems,
  QueryLanguage,
  StateMachine,
  StateMachineType,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { functionSettings } from './function-settings';
import { type CompleteSurroundings, type Permission, type Surroundings, statementOf } from './permission';
import { PERMISSIONS } from './permissions';
import { READ_OWN_HISTORY } from './permitted-calls';
import { type PushFunctions, STEP_NAMES } from './push-functions';
import { pushImage } from './push-image';
import { failureOf, INPUT, RESULT, type StepTask, stepTasks } from './step-tasks';

export interface ImagePushProps {
  readonly functions: PushFunctions;
  readonly surroundings: Surroundings;
  /** Layers on their way to ECR at once. */
  readonly layerConcurrency: number;
  /** Longest that one push may take. */
  readonly timeout: Duration;
}

/** The workflow that pushes one tarball, top to bottom as in the README's picture. */
export class ImagePush extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { functions, surroundings, layerConcurrency, timeout }: ImagePushProps) {
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
      "{% {'plan': $states.input.plan, 'execution': $states.input.execution, 'executionArn': $states.context.Execution.Id, 'startedAt': $states.context.Execution.StartTime} %}",
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
    const role = new Role(this, 'StateMachineRole', {
      description: 'Slipway: ImagePush',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      queryLanguage: QueryLanguage.JSONATA,
      comment: 'Pushes the images of one tarball to Amazon ECR.',
      timeout,
      role,
      // Names and times of states; what goes in and out of them stays out of the log.
      logs: { destination: logOf(this), level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: functionSettings(this).tracing,
      definitionBody: DefinitionBody.fromChainable(
        inspectTarball.next(prepareRepositories).next(pushImages).next(writeReceipt).next(allPushed),
      ),
    });
    grantOwnHistory({ ...surroundings, stateMachine: this.stateMachine }, functions);
  }
}

/** Lets those steps that must know how much of the history is used up read it. */
function grantOwnHistory(surroundings: CompleteSurroundings, functions: PushFunctions): void {
  // Apart from the roles' other policies, which the state machine waits for and which cannot name it therefore.
  const policy = new Policy(surroundings.stateMachine, 'OwnHistory', {
    statements: statementOf(READ_OWN_HISTORY, surroundings),
  });
  for (const name of STEP_NAMES) {
    const permissions: readonly Permission[] = PERMISSIONS[name];
    const { role } = functions[name];
    if (role && permissions.includes(READ_OWN_HISTORY)) policy.attachToRole(role);
  }
}

/** Where the names and times of states are logged. */
function logOf(scope: Construct): LogGroup {
  const { logRetention, logRemovalPolicy, logKey } = functionSettings(scope);
  const name = Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' });
  return new LogGroup(scope, 'Log', {
    // Under this prefix the account's one policy for delivered logs does not grow with each group.
    logGroupName: `/aws/vendedlogs/states/${name}`,
    retention: logRetention,
    removalPolicy: logRemovalPolicy,
    ...(logKey && { encryptionKey: logKey }),
  });
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
