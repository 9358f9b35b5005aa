import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  type ExecutionStatus,
  type HistoryEvent,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';
import type { Diagnosis, WriteReceiptOutput } from '../../lambda/contract/steps';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import { historyOf } from '../executions/history';
import { subjectOf } from '../executions/named-execution';
import { toPushEvents } from '../follow/follow-push';
import { type LayerProgress, PushLayers } from '../follow/layer-progress';
import { STEPS } from '../follow/steps';
import { outcomeOf, readUploadPlan } from '../push-tarball';

/** A push in the list of pushes. */
export interface ListedPush {
  readonly name: string;
  readonly status: string;
  readonly started: string;
  readonly seconds: number;
}

/** One state of the workflow, as far as this push went. */
interface StateView {
  readonly name: string;
  readonly does: string;
  /** How often it was entered and left. */
  readonly entered: number;
  readonly left: number;
}

/** All that the page shows of one push. */
export interface PushView extends ListedPush {
  /** `s3://bucket/key`. */
  readonly subject: string;
  readonly states: readonly StateView[];
  /** Of the image that is pushed now, or was pushed last. */
  readonly layers: readonly LayerProgress[];
  readonly receipt?: WriteReceiptOutput;
  readonly diagnosis?: Diagnosis;
}

const LISTED = 50;

/** The last pushes, newest first. */
export async function listPushes({ sfn }: Aws, { stateMachineArn }: Deployed): Promise<ListedPush[]> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: LISTED }));
  return executions.map(listed);
}

/** One push; `PENDING` before its execution has begun. */
export async function viewPush(aws: Aws, { stateMachineArn }: Deployed, name: string): Promise<PushView> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const found = await aws.sfn.send(new DescribeExecutionCommand({ executionArn })).catch((error: Error) => {
    if (error.name !== 'ExecutionDoesNotExist') throw error;
    return undefined;
  });
  if (!found)
    return { ...listed({ name, status: 'PENDING' as ExecutionStatus }), subject: '', states: statesOf([]), layers: [] };
  const events = await historyOf(aws, executionArn);
  const layers = new PushLayers((pointer) => readUploadPlan(aws, pointer));
  for (const event of events.flatMap((one) => [...toPushEvents(one)])) {
    if (event.kind !== 'ended') await layers.take(event);
  }
  const subject = subjectOf(found.input);
  return { ...listed(found), subject, states: statesOf(events), layers: layers.all, ...outcome(found, subject) };
}

type Described = Pick<DescribeExecutionOutput, 'name' | 'status' | 'startDate' | 'stopDate'>;

function listed({ name = '', status = 'RUNNING', startDate = new Date(), stopDate }: Partial<Described>): ListedPush {
  const seconds = ((stopDate ?? new Date()).getTime() - startDate.getTime()) / 1000;
  return { name, status, started: startDate.toISOString(), seconds };
}

function statesOf(events: readonly HistoryEvent[]): StateView[] {
  const entered = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  const left = events.flatMap(({ stateExitedEventDetails }) => stateExitedEventDetails?.name ?? []);
  const count = (names: readonly string[], name: string) => names.filter((one) => one === name).length;
  return Object.entries(STEPS).map(([name, does]) => ({
    name,
    does,
    entered: count(entered, name),
    left: count(left, name),
  }));
}

function outcome(
  found: DescribeExecutionOutput,
  subject: string,
): { receipt?: WriteReceiptOutput; diagnosis?: Diagnosis } {
  if (found.status === undefined || found.status === 'RUNNING' || found.status === 'PENDING_REDRIVE') return {};
  const { executionArn = '', status, output, error = '', cause = '' } = found;
  const ended = outcomeOf(
    { status, output: output === undefined ? undefined : JSON.parse(output), error, cause },
    executionArn,
    subject,
  );
  return ended.kind === 'pushed' ? { receipt: ended.receipt } : { diagnosis: ended.diagnosis };
}
